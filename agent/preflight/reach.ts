import { connect } from "node:net";
import type { HostDocument } from "../../cloud-init/document";
import { inspect } from "../disk";
import { identityFor } from "../download";
import { DOWNLOADS } from "../layout";
import { namedPeers, peersOf } from "../peers/list";
import { missingArtifacts } from "../steps/artifacts";
import type { System } from "../system";
import type { PreflightCheck } from "./check";

const ATTEMPTS = 3;
const PAUSE_MS = 2_000;
const SILENCE_MS = 10_000;
const PEER_MS = 3_000;
/** An artifact lies there packed and unpacked at once: nodeos, the largest, takes 3.6 times what its wheel does. */
const UNPACKED = 4;

type Artifact = HostDocument["artifacts"][number];
/** `bytes` is unknown where the mirror does not say. */
type Answer = { artifact: Artifact } & ({ fault: string; isOut: boolean } | { bytes: number | undefined });

/** Whether the mirror has all that this host must fetch, before anything is changed for it; and whether there is room. */
export async function mirrorChecks(system: System, document: HostDocument): Promise<PreflightCheck[]> {
  const missing = await missingArtifacts(system, document);
  if (missing.length === 0)
    return [{ name: "mirror", verdict: "ok", found: "not needed: every artifact is on the host" }];
  const answers = await Promise.all(missing.map((artifact) => lookFor(system, document.mirror, artifact)));
  const faults = answers.flatMap((each) => ("fault" in each ? [each] : []));
  if (faults.length > 0) return [mirrorFault(document.mirror, faults)];
  const bytes = answers.reduce((sum, each) => sum + ("bytes" in each ? (each.bytes ?? 0) : 0), 0);
  return [
    { name: "mirror", verdict: "ok", found: `has the ${missing.length} artifacts that are missing here` },
    await roomCheck(system, bytes * UNPACKED),
  ];
}

type Fault = { artifact: Artifact; fault: string; isOut: boolean };

function mirrorFault(mirror: string, faults: readonly Fault[]): PreflightCheck {
  const found = [...new Set(faults.map(({ fault }) => fault))].join("; ");
  const names = faults.map(({ artifact: { name, version } }) => `${name} ${version}`).join(", ");
  const remedy = faults.some(({ isOut }) => isOut)
    ? "is the mirror up, and may this host reach it?"
    : "fill it (npm run mirror), or correct the release lock";
  return {
    name: "mirror",
    verdict: "refused",
    found,
    needed: names,
    detail: `${mirror} cannot give ${names} (${found}): ${remedy}`,
  };
}

async function lookFor(system: System, mirror: string, artifact: Artifact): Promise<Answer> {
  const url = `${mirror.replace(/\/+$/, "")}/${artifact.sha256}`;
  if (new URL(url).protocol === "file:") {
    const isThere = await inspect(system, decodeURIComponent(new URL(url).pathname));
    return { artifact, ...(isThere ? { bytes: undefined } : { fault: "it does not have it", isOut: false }) };
  }
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask(url);
    const isFinal = !("fault" in answer) || !answer.isOut || attempt === ATTEMPTS;
    if (isFinal) return { artifact, ...answer };
    await system.sleep(PAUSE_MS);
  }
}

async function ask(url: string): Promise<{ fault: string; isOut: boolean } | { bytes: number | undefined }> {
  const signal = AbortSignal.timeout(SILENCE_MS);
  try {
    const response = await fetch(url, { method: "HEAD", signal, headers: await identityFor(url, signal) });
    const { status } = response;
    // One that knows no HEAD is asked by the download itself.
    if (response.ok || status === 405 || status === 501) {
      const length = Number(response.headers.get("content-length") ?? Number.NaN);
      return { bytes: Number.isNaN(length) ? undefined : length };
    }
    return { fault: `it answers ${status}`, isOut: status >= 500 };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return {
      fault: `no answer: ${cause instanceof Error ? cause.message || String(cause) : cause}`,
      isOut: true,
    };
  }
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;

async function roomCheck(system: System, bytes: number): Promise<PreflightCheck> {
  const { freeBytes } = await system.space(await nearest(system, DOWNLOADS));
  const isEnough = freeBytes >= bytes;
  return {
    name: "room for artifacts",
    verdict: isEnough ? "ok" : "refused",
    found: megabytes(freeBytes),
    needed: megabytes(bytes),
    ...(isEnough
      ? {}
      : {
          detail: `${megabytes(freeBytes)} are free below /opt and /var/cache, and what is missing takes about ${megabytes(bytes)} while it is unpacked: free some, or enlarge the disk`,
        }),
  };
}

async function nearest(system: System, path: string): Promise<string> {
  const parent = path.slice(0, path.lastIndexOf("/")) || "/";
  return path === "/" || (await inspect(system, path)) ? path : nearest(system, parent);
}

/** Whether peers take connections. They may be born with this host, so none of it is a reason to wait. */
export async function peerChecks(document: HostDocument): Promise<PreflightCheck[]> {
  const list = peersOf(document);
  const peers = list ? namedPeers(list) : [];
  if (peers.length === 0) return [];
  const reached = await Promise.all(peers.map(connects));
  const out = peers.filter((_, index) => !reached[index]);
  const found = `${peers.length - out.length} of ${peers.length} take connections`;
  if (out.length < peers.length) return [{ name: "peers", verdict: "ok", found }];
  return [
    {
      name: "peers",
      verdict: "warning",
      found,
      detail: `none of ${peers.join(", ")} takes a connection: are they up, and does every firewall on the way let this host through?`,
    },
  ];
}

function connects(peer: string): Promise<boolean> {
  const [, host = "", port = ""] = /^\[?([^\]]+?)\]?:(\d+)(?::\w+)?$/.exec(peer) ?? [];
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: PEER_MS });
    const end = (isReached: boolean) => {
      socket.destroy();
      resolve(isReached);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
    // A name service that does not answer keeps a connection from even being tried.
    setTimeout(() => end(false), PEER_MS).unref();
  });
}
