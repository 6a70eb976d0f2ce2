import { z } from "zod";
import { DEFAULT_TIMING } from "./timing";

const seconds = (what: string, fallback: number) =>
  z.number().positive().optional().describe(`Seconds: ${what}. Default ${fallback}.`);

const whole = (what: string, fallback: number) =>
  z.number().int().min(1).optional().describe(`${what}. Default ${fallback}.`);

const timing = z.strictObject({
  leaseSeconds: whole("Seconds: the holder's lease in etcd", DEFAULT_TIMING.leaseSeconds),
  renewSeconds: seconds("between two renewals", DEFAULT_TIMING.renewSeconds),
  fenceSeconds: seconds(
    "without an answered renewal, until the holder pauses by itself",
    DEFAULT_TIMING.fenceSeconds,
  ),
  stopSeconds: seconds(
    "without a sign of the agent, until its guard has ended nodeos",
    DEFAULT_TIMING.stopSeconds,
  ),
  ageSeconds: z
    .number()
    .min(1)
    .optional()
    .describe(
      `Seconds: frozen for longer, nodeos signs nothing once it is thawed; it counts whole ones. Default ${DEFAULT_TIMING.ageSeconds}.`,
    ),
  earlySeconds: z
    .number()
    .min(0)
    .optional()
    .describe(
      `Seconds: how long before its slot nodeos signs a block, at most. Default ${DEFAULT_TIMING.earlySeconds}.`,
    ),
  drift: z
    .number()
    .min(0)
    .max(0.5)
    .optional()
    .describe(
      `How far the clocks of two hosts run apart, as a share of the time. Default ${DEFAULT_TIMING.drift}.`,
    ),
  holdDownSeconds: seconds(
    "between two moves of production that no operator asked for",
    DEFAULT_TIMING.holdDownSeconds,
  ),
  noPeersSeconds: seconds("without a peer, until a host stops validating", DEFAULT_TIMING.noPeersSeconds),
  missedSlots: whole(
    "Own slots in a row without a block, until the holder gives up",
    DEFAULT_TIMING.missedSlots,
  ),
});

/** `failover` of a group of validators: how its hosts take turns, or why they do not. */
export const failoverConfig = z
  .strictObject({
    none: z
      .string()
      .min(10, "says too little: write why one host will do, for whoever reads the plan")
      .optional()
      .describe("Why there is one host and no standby. Nothing else stands beside it."),
    witnesses: z
      .array(z.string())
      .optional()
      .describe(
        "Hosts of the stack that run a member of etcd beside the validators: 3 or 5 in all. Default: chosen from monitors, backups, archives and seeds, each in a failure domain of its own.",
      ),
    domains: z
      .record(z.string(), z.string().min(1))
      .optional()
      .describe(
        "Host → failure domain, where the target does not say it: a rack, a site. Default: the host's zone.",
      ),
    primary: z
      .string()
      .optional()
      .describe("Host that produces where nothing else was decided. Default the first of the group."),
    minimumPeers: z
      .number()
      .int()
      .min(0)
      .default(1)
      .describe("Peers that a standby must have before it may take over. Default 1."),
    diskFloorPercent: z
      .number()
      .min(1)
      .max(50)
      .default(11)
      .describe(
        "Percent of the data disk that must be free, or the host gives up production. Default 11: nodeos stops at 10.",
      ),
    timing: timing.optional().describe("Times of the protocol; the plan refuses what is not safe."),
  })
  .refine(
    ({ none, witnesses, domains, primary, timing: times }) =>
      none === undefined || [witnesses, domains, primary, times].every((each) => each === undefined),
    "says `none`, and more: leave one of them out",
  );

export type FailoverConfig = z.output<typeof failoverConfig>;
