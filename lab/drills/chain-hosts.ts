import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { knownAddress } from "../../components/core/network/address-ref";
import { chainInfo, loadChain, type NativeLoad } from "./native-load";
import { need } from "./run";
import type { SampleLab } from "./sample-lab";

const CONTROL = "http://127.0.0.1:8890";
const HOST_AGENT = "/opt/nodewright/bin/nodewright-host";

/** Chain API of a host, as its neighbours reach it. */
export const chainApi = (lab: SampleLab, host: string): string =>
  `http://${knownAddress(lab.host(host).addresses.cluster).ipv4}:8888`;

const head = z.looseObject({ head_block_num: z.number() });

/** Head of a host's chain; a validator answers itself alone. Throws while it does not. */
export async function headOf(lab: SampleLab, host: string): Promise<number> {
  if (lab.host(host).role !== "validator") return (await chainInfo(chainApi(lab, host))).head_block_num;
  const words = ["curl", "-fsS", "-m", "2", "http://127.0.0.1:8888/v1/chain/get_info"];
  return head.parse(JSON.parse(await lab.inHost(host, ...words))).head_block_num;
}

/** Transactions into the chain of a lab, through whichever of its hosts answers. */
export const loadLab = (lab: SampleLab): NativeLoad =>
  loadChain(
    lab.plan.hosts.filter(({ role }) => role !== "validator").map(({ name }) => chainApi(lab, name)),
    need(Object.values(lab.keys.signing)[0], "the signing key").private,
  );

/** Asks the producer, net or snapshot API of a host, from that host itself. */
export async function control(
  lab: SampleLab,
  host: string,
  call: string,
  body: object = {},
): Promise<unknown> {
  const words = [
    "curl",
    "-fsS",
    "-m",
    "60",
    "-X",
    "POST",
    "-d",
    JSON.stringify(body),
    `${CONTROL}/v1/${call}`,
  ];
  return JSON.parse(await lab.inHost(host, ...words));
}

const hash = z.looseObject({ head_block_id: z.string(), integrity_hash: z.string() });

/** Compares the integrity hashes of two hosts at one and the same block. Throws where they differ. */
export async function sameState(lab: SampleLab, host: string, peer: string): Promise<void> {
  const seen = [new Map<string, string>(), new Map<string, string>()];
  for (let attempt = 0; attempt < 200; attempt++) {
    await Promise.all(
      [host, peer].map(async (name, at) => {
        const answer = await control(lab, name, "producer/get_integrity_hash").catch(() => undefined);
        const { data } = hash.safeParse(answer);
        if (data) seen[at]?.set(data.head_block_id, data.integrity_hash);
      }),
    );
    const common = [...(seen[0] ?? [])].find(([id]) => seen[1]?.has(id));
    if (common) {
      const [id, own] = common;
      const other = seen[1]?.get(id);
      if (own === other) return;
      throw new Error(`${host} and ${peer} differ at block ${id}: ${own} and ${other}`);
    }
    await pause(100);
  }
  throw new Error(`${host} and ${peer} were never seen at the same block`);
}

const chainStatus = z.looseObject({
  dirtyStarts: z.number(),
  last: z
    .looseObject({ rung: z.string(), begun: z.string(), seconds: z.number(), cause: z.string() })
    .optional(),
  stopped: z.looseObject({ reason: z.string(), remedy: z.string() }).optional(),
  notes: z.array(z.looseObject({ what: z.string() })),
});
export type ChainStatus = z.infer<typeof chainStatus>;

/** What a host's status tells of its chain's recovery. */
export async function recoveryOf(lab: SampleLab, host: string): Promise<ChainStatus> {
  const { out } = await lab.tryInHost(host, HOST_AGENT, "status", "--json");
  return chainStatus.parse((JSON.parse(out) as { chain: unknown }).chain);
}

/** True once a host's chain is as far as a peer's. Throws while it does not answer. */
export async function inSync(lab: SampleLab, host: string, peer: string): Promise<boolean> {
  const [own, other] = await Promise.all([headOf(lab, host), headOf(lab, peer)]);
  return own >= other - 2;
}
