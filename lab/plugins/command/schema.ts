import { z } from "zod";

const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a name of letters, digits and _");

const shared = {
  create: z.string().optional(),
  update: z.string().optional(),
  delete: z.string().optional(),
  environment: z.record(name, z.string()).optional(),
  stdin: z.string().optional(),
  triggers: z.array(z.unknown()).optional(),
  logging: z.enum(["stdout", "stderr", "stdoutAndStderr", "none"]).optional(),
  addPreviousOutputInEnv: z.boolean().optional(),
};

/** What local and remote commands have in common. */
const commandSchema = z.strictObject(shared);
export type CommandInputs = z.infer<typeof commandSchema>;

/** `command:local:Command`. */
export const localSchema = z.strictObject({
  ...shared,
  dir: z.string().optional(),
  interpreter: z.array(z.string()).min(1).optional(),
});
export type LocalInputs = z.infer<typeof localSchema>;

/** How to reach a host; the defaults are those of the official provider. */
const hopSchema = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65535).default(22),
  user: z.string().min(1).default("root"),
  privateKey: z.string().optional(),
  privateKeyPassword: z.string().optional(),
  password: z.string().optional(),
  agentSocketPath: z.string().optional(),
  /** The only host key that is accepted, as in a `.pub` file. Without it every key is. */
  hostKey: z.string().optional(),
  /** Failed dials that are allowed; -1: without end. */
  dialErrorLimit: z.int().min(-1).default(10),
  /** Seconds for one dial; 0: without end. */
  perDialTimeout: z.number().min(0).default(15),
});

/** A host, and the one that its connection goes through. */
export const connectionSchema = hopSchema.extend({ proxy: hopSchema.optional() });
export type Connection = z.infer<typeof connectionSchema>;

/** `command:remote:Command`. */
export const remoteSchema = z.strictObject({ ...shared, connection: connectionSchema });
export type RemoteInputs = z.infer<typeof remoteSchema>;
