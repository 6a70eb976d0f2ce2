import { z } from "zod";

export const preflightCheckSchema = z.object({
  /** A fact (`memory_gb`), a port (`tcp/8888`), `mirror`, `peers`, `room for artifacts`. */
  name: z.string(),
  /** `refused`: nothing is changed before it is put right, or overruled. */
  verdict: z.enum(["ok", "warning", "refused"]),
  found: z.string(),
  needed: z.string().exactOptional(),
  /** What is wrong and the way out. Absent where nothing is. */
  detail: z.string().exactOptional(),
});
export type PreflightCheck = z.infer<typeof preflightCheckSchema>;

export const preflightSchema = z.object({
  time: z.string(),
  /** The worst of its checks. */
  verdict: z.enum(["ok", "warning", "refused"]),
  checks: z.array(preflightCheckSchema),
  /** What the host is: `cpu`, `memory_gb`, `gzip_mb_per_s` (a thread's speed, MB/s of gzip -9), `disk`, `kernel` … */
  facts: z.record(z.string(), z.string()),
});
/** What the host was, looked at before a run changed anything. */
export type Preflight = z.infer<typeof preflightSchema>;
