import { ANYONE, isPublicAddress } from "../addresses";
import type { Disk, Opening, Way } from "../graph";
import type { Resource, Stack } from "../resource";
import { mapsOf, numberOf, textOf, textsOf } from "../value";
import type { BareMachine, Cloud } from "./cloud";

/** Hosts as containers: nobody reaches them but the Docker machine itself, and whoever that lets in by a published port. */
export const docker: Cloud = {
  name: "docker",
  machines: (stack) => stack.of("docker:index/container:Container").map((each) => machineOf(stack, each)),
};

function machineOf(stack: Stack, resource: Resource): BareMachine {
  const { props } = resource;
  const labels = mapsOf(props.labels).flatMap(({ label, value }) =>
    textOf(label) === undefined ? [] : [[textOf(label) ?? "", textOf(value) ?? ""] as const],
  );
  const tags = Object.fromEntries(labels);
  const image = textOf(props.image);
  const ports = mapsOf(props.ports).flatMap((port) => published(resource, port));
  return {
    ...{ resource, cloud: "docker", count: 1, isPool: false, zones: [], tags, hasCloudFirewall: true },
    ...{ hostTag: tags["nodewright.host"], roleTag: tags["nodewright.role"] },
    // What it is born with lies in it as files; the secret ones among them are meant to be there.
    userData: [
      ...textsOf(props.envs),
      ...mapsOf(props.uploads).flatMap(({ file, content }) =>
        (textOf(file) ?? "").startsWith("/var/lib/cloud/") ? (textOf(content) ?? []) : [],
      ),
    ],
    // A change of it reaches a container only when that is made anew, which is what a tag must not decide.
    ...(image === undefined ? {} : { image: { name: image, frozen: false } }),
    disks: volumes(stack, resource),
    openings: ports.map(({ opening }) => opening),
    ways: ports.map(({ way }) => way),
  };
}

const volumes = (stack: Stack, container: Resource): Disk[] =>
  stack
    .linked(container, "volumes")
    .filter(({ type }) => type === "docker:index/volume:Volume")
    .map((resource) => ({ resource, ownedByMachine: false }));

/** Without an address Docker publishes on every one of its machine, past that machine's own firewall. */
function published(by: Resource, port: Readonly<Record<string, unknown>>): { opening: Opening; way: Way }[] {
  const ip = textOf(port.ip) ?? "0.0.0.0";
  const internal = numberOf(port.internal);
  if (internal === undefined || !(ip === "0.0.0.0" || ip === "::" || isPublicAddress(ip))) return [];
  const protocol = port.protocol === "udp" ? "udp" : "tcp";
  const sources = ip.includes(":") ? [ANYONE[1]] : [ANYONE[0]];
  const through = `the port that Docker publishes on ${ip}`;
  return [
    {
      opening: { protocol, from: internal, to: internal, sources, layer: "cloud", by },
      way: { through, family: ip.includes(":") ? 6 : 4, sources, ports: [internal], by },
    },
  ];
}
