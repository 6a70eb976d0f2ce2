import { z } from "zod";

/** What the plan says of the failover that a validator takes part in; its agent reads it (unit `nodewright-failover`). */
export const FAILOVER_SETTINGS = "/etc/nodewright/failover.json";

/** The unit of the agent's failover, and of its user: who may read its credentials. */
export const FAILOVER_UNIT = "nodewright-failover";

/** Where a group keeps what its hosts agree on, in etcd: `holder`, `watermark`, `order`, `hosts/<name>`, `history/…`. */
export const failoverPrefix = (stack: string, group: string): string =>
  `/nodewright/failover/${stack}/${group}/`;

const seconds = z.number().positive();

/**
 * Times of the protocol, in seconds. Safe where fence + stop + age + early ≤ lease × (1 − drift); the plan refuses less
 * (`timing.ts` says what each is, docs/decisions/2026-11-22-failover-fence.md why).
 */
export const timingSchema = z.strictObject({
  /** TTL of the holder's lease in etcd, whole seconds. */
  leaseSeconds: z.int().positive(),
  /** Between two renewals. */
  renewSeconds: seconds,
  /** After so long on the holder's monotonic clock since it sent the last renewal that was answered, it pauses nodeos. */
  fenceSeconds: seconds,
  /** Within so long the guard outside the agent ends nodeos, once the agent is no longer heard. */
  stopSeconds: seconds,
  /** A nodeos that was frozen for longer than this signs nothing once thawed: its own chain is too old. */
  ageSeconds: seconds,
  /** nodeos signs a block up to so long before its slot. */
  earlySeconds: z.number().min(0),
  /** How far the clocks of two hosts may run apart, as a share of the time that goes by: 0.01 is 1 %. */
  drift: z.number().min(0).max(0.5),
  /** Between two moves of production, unless an operator asks for one. */
  holdDownSeconds: seconds,
  /** A validator with no peer for so long stops validating. */
  noPeersSeconds: seconds,
  /** So many of its own slots in a row without a block of its own, and the holder gives up. */
  missedSlots: z.int().min(1),
});

/** Seconds, but for `drift` (a share) and `missedSlots` (slots). */
export type FailoverTiming = z.infer<typeof timingSchema>;

/** The settings file of one validator. The same on every host of the group but for `host`. */
export const failoverSchema = z.strictObject({
  stack: z.string(),
  /** Key of the group in the stack file. */
  group: z.string(),
  /** Account that the chain's schedule names. */
  producer: z.string(),
  /** Which of `hosts` this is. */
  host: z.string(),
  /** Every host that may produce, in the stack file's order: its public signing key, and its failure domain. */
  hosts: z.array(z.strictObject({ name: z.string(), key: z.string(), domain: z.string() })).min(2),
  /** The host that produces where nothing else was decided. */
  primary: z.string(),
  etcd: z.strictObject({
    /** Every member, this host's own first where it runs one: https://name:2379. */
    endpoints: z.array(z.url({ protocol: /^https$/ })).min(3),
    /** PEM files: whom to trust, and who this is. Certificate and key may lie in one file, as `tls-identity` does. */
    ca: z.string(),
    certificate: z.string(),
    key: z.string(),
  }),
  timing: timingSchema,
  nodeos: z.strictObject({
    /** Producer and net APIs, and the chain API, on loopback. */
    api: z.url(),
    chain: z.url(),
    /**
     * `max-irreversible-block-age` that nodeos starts with: `ageSeconds`, whole. The holder keeps it at the age that the last
     * irreversible block has now + `ageSeconds`, rounded down (`/v1/producer/update_runtime_options`), with each renewal, and
     * within half a second where finality came nearer: so it holds on a chain of any finality, and one that stood still goes
     * on. Only a host that is frozen in just that half second may sign late.
     */
    maxIrreversibleAgeSeconds: z.int().positive(),
  }),
  /** Ports of the peers that nodeos connects to: the gate in the kernel closes them when the holder is no longer heard. */
  gatePorts: z.array(z.int()).exactOptional(),
  /** Absent on a chain that is born with the stack: then that of whoever holds counts. */
  chainId: z.string().exactOptional(),
  /** Percent of the data disk that must be free, or the host gives up production. */
  diskFloorPercent: z.number().min(0).max(100),
  /** Peers that a standby must have before it may take over. */
  minimumPeers: z.int().min(0),
});

export type FailoverSettings = z.infer<typeof failoverSchema>;
