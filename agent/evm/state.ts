import { z } from "zod";
import { readState, writeState } from "../disk";
import type { System } from "../system";
import { EVM_STATE } from "./layout";

const fault = z.enum(["ship", "history", "fork", "database", "genesis", "crash"]);
const step = z.enum(["start", "other-source", "restore", "rebuild", "stop"]);
const position = z.strictObject({ num: z.number(), id: z.string() });

const schema = z.strictObject({
  /** Since when it waits for a source, runs, or has given up. */
  phase: z.enum(["waiting", "running", "stopped", "ended"]),
  since: z.string(),
  /** What it waits for, or why it gave up and what to do. */
  detail: z.string(),
  source: z
    .strictObject({ name: z.string(), ship: z.string(), http: z.string(), isLocal: z.boolean() })
    .exactOptional(),
  rpc: z.string().exactOptional(),
  /** The genesis that the database was born with; all that is compared before a start. */
  genesis: z.record(z.string(), z.string()).exactOptional(),
  nativeChainId: z.string().exactOptional(),
  /** Set by an orderly stop, until the next start: the native head then. The database may be copied. */
  clean: position.exactOptional(),
  tries: z.array(z.strictObject({ fault, step, copy: z.string().exactOptional() })),
  /** Ever since this host was made. */
  starts: z.number(),
  /** By step. */
  recoveries: z.record(z.string(), z.number()),
  lastFault: z.strictObject({ fault, time: z.string() }).exactOptional(),
  copyTime: z.string().exactOptional(),
});

export type SupervisorState = z.infer<typeof schema>;

export const FIRST: SupervisorState = {
  phase: "waiting",
  since: new Date(0).toISOString(),
  detail: "",
  tries: [],
  starts: 0,
  recoveries: {},
};

/** `FIRST` before the first start. */
export const readSupervisor = (system: System): Promise<SupervisorState> =>
  readState(system, EVM_STATE, (value) => schema.parse(value), FIRST);

export const writeSupervisor = (system: System, state: SupervisorState): Promise<void> =>
  writeState(system, EVM_STATE, state);
