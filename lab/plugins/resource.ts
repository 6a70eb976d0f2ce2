import type { z } from "zod";
import type { Autoname } from "./autoname";
import type { Problem } from "./check";
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

/** A resource's inputs before and after, as the engine keeps them (secrets marked, made names noted). */
export interface Revision {
  readonly olds: Properties;
  readonly news: Properties;
}

/** Everything that a resource type is; served for the engine by `serveProvider`. */
export interface ResourceSpec<Inputs> {
  /** Strict: what it does not name is refused, never ignored. */
  readonly schema: z.ZodType<Inputs>;
  /** Outputs that only the daemon or the run decides, each with the inputs whose secret it could repeat. */
  readonly computed: Readonly<Record<string, readonly string[]>>;
  /** Mistakes that the schema cannot tell. It sees values that are not known yet, and must not complain of them. */
  readonly check?: (inputs: Properties) => readonly Problem[];
  /** Why a property that the schema does not name is refused. Default: that our plugin does not support it. */
  readonly unsupported?: string;
  /** Whether a living resource can take this change; the others replace it. */
  readonly inPlace: (change: Change, revision?: Revision) => boolean;
  /** Lists without a meaning in their order. */
  readonly unordered?: readonly string[];
  /** Set: the name may be left out and is then made from the logical name and a few random digits. True: `name`. */
  readonly autoname?: boolean | Autoname;
  /**
   * True when the new resource cannot live beside the old one. A `name` that the author chose always counts, unless
   * `ownNames` says that this type's names are not told by `name`.
   */
  readonly exclusive?: (inputs: Inputs, revision?: Revision) => boolean;
  /** Set: whether a chosen name stands in the way of a replacement is `exclusive`'s alone to say. */
  readonly ownNames?: boolean;
  /**
   * Whether an update computes the outputs anew, so that a preview cannot know them: all of them, or the named ones.
   * Default: it does not.
   */
  readonly recomputes?: (changes: readonly Change[]) => boolean | readonly string[];
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
  readonly exclusive: (inputs: Properties, revision?: Revision) => boolean;
  readonly create: (call: Call, inputs: Properties) => Promise<Created>;
  readonly update: (call: Call, id: string, inputs: Properties, update: Update) => Promise<Properties>;
};

/** Makes a resource of its spec: its inputs are parsed by its own schema before each use. */
export function resource<Inputs>(spec: ResourceSpec<Inputs>): Resource {
  return {
    ...spec,
    exclusive: (inputs, revision) => {
      const parsed = spec.schema.safeParse(inputs);
      return parsed.success && (spec.exclusive?.(parsed.data, revision) ?? false);
    },
    create: (call, inputs) => spec.create(call, spec.schema.parse(inputs)),
    update: (call, id, inputs, update) => spec.update(call, id, spec.schema.parse(inputs), update),
  };
}
