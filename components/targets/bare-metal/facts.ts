import { z } from "zod";

const number = z.coerce.number();
const optional = z.string().optional();

/** What a host told of itself, of the things that an operator asks about afterwards. Sizes in powers of 1024. */
const factsSchema = z.object({
  os: z.string(),
  kernel: z.string(),
  cpu: optional,
  cores: number,
  memory_gb: number,
  ecc: z.enum(["yes", "no", "unknown"]),
  filesystem: optional,
  room_gb: number,
  /** One thread's speed: MB/s of `gzip -9`. */
  gzip_mb_per_s: number,
});

type Facts = z.output<typeof factsSchema>;

/** Reads what `FACTS_SCRIPT` printed. Of a fact with several values the first. Throws where it is not such a text. */
export function parseFacts(text: string): Facts {
  const lines = text.split("\n").flatMap((line): [string, string][] => {
    const [name, value] = line.split("\t");
    return name === undefined || value === undefined || value === "" ? [] : [[name, value]];
  });
  return factsSchema.parse(Object.fromEntries(lines.reverse()));
}

/** A machine in a line: `AMD EPYC 9354P, 64 cores, 377 GB with ECC, debian-12 (6.1.0-40), 7200 GB on ext4 at /data`. */
export const machineText = (facts: Facts): string =>
  [
    facts.cpu ?? "unknown processor",
    `${facts.cores} cores (gzip ${facts.gzip_mb_per_s} MB/s on one)`,
    `${Math.round(facts.memory_gb)} GB${{ yes: " with ECC", no: " without ECC", unknown: "" }[facts.ecc]}`,
    `${facts.os} (${facts.kernel})`,
    `${Math.round(facts.room_gb)} GB${facts.filesystem === undefined ? "" : ` on ${facts.filesystem}`}`,
  ].join(", ");
