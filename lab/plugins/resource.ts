import type { z } from "zod";
import type { Change } from "./diff";
import type { Properties } from "./value";

/** What one request may use beside its inputs. */
export interface Call {
  readonly urn: string;
  /** Aborted when the engine cancels: whoever waits must end and leave nothing half done. */
  readonly signal: AbortSignal;
  /** Shows a line to the operator below this resource. Secrets of the resource are hidden in it. */
  readonly log: (severity: "info" | "warning", message: string) => void;
}

interface Created {
  readonly id: string;
  readonly outputs: Properties;
}

/** What a refresh saw: input properties that are not as stated (undefined: no longer there), and the outputs. */
interface Observed {
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** Everything that a resource type is; served for the engine by `serveProvider`. */
export interface ResourceSpec<Inputs> {
  /** Strict: what it does not name is refused, never ignored. */
  readonly schema: z.ZodType<Inputs>;
  /** Outputs that only the daemon or the run decides, each with the inputs whose secret it could repeat. */
  readonly computed: Readonly<Record<string, readonly string[]>>;
  /** Whether a living resource can take this change; the others replace it. */
  readonly inPlace: (change: Change) => boolean;
  /** Lists without a meaning in their order. */
  readonly unordered?: readonly string[];
  /** Set: `name` may be left out and is then made from the logical name and a few random digits. */
  readonly autoname?: boolean;
  /** True when the new resource cannot live beside the old one; a `name` that the author chose always counts. */
  readonly exclusive?: (inputs: Inputs) => boolean;
  /** Whether an update computes the outputs anew, so that a preview cannot know them. Default: it does not. */
  readonly recomputes?: (changes: readonly Change[]) => boolean;
  readonly create: (call: Call, inputs: Inputs) => Promise<Created>;
  /** `inputs` is undefined for an import by id. Answers undefined when the resource is gone. */
  readonly read: (call: Call, id: string, inputs: Properties | undefined) => Promise<Observed | undefined>;
  /** Answers the outputs that are new; `state` is the whole old state, `changes` what differs. */
  readonly update: (call: Call, id: string, inputs: Inputs, update: Update) => Promise<Properties>;
  /** A resource that is gone already is a success. `state` may be old: read it leniently. */
  readonly delete: (call: Call, id: string, state: Properties) => Promise<void>;
}

export interface Update {
  readonly state: Properties;
  readonly changes: readonly Change[];
}

/** {@link ResourceSpec} with its inputs' type hidden, so that different ones fit into one record. */
export type Resource = Omit<ResourceSpec<never>, "schema" | "create" | "update" | "exclusive"> & {
  readonly schema: z.ZodType;
  readonly exclusive: (inputs: Properties) => boolean;
  readonly create: (call: Call, inputs: Properties) => Promise<Created>;
  readonly update: (call: Call, id: string, inputs: Properties, update: Update) => Promise<Properties>;
};

/** Makes a resource of its spec: its inputs are parsed by its own schema before each use. */
export function resource<Inputs>(spec: ResourceSpec<Inputs>): Resource {
  return {
    ...spec,
    exclusive: (inputs) => {
      const parsed = spec.schema.safeParse(inputs);
      return parsed.success && (spec.exclusive?.(parsed.data) ?? false);
    },
    create: (call, inputs) => spec.create(call, spec.schema.parse(inputs)),
    update: (call, id, inputs, update) => spec.update(call, id, spec.schema.parse(inputs), update),
  };
}
