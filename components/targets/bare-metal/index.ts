import { clusterName } from "../../core/naming";
import { plannedAddress } from "../../core/network/address-ref";
import type { HostPlan } from "../../core/plan/plan";
import type { Provisioner } from "../provisioner";
import type { HostNeeds, Placed, Target } from "../target";
import { checkBareMetal } from "./check";
import { type BareMetalConfig, bareMetalConfig } from "./config";

/** Machines that are there already, reached by SSH. */
export const bareMetal: Target<typeof bareMetalConfig> = {
  name: "bare-metal",
  summary: "machines of your own, over SSH",
  config: bareMetalConfig,
  traits: {
    // There is no user data: the host document goes over SSH, of any size.
    userDataBytes: Number.MAX_SAFE_INTEGER,
    firewall: false,
    ownKernel: true,
    floors: true,
    scaling: false,
    names: "hosts",
    storesBundles: false,
    keepsLogins: true,
  },
  where: ({ hosts }) => {
    const zones = [...new Set(Object.values(hosts).flatMap(({ zone }) => zone ?? []))];
    return zones.length === 0 ? "machines over SSH" : `machines over SSH (${zones.join(", ")})`;
  },
  zones: ({ cluster: { ipv4, ipv6 }, admins }) => ({
    cluster: [ipv4, ...(ipv6 === undefined ? [] : [ipv6])],
    admin: admins,
    probes: [],
  }),
  mirror: ({ mirror }) => mirror,
  place,
  sharedCost: () => [],
  prices: { source: "what the stack file says of its machines", date: "your contracts" },
  check: checkBareMetal,
  endpoint,
  load: loadEngineCode,
};

/** By `require`: Pulumi compiles programs with settings of its own, under which `import()` does not find TypeScript. */
function loadEngineCode(): Provisioner {
  return (require("./provision") as typeof import("./provision")).provisionBareMetal;
}

/** What the machine has is not known before it is asked: its facts are compared with the floor before any change. */
function place({ hosts }: BareMetalConfig, { stack, host, role, wishes }: HostNeeds): Placed {
  const given = hosts[host];
  const entry = `target.bare-metal.hosts.${host}`;
  if (!given) {
    const others = Object.keys(hosts).join(", ");
    return {
      problem: `"${host}" has no machine: write ${entry}. Machines are written for: ${others || "none"}`,
    };
  }
  if (wishes.machine !== undefined)
    return {
      key: "machine",
      problem: `bare metal sells no machine types: the machine is the one in ${entry}`,
    };
  const { machine, monthly, zone, addresses } = given;
  if (role.named && !addresses.public)
    return { problem: `a ${role.name} is reached by the world: write ${entry}.addresses.public` };
  return {
    placement: {
      addresses: { public: addresses.public ?? "none", cluster: addresses.cluster },
      clusterName: clusterName(stack, host),
      machine,
      ...(zone === undefined ? {} : { zone }),
      cost: monthly === undefined ? [] : [{ what: machine, monthly }],
    },
  };
}

function endpoint(_: BareMetalConfig, { listeners, addresses }: HostPlan, name: string): string | undefined {
  const listener = listeners.find((each) => each.name === name);
  const address = plannedAddress(addresses.public);
  return name === "rpc" && listener?.exposure === "public" && address
    ? `http://${address.ipv4}:${listener.port}`
    : undefined;
}
