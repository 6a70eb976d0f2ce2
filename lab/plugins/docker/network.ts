import type Docker from "dockerode";
import type { NetworkCreateOptions, NetworkInspectInfo } from "dockerode";
import { z } from "zod";
import { type Resource, resource } from "../resource";
import { compact, type Properties } from "../value";
import { overlappingNetworks } from "./conflicts";
import { DockerProblem, daemonMessage, unlessGone } from "./daemon";
import { isOwn, labelsList, labelsRecord, labelsSchema } from "./labels";

const ipamConfigSchema = z.strictObject({
  subnet: z.union([z.cidrv4(), z.cidrv6()], "not an IPv4 or IPv6 network such as 10.9.0.0/24"),
  gateway: z.string().optional(),
  ipRange: z.string().optional(),
  auxAddress: z.record(z.string(), z.string()).optional(),
});

const schema = z.strictObject({
  // The daemon refuses a name of one character.
  name: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/, "two or more letters, digits, or _ . -"),
  driver: z.string().optional(),
  internal: z.boolean().optional(),
  attachable: z.boolean().optional(),
  ipv6: z.boolean().optional(),
  ipamDriver: z.string().optional(),
  ipamOptions: z.record(z.string(), z.string()).optional(),
  ipamConfigs: z.array(ipamConfigSchema).optional(),
  options: z.record(z.string(), z.string()).optional(),
  labels: labelsSchema.optional(),
});

type NetworkInputs = z.infer<typeof schema>;

/** `docker:index/network:Network`. A network cannot change while it lives: every change replaces it. */
export function networkResource(docker: Docker): Resource {
  return resource<NetworkInputs>({
    schema,
    computed: { scope: [] },
    autoname: true,
    unordered: ["labels", "ipamConfigs"],
    inPlace: () => false,
    // Two networks cannot hold the same subnet, whatever their names.
    exclusive: (inputs) => (inputs.ipamConfigs ?? []).length > 0,
    create: async ({ signal }, inputs) => {
      const options = networkOptions(inputs);
      const id =
        (await leftover(docker, options)) ?? (await create(docker, { ...options, abortSignal: signal }));
      return { id, outputs: outputsOf(await docker.getNetwork(id).inspect()) };
    },
    read: async (_call, id, inputs) => {
      const found: NetworkInspectInfo | undefined = await unlessGone(docker.getNetwork(id).inspect());
      return found && { inputs: inputs ? {} : inputsOf(found), outputs: outputsOf(found) };
    },
    update: async () => ({}),
    delete: async (_call, id) => remove(docker, id),
  });
}

/** What the daemon is asked to create; pure. */
export function networkOptions(inputs: NetworkInputs): NetworkCreateOptions {
  const configs = inputs.ipamConfigs?.map((config) =>
    compact({
      Subnet: config.subnet,
      Gateway: config.gateway,
      IPRange: config.ipRange,
      AuxiliaryAddresses: config.auxAddress,
    }),
  );
  return {
    Name: inputs.name,
    CheckDuplicate: true,
    Driver: inputs.driver ?? "bridge",
    Internal: inputs.internal ?? false,
    Attachable: inputs.attachable ?? false,
    EnableIPv6: inputs.ipv6 ?? false,
    IPAM: compact({ Driver: inputs.ipamDriver ?? "default", Options: inputs.ipamOptions, Config: configs }),
    Options: inputs.options ?? {},
    Labels: labelsRecord(inputs.labels),
  };
}

async function create(docker: Docker, options: NetworkCreateOptions): Promise<string> {
  try {
    return (await docker.createNetwork(options)).id;
  } catch (error) {
    if (!/overlap/i.test(daemonMessage(error))) throw error;
    const subnets = (options.IPAM?.Config ?? []).flatMap((config) => config.Subnet ?? []);
    const others = overlappingNetworks(subnets, await docker.listNetworks());
    const taken =
      others.length > 0 ? `network ${others.join(", ")}` : "a route of this machine or another network";
    throw new DockerProblem(
      `network "${options.Name}": its subnet ${subnets.join(", ")} overlaps with ${taken}; choose another subnet or remove that one`,
    );
  }
}

/** The id of the network that an interrupted run left; an error when the name belongs to something else. */
async function leftover(docker: Docker, options: NetworkCreateOptions): Promise<string | undefined> {
  const named = await docker.listNetworks({ filters: { name: [options.Name] } });
  const found = named.find((network) => network.Name === options.Name);
  if (!found) return undefined;
  if (!isOwn(options.Labels ?? {}, found.Labels)) {
    throw new DockerProblem(
      `network "${options.Name}" exists already and does not carry this resource's labels: remove it (docker network rm ${options.Name}), or choose another name`,
    );
  }
  if (!isSame(options, found)) {
    throw new DockerProblem(
      `network "${options.Name}" was left by an earlier run with other settings: remove it (docker network rm ${options.Name}) and run again`,
    );
  }
  return found.Id;
}

function isSame(wanted: NetworkCreateOptions, found: NetworkInspectInfo): boolean {
  const flags = (["Driver", "Internal", "Attachable", "EnableIPv6"] as const).every(
    (key) => wanted[key] === found[key],
  );
  const options = Object.entries(wanted.Options ?? {}).every(
    ([key, value]) => found.Options?.[key] === value,
  );
  // The daemon fills in what was left open (gateways, a subnet): only what was asked for is compared.
  const ranges = (wanted.IPAM?.Config ?? []).every((config) =>
    found.IPAM?.Config?.some(
      (other) =>
        config.Subnet === other.Subnet &&
        (!config.Gateway || config.Gateway === other.Gateway) &&
        (!config.IPRange || config.IPRange === other.IPRange),
    ),
  );
  return flags && options && ranges;
}

function outputsOf(found: NetworkInspectInfo): Properties {
  return { scope: found.Scope };
}

function inputsOf(found: NetworkInspectInfo): Properties {
  const configs = found.IPAM?.Config?.map((config) =>
    compact({ subnet: config.Subnet, gateway: config.Gateway, ipRange: config.IPRange }),
  );
  return {
    name: found.Name,
    driver: found.Driver,
    internal: found.Internal,
    ipv6: found.EnableIPv6,
    ipamConfigs: configs ?? [],
    options: found.Options ?? {},
    labels: labelsList(found.Labels),
  };
}

async function remove(docker: Docker, id: string): Promise<void> {
  try {
    await unlessGone(docker.getNetwork(id).remove());
  } catch (error) {
    const found: NetworkInspectInfo | undefined = await unlessGone(docker.getNetwork(id).inspect());
    const users = Object.values(found?.Containers ?? {}).map((container) => container.Name);
    if (!found || users.length === 0) throw error;
    throw new DockerProblem(
      `network "${found.Name}" is still used by ${users.join(", ")}: remove or disconnect them, then run again`,
    );
  }
}
