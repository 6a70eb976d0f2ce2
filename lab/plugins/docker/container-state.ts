import type { ContainerInspectInfo } from "dockerode";
import { compact, type Properties } from "../value";
import type { ContainerInputs } from "./container-schema";

const MB = 1024 * 1024;

/** The outputs of a container: what the daemon decided. */
export function containerOutputs(found: ContainerInspectInfo): Properties {
  const networkDatas = Object.entries(found.NetworkSettings.Networks).map(([networkName, network]) => ({
    networkName,
    ipAddress: network.IPAddress,
    ipPrefixLength: network.IPPrefixLen,
    gateway: network.Gateway,
    globalIpv6Address: network.GlobalIPv6Address,
    globalIpv6PrefixLength: network.GlobalIPv6PrefixLen,
    ipv6Gateway: network.IPv6Gateway,
    macAddress: network.MacAddress,
  }));
  return { networkDatas };
}

/**
 * Inputs that are no longer as stated, with what is there instead. Only what a living container can change is looked
 * at: everything else is fixed with its id, so that what was given is what is there. Its networks are left out on
 * purpose: a test that cuts a host off for a minute must not end in the host's replacement.
 */
export function containerDrift(inputs: Partial<ContainerInputs>, found: ContainerInspectInfo): Properties {
  const host = found.HostConfig;
  const seen: readonly Seen[] = [
    { key: "restart", value: host.RestartPolicy?.Name || "no", initial: "no" },
    { key: "maxRetryCount", value: host.RestartPolicy?.MaximumRetryCount ?? 0, initial: 0 },
    { key: "memory", value: (host.Memory ?? 0) / MB, initial: 0 },
    { key: "memoryReservation", value: (host.MemoryReservation ?? 0) / MB, initial: 0 },
    { key: "cpuShares", value: host.CpuShares ?? 0, initial: 0 },
    { key: "cpuSet", value: host.CpusetCpus ?? "", initial: "" },
  ];
  const cpus = (host.NanoCpus ?? 0) / 1e9;
  const swap = host.MemorySwap === -1 ? -1 : (host.MemorySwap ?? 0) / MB;
  return compact<Properties>({
    ...Object.fromEntries(seen.filter((one) => differs(inputs, one)).map(({ key, value }) => [key, value])),
    cpus: cpus === Number(inputs.cpus ?? 0) ? undefined : String(cpus),
    // Left open, the daemon sets twice the memory: only a stated one can drift.
    memorySwap: inputs.memorySwap === undefined || inputs.memorySwap === swap ? undefined : swap,
    // The official provider says it the same way: the next update sees the change and starts the container.
    mustRun: inputs.mustRun === false || inputs.start === false || isUp(found) ? undefined : false,
  });
}

interface Seen {
  readonly key: keyof ContainerInputs;
  readonly value: string | number;
  /** What a container has when nothing was asked for. */
  readonly initial: string | number;
}

function differs(inputs: Partial<ContainerInputs>, { key, value, initial }: Seen): boolean {
  return (inputs[key] ?? initial) !== value;
}

/** A container that its restart policy is bringing back counts as running. */
export function isUp(found: ContainerInspectInfo): boolean {
  return found.State.Running || found.State.Restarting;
}
