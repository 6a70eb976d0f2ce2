import type { ContainerCreateOptions, EndpointSettings, HostConfig, MountSettings } from "dockerode";
import { compact } from "../value";
import { healthConfig } from "./container-health";
import type { ContainerInputs } from "./container-schema";
import { labelsRecord } from "./labels";

const MB = 1024 * 1024;

/** Members of the daemon's API that the client's types lack. */
type FullHostConfig = HostConfig & {
  readonly CgroupnsMode?: string | undefined;
  readonly Init?: boolean | undefined;
};

/**
 * What the daemon is asked to create; pure. Only the first network is in it: daemons before version 25 take one at
 * creation, so the others are connected before the start ({@link furtherNetworks}).
 */
export function containerOptions(inputs: ContainerInputs): ContainerCreateOptions {
  const first = inputs.networksAdvanced?.[0];
  const ports = (inputs.ports ?? []).map((port) => [portKey(port), {}]);
  const anonymous = (inputs.volumes ?? []).filter((volume) => volume.containerPath && !sourceOf(volume));
  return compact<ContainerCreateOptions>({
    name: inputs.name,
    Image: inputs.image,
    Hostname: inputs.hostname,
    Domainname: inputs.domainname,
    Cmd: inputs.command,
    Entrypoint: inputs.entrypoints,
    User: inputs.user,
    WorkingDir: inputs.workingDir,
    Env: inputs.envs,
    Labels: labelsRecord(inputs.labels),
    Tty: inputs.tty,
    OpenStdin: inputs.stdinOpen,
    StopSignal: inputs.stopSignal,
    StopTimeout: inputs.stopTimeout,
    Healthcheck: inputs.healthcheck && healthConfig(inputs.healthcheck),
    ExposedPorts: Object.fromEntries(ports),
    Volumes: Object.fromEntries(anonymous.map((volume) => [volume.containerPath, {}])),
    HostConfig: compact<FullHostConfig>(hostConfig(inputs)),
    NetworkingConfig: first && { EndpointsConfig: { [first.name]: endpoint(first) } },
  });
}

/** The networks to connect between creation and start. */
export function furtherNetworks(inputs: ContainerInputs): { name: string; settings: EndpointSettings }[] {
  return (inputs.networksAdvanced ?? [])
    .slice(1)
    .map((network) => ({ name: network.name, settings: endpoint(network) }));
}

/** Limits and restart policy: what a living container can take over. Sizes in bytes. */
export function changeableOptions(inputs: ContainerInputs): HostConfig {
  const { memory, memorySwap } = inputs;
  return compact<HostConfig>({
    RestartPolicy: { Name: inputs.restart ?? "no", MaximumRetryCount: inputs.maxRetryCount ?? 0 },
    Memory: memory && memory * MB,
    MemoryReservation: inputs.memoryReservation && inputs.memoryReservation * MB,
    // Said outright, though it is the daemon's default: a raised limit would be refused for the old swap limit.
    MemorySwap:
      memorySwap === undefined ? memory && memory * 2 * MB : memorySwap === -1 ? -1 : memorySwap * MB,
    CpuShares: inputs.cpuShares,
    CpusetCpus: inputs.cpuSet,
    NanoCpus: inputs.cpus === undefined ? undefined : Math.round(Number(inputs.cpus) * 1e9),
  });
}

