import { existsSync, readFileSync } from "node:fs";
import { type Resource, UNKNOWN } from "../../policies/resource";
import type { Level } from "../../policies/rule";
import type { Step } from "../../policies/updates/step";
import { isMap, listOf } from "../../policies/value";

/** One finding of the policy pack, as the engine told of it. */
export interface PolicyEvent {
  policyName: string;
  message: string;
  enforcementLevel: Exclude<Level, "disabled">;
  resourceUrn?: string;
}

/** What a run of the engine would do, and what its policy packs said. */
export interface Told {
  steps: Step[];
  policies: PolicyEvent[];
  /** Whether the engine came to the end of its run, well or not. */
  isWhole: boolean;
}

interface State {
  type: string;
  urn: string;
  parent?: string;
  protect?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  provider?: string;
}

interface Metadata {
  op: string;
  urn: string;
  old?: State;
  new?: State;
}

interface EngineEvent {
  policyEvent?: PolicyEvent;
  resourcePreEvent?: { metadata: Metadata };
  resOutputsEvent?: { metadata: Metadata };
  summaryEvent?: unknown;
}

/** How the engine writes a value that is known after the update only. */
const WIRE_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Reads the engine's own log of a run (`--event-log`). The log is whole when the run has ended: nothing follows it live. */
export function readEvents(path: string): Told {
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
  const events = lines.map((line) => JSON.parse(line) as EngineEvent);
  const steps = new Map<string, Step>();
  for (const { resourcePreEvent, resOutputsEvent } of events) {
    const metadata = resOutputsEvent?.metadata ?? resourcePreEvent?.metadata;
    if (metadata) steps.set(`${metadata.urn} ${metadata.op}`, stepOf(metadata));
  }
  return {
    steps: [...steps.values()],
    policies: events.flatMap(({ policyEvent }) => policyEvent ?? []),
    isWhole: events.some(({ summaryEvent }) => summaryEvent !== undefined),
  };
}

const stepOf = ({ op, old, new: next }: Metadata): Step => ({
  op,
  ...(old ? { before: resourceOf(old) } : {}),
  ...(next ? { after: resourceOf(next) } : {}),
});

/** What joins resources is not in these events: rules over them go by parents, types and names. */
const resourceOf = ({ urn, type, parent, protect = false, inputs, outputs }: State): Resource => ({
  ...{ urn, type, name: urn.split("::").at(-1) ?? urn, protect, from: {}, ignoreChanges: [] },
  ...(parent ? { parent } : {}),
  props: plain({ ...inputs, ...outputs }) as Record<string, unknown>,
});

function plain(value: unknown): unknown {
  if (value === WIRE_UNKNOWN) return UNKNOWN;
  if (Array.isArray(value)) return listOf(value).map(plain);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
