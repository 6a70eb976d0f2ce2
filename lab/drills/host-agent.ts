import type { Report } from "../../agent/report";
import type { HostStatus } from "../../agent/status";
import type { HostDocument } from "../../cloud-init/document";
import type { Run } from "./run";
import type { SampleLab } from "./sample-lab";

/** The launcher that a provisioned host has. */
export const AGENT = "/opt/nodewright/bin/nodewright-host";

/** The document that a host was last given. */
export const documentOf = async (lab: SampleLab, host: string): Promise<HostDocument> =>
  JSON.parse(await lab.inHost(host, "cat", "/etc/nodewright/bundle.json")) as HostDocument;

export interface Sending {
  /** Words before the agent's own: `env …`, `timeout …`. */
  before?: readonly string[];
  /** Further words of the agent. */
  flags?: readonly string[];
}

/** Sends a document as a change over SSH would: on the agent's standard input. */
export const send = (
  lab: SampleLab,
  host: string,
  document: HostDocument,
  { before = [], flags = [] }: Sending = {},
): Promise<Run> =>
  lab.feed(
    host,
    [...before, AGENT, "provision", "--json", ...flags, "--bundle", "-"],
    JSON.stringify(document),
  );

/** What an agent's run reported. Throws where it did not come to a good end. */
export function reportOf(what: string, { code, out, err }: Run): Report {
  const report = out.trim() === "" ? undefined : (JSON.parse(out) as Report);
  if (code === 0 && report?.result === "ok") return report;
  const failed = report?.steps.flatMap((step) => step.failed.map((each) => `${each.what}: ${each.reason}`));
  throw new Error(`${what} ended with ${code}: ${err}${(failed ?? [out]).join("\n")}`);
}

/** A host's own word on whether all of it is well, but for what waits for a secret. Throws what is not. */
export async function isWell(lab: SampleLab, host: string): Promise<boolean> {
  const { code, out, err } = await lab.tryInHost(host, AGENT, "status", "--json");
  if (code === 0) return true;
  if (out.trim() === "") throw new Error(err);
  const { services } = JSON.parse(out) as HostStatus;
  const sick = services.filter(({ healthy, waitingFor }) => !healthy && waitingFor.length === 0);
  if (sick.length === 0 && services.some(({ waitingFor }) => waitingFor.length > 0)) return true;
  throw new Error(sick.map(({ unit, state, detail }) => `${unit} is ${state} ${detail}`).join("; ") || out);
}
