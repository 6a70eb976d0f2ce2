import type * as pulumi from "@pulumi/pulumi";

/** How a host was found at the end of its last change, as it said itself. */
export interface Verified {
  /** The worst of its checks. */
  verdict: string;
  time: string;
  /** By name: `services`, `chain`, `peers`, `memory`, `disk`, `network`. */
  checks: Record<string, string>;
}

/** What a host tells of its last change. */
export interface Told {
  /** sha256 of the host document that it runs. */
  bundle: pulumi.Output<string>;
  /** Absent where it said nothing: before the first change under this version. */
  verification: pulumi.Output<Verified | undefined>;
}

/** Reads it from the output of a command that ended with `nodewright-host wait`. */
export const toldBy = (
  command: { id: pulumi.Output<string>; stdout: pulumi.Output<string> },
  bundle: string,
): Told => ({
  bundle: command.id.apply(() => bundle),
  verification: command.stdout.apply(parseVerified),
});

/** The last line of the form `verified ok 2026-11-22T02:00:00Z: services ok, disk warning`. */
export function parseVerified(text: string | undefined): Verified | undefined {
  const [, verdict, time, checks] = [...(text ?? "").matchAll(/^verified (\w+) (\S+): (.*)$/gm)].at(-1) ?? [];
  if (verdict === undefined || time === undefined || checks === undefined) return undefined;
  const pairs = checks.split(", ").map((each) => each.split(" "));
  return {
    verdict,
    time,
    checks: Object.fromEntries(pairs.flatMap(([name, word]) => (name && word ? [[name, word]] : []))),
  };
}
