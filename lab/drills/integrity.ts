import type { SampleLab } from "./sample-lab";

/** Asks often and slowly enough that two nodes are heard at a block in common, whichever is behind. */
const LOOKS = 30;
const SCRIPT = `for each in $(seq ${LOOKS}); do
  curl -s -X POST "$1/v1/producer/get_integrity_hash" || true
  echo
  sleep 0.2
done`;

export interface Integrity {
  block: number;
  hash: string;
}

/**
 * The hash over the whole state of two nodes at the same block. Throws where they differ, or were never heard at one block:
 * call it again then. Each node is asked on its own loopback.
 */
export async function sameIntegrity(
  lab: SampleLab,
  one: { host: string; api: string },
  other: { host: string; api: string },
): Promise<Integrity> {
  const [own, its] = await Promise.all([one, other].map((node) => hashes(lab, node)));
  for (const [id, hash] of own ?? []) {
    const compared = its?.get(id);
    if (compared === undefined) continue;
    const block = Number.parseInt(id.slice(0, 8), 16);
    if (compared === hash) return { block, hash };
    throw new Error(`at block ${block} ${one.host} has the state ${hash}, and ${other.host} ${compared}`);
  }
  throw new Error(`${one.host} and ${other.host} were never heard at the same block`);
}

async function hashes(
  lab: SampleLab,
  { host, api }: { host: string; api: string },
): Promise<Map<string, string>> {
  const out = await lab.inHost(host, "sh", "-c", SCRIPT, "sh", api);
  return new Map(
    out
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as { head_block_id?: string; integrity_hash?: string })
      .flatMap(({ head_block_id: id, integrity_hash: hash }) => (id && hash ? [[id, hash] as const] : [])),
  );
}