function hostConfig(inputs: ContainerInputs): FullHostConfig {
  return {
    ...changeableOptions(inputs),
    NetworkMode: inputs.networkMode ?? inputs.networksAdvanced?.[0]?.name,
    PortBindings: portBindings(inputs),
    ExtraHosts: inputs.hosts?.map(({ host, ip }) => `${host}:${ip}`),
    Dns: inputs.dns,
    DnsOptions: inputs.dnsOpts,
    DnsSearch: inputs.dnsSearches,
    Binds: binds(inputs),
    VolumesFrom: inputs.volumes?.flatMap(({ fromContainer, readOnly }) =>
      fromContainer ? [`${fromContainer}:${readOnly ? "ro" : "rw"}`] : [],
    ),
    Mounts: inputs.mounts?.map(mount),
    Tmpfs: inputs.tmpfs,
    ReadonlyRootfs: inputs.readOnly,
    ShmSize: inputs.shmSize && inputs.shmSize * MB,
    Privileged: inputs.privileged,
    CapAdd: inputs.capabilities?.adds,
    CapDrop: inputs.capabilities?.drops,
    GroupAdd: inputs.groupAdds,
    ...securityOptions(inputs.securityOpts ?? []),
    CgroupnsMode: inputs.cgroupnsMode,
    CgroupParent: inputs.cgroupParent,
    IpcMode: inputs.ipcMode,
    PidMode: inputs.pidMode,
    Runtime: inputs.runtime,
    Sysctls: inputs.sysctls,
    Ulimits: inputs.ulimits?.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    Init: inputs.init,
    LogConfig:
      inputs.logDriver || inputs.logOpts
        ? { Type: inputs.logDriver ?? "", Config: inputs.logOpts ?? {} }
        : undefined,
  };
}

/** `systempaths=unconfined` is a word of the docker command, not of the daemon: it empties two lists of paths. */
function securityOptions(
  options: readonly string[],
): Pick<HostConfig, "SecurityOpt" | "MaskedPaths" | "ReadonlyPaths"> {
  const forDaemon = options.filter((option) => option !== "systempaths=unconfined");
  const open = forDaemon.length < options.length ? { MaskedPaths: [], ReadonlyPaths: [] } : {};
  return { ...(forDaemon.length > 0 ? { SecurityOpt: forDaemon } : {}), ...open };
}

function endpoint(network: NonNullable<ContainerInputs["networksAdvanced"]>[number]): EndpointSettings {
  const addresses = compact<Record<string, string>>({
    IPv4Address: network.ipv4Address,
    IPv6Address: network.ipv6Address,
  });
  return {
    Aliases: network.aliases ?? [],
    ...(Object.keys(addresses).length > 0 ? { IPAMConfig: addresses } : {}),
  };
}

type Port = NonNullable<ContainerInputs["ports"]>[number];

function portKey(port: Port): string {
  return `${port.internal}/${port.protocol ?? "tcp"}`;
}

function portBindings(inputs: ContainerInputs): Record<string, { HostIp: string; HostPort: string }[]> {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of inputs.ports ?? []) {
    // The official provider's default as well; an empty address would open IPv6 too.
    const binding = { HostIp: port.ip ?? "0.0.0.0", HostPort: String(port.external) };
    bindings[portKey(port)] = [...(bindings[portKey(port)] ?? []), binding];
  }
  return bindings;
}

type Volume = NonNullable<ContainerInputs["volumes"]>[number];

function sourceOf(volume: Volume): string | undefined {
  return volume.hostPath ?? volume.volumeName;
}

function binds(inputs: ContainerInputs): string[] {
  return (inputs.volumes ?? []).flatMap((volume) => {
    const source = sourceOf(volume);
    if (!source || !volume.containerPath) return [];
    return [`${source}:${volume.containerPath}${volume.readOnly ? ":ro" : ""}`];
  });
}

function mount(given: NonNullable<ContainerInputs["mounts"]>[number]): MountSettings {
  const { bindOptions, tmpfsOptions } = given;
  const tmpfs = tmpfsOptions && { SizeBytes: tmpfsOptions.sizeBytes ?? 0, Mode: tmpfsOptions.mode ?? 0o1777 };
  return compact<MountSettings>({
    Type: given.type,
    Target: given.target,
    Source: given.source ?? "",
    ReadOnly: given.readOnly,
    BindOptions: bindOptions && { Propagation: bindOptions.propagation },
    TmpfsOptions: tmpfs,
  });
}
