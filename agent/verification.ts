import type { HostDocument } from "../cloud-init/document";
import { sizeDifference } from "./data-disk";
import { readText } from "./disk";
import { type DiskStatus, diskStatuses, readSamples } from "./disks";
import { namedPeers, nameOf, peersOf, wantedPeers } from "./peers/list";
import { safetyChecks } from "./safety";
import type { ServiceStatus } from "./status";
import type { System } from "./system";

/** `warning`: may come right by itself or has time; `failed`: is wrong and stays so. */
export type Verdict = "ok" | "warning" | "failed";

export interface Check {
  name: "services" | "chain" | "peers" | "memory" | "disk" | "network" | "safety";
  verdict: Verdict;
  /** One line for people, with the remedy where there is one. */
  detail: string;
}

/** Whether the host does what it is for: services up, chain reached, peers found, memory, disk, network. */
export interface Verification {
  time: string;
  /** The worst of its checks. */
  verdict: Verdict;
  checks: Check[];
  disks: DiskStatus[];
  memory?: { availableBytes: number; totalBytes: number };
}

const LEAST_MEMORY = 0.05;
const LOW_DISK = 0.1;
const FULL_DISK = 0.01;
const SOON_MS = 14 * 86_400_000;
const LOOKUP_SECONDS = "3";
/** Of getent: no such name; of timeout: no answer in time. A host without these programs is not blamed. */
const NOT_FOUND = [2, 124];

const worst = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.includes("failed") ? "failed" : verdicts.includes("warning") ? "warning" : "ok";

/** Looks at everything, once. Needs no privilege; asks loopback, the name service and the kernel. */
export async function verifyHost(
  system: System,
  document: HostDocument,
  services: readonly ServiceStatus[],
  samples = readSamples(system),
): Promise<Verification> {
  const disks = await diskStatuses(system, await samples);
  const memory = await memoryOf(system);
  const checks = [
    ...services.map(serviceCheck),
    ...chainChecks(document, services),
    ...peerChecks(document, services),
    ...(memory ? [memoryCheck(memory)] : []),
    ...disks.map((disk) => diskCheck(disk, system.now().getTime())),
    ...(await sizeChecks(system, document)),
    ...(await networkChecks(system, document)),
    ...(await safetyChecks(system, document.role)),
  ];
  return {
    time: system.now().toISOString(),
    verdict: worst(checks.map(({ verdict }) => verdict)),
    checks,
    disks,
    ...(memory ? { memory } : {}),
  };
}

function serviceCheck({ unit, state, detail, healthy, active, waitingFor }: ServiceStatus): Check {
  const hasFailed = healthy && state.startsWith("failed");
  const verdict = hasFailed
    ? "warning"
    : healthy
      ? "ok"
      : active || waitingFor.length > 0
        ? "warning"
        : "failed";
  return { name: "services", verdict, detail: `${unit}: ${[state, detail].filter(Boolean).join(", ")}` };
}

function chainChecks({ units }: HostDocument, services: readonly ServiceStatus[]): Check[] {
  return units.flatMap(({ name, health }): Check[] => {
    const service = services.find(({ unit }) => unit === name);
    if (health?.kind !== "nodeos" || !service?.active) return [];
    const { chainId, detail, healthy } = service;
    if (chainId !== undefined && health.chainId !== undefined && chainId !== health.chainId)
      return [
        {
          name: "chain",
          verdict: "failed",
          detail: `${name} is on chain ${chainId}, the document wants ${health.chainId}; its data folder is another network's: give it an empty one, or correct the stack's network`,
        },
      ];
    return [{ name: "chain", verdict: healthy ? "ok" : "warning", detail: `${name}: ${detail}` }];
  });
}

function peerChecks(document: HostDocument, services: readonly ServiceStatus[]): Check[] {
  const list = peersOf(document);
  if (!list || wantedPeers(list) === 0) return [];
  return document.units.flatMap(({ name, health }): Check[] => {
    const service = services.find(({ unit }) => unit === name);
    if (health?.kind !== "nodeos" || !service?.active) return [];
    const { peers = 0 } = service;
    const detail = `${name}: ${peers} connected, ${wantedPeers(list)} wanted`;
    return [{ name: "peers", verdict: peers === 0 ? "warning" : "ok", detail }];
  });
}

async function memoryOf(system: System): Promise<Verification["memory"]> {
  const text = (await readText(system, "/proc/meminfo")) ?? "";
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)?.[1]) * 1024;
  const [availableBytes, totalBytes] = [bytes("MemAvailable"), bytes("MemTotal")];
  return Number.isNaN(availableBytes + totalBytes) ? undefined : { availableBytes, totalBytes };
}

const gib = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

function memoryCheck({ availableBytes, totalBytes }: NonNullable<Verification["memory"]>): Check {
  const verdict = availableBytes < totalBytes * LEAST_MEMORY ? "warning" : "ok";
  return { name: "memory", verdict, detail: `${gib(availableBytes)} of ${gib(totalBytes)} available` };
}

function diskCheck({ path, freeBytes, totalBytes, fullAt }: DiskStatus, now: number): Check {
  const isSoon = fullAt !== undefined && Date.parse(fullAt) - now < SOON_MS;
  const verdict =
    freeBytes < totalBytes * FULL_DISK
      ? "failed"
      : isSoon || freeBytes < totalBytes * LOW_DISK
        ? "warning"
        : "ok";
  const forecast = fullAt === undefined ? "" : `, full on ${fullAt.slice(0, 10)} as it fills now`;
  return {
    name: "disk",
    verdict,
    detail: `${path}: ${gib(freeBytes)} of ${gib(totalBytes)} free${forecast}`,
  };
}

async function sizeChecks(system: System, document: HostDocument): Promise<Check[]> {
  const difference = await sizeDifference(system, document);
  return difference === undefined ? [] : [{ name: "disk", verdict: "warning", detail: difference }];
}

/** Whether the mirror and the peers have addresses: what a wrong resolver or a missing zone shows first. */
async function networkChecks(system: System, document: HostDocument): Promise<Check[]> {
  const { protocol, host } = new URL(document.mirror);
  const peers = peersOf(document);
  const names = [
    ...(protocol === "file:" ? [] : [nameOf(/:\d+$/.test(host) ? host : `${host}:0`)]),
    ...(peers ? [...namedPeers(peers), ...peers.dnsSeeds].map(nameOf) : []),
  ];
  const wanted = [...new Set(names.flatMap((name) => name ?? []))];
  if (wanted.length === 0) return [];
  const unknown = (
    await Promise.all(wanted.map(async (name) => ((await resolves(system, name)) ? [] : [name])))
  ).flat();
  return [
    unknown.length === 0
      ? { name: "network", verdict: "ok", detail: `${wanted.length} names resolve` }
      : {
          name: "network",
          verdict: "warning",
          detail: `no address for ${unknown.join(", ")}; is the resolver up (/etc/resolv.conf) and the name in its zone?`,
        },
  ];
}

/** By the host's own name service, hosts file and all. */
async function resolves(system: System, name: string): Promise<boolean> {
  const { code } = await system.run(["timeout", LOOKUP_SECONDS, "getent", "ahosts", name]);
  return !NOT_FOUND.includes(code);
}
