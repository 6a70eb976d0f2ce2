import type { z } from "zod";
import type { Problem } from "../check";
import type { Properties } from "../value";
import type { World } from "./world";

/** What the cloud itself refuses, worded as its API does; shown to the operator as it is. */
export class CloudError extends Error {}

/**
 * A refusal that passes when something else is gone: the official providers try a deletion again for minutes
 * (DependencyViolation), so ours tries again for as long as something else still changes in the world.
 */
export class CloudBusy extends CloudError {}

/** How a type's resources are named and told apart. */
export interface NameRule {
  /** The input that carries the name: `name`, `bucket`, `keyName`. */
  readonly property: string;
  readonly pattern: RegExp;
  /** Longest name, in characters. A made name is cut to it. */
  readonly max: number;
  /** True: never made. Otherwise one that is left out is made of the logical name and seven hex digits. */
  readonly required?: boolean;
  /** Two resources of this type may share a name only in different scopes. Default: one scope for the whole world. */
  readonly scope?: (inputs: Properties, world: World) => string;
  /** False where the cloud takes one name twice (a Name tag, a droplet). Default: true. */
  readonly unique?: boolean;
  /** The cloud's own words for a name that is taken. Default: "NAME already exists". */
  readonly taken?: (name: string, inputs: Properties) => string;
}

/**
 * One resource type of a cloud. All functions get plain inputs: secrets unwrapped, null members dropped. Only `check`
 * sees values that are not known yet ({@link UNKNOWN} of value.ts; use `known` of known.ts and complain of nothing
 * that is not known).
 */
export interface CloudType {
  /** `aws:ec2/instance:Instance`: the SDK's file `ec2/instance.d.ts` and its `InstanceArgs` follow from it. */
  readonly token: string;
  /** Input paths, dots between keys, list indexes left out: `subnetId`, `rootBlockDevice.encrypted`. A change at or below one replaces. */
  readonly forceNew: readonly string[];
  /** Beyond `forceNew`, what replaces under a condition (`userData` with `userDataReplaceOnChange`); same path notation. */
  readonly forceNewWhen?: (path: string, inputs: Properties, before: Properties) => boolean;
  /** Inputs whose list order means nothing, as paths: `vpcSecurityGroupIds`. */
  readonly unordered?: readonly string[];
  /** Set: a replacement deletes the old one first (the cloud cannot hold both: an attachment of the same volume). */
  readonly deleteFirst?: boolean;
  readonly name?: NameRule;
  /** Mistakes beyond the SDK's types that need no world. */
  readonly check?: (inputs: Properties) => Problem[];
  /** Throws {@link CloudError} where the cloud would refuse to create it: references, conflicts, quotas of a parent. */
  readonly create?: (inputs: Properties, world: World) => void;
  /** Throws where the cloud would refuse the change. */
  readonly update?: (before: Properties, inputs: Properties, world: World) => void;
  /** Throws where the cloud would refuse the deletion: in use ({@link CloudBusy} where the provider tries again), protected. `state` is what the world holds of it. */
  readonly delete?: (id: string, state: Properties, world: World) => void;
  /** The new id; use `world.nextId("vol-")` for those that the cloud draws. */
  readonly id: (inputs: Properties, world: World) => string;
  /**
   * The computed outputs, called at create and at every update. At an update `world.get(token, id)` answers the entry
   * so far, so that what was assigned once (an address) can be kept.
   */
  readonly outputs: (id: string, inputs: Properties, world: World) => Properties;
  /** Names of all that `outputs` can answer: unknown in the preview of a create. */
  readonly computed: readonly string[];
  /** Those of `computed` that an update changes, so that its preview cannot know them: `latestVersion`. */
  readonly changing?: readonly string[];
  /** Computed ones that carry a secret, or repeat an input that can be one: `{ privateKey: true, content: ["content"] }`. */
  readonly secrets?: Readonly<Record<string, true | readonly string[]>>;
}

/** An invoke: plain arguments that passed the SDK's own types, to the result. Throws {@link CloudError}. */
export type CloudFunction = (args: Properties, world: World) => Properties;

/** A whole simulated cloud; `cloudProvider` makes a plugin of it. */
export interface Cloud {
  /** `aws`: the package `@pulumi/aws`. */
  readonly name: string;
  readonly version: string;
  readonly types: readonly CloudType[];
  /** By token: `aws:ec2/getAmi:getAmi`. */
  readonly functions: Readonly<Record<string, CloudFunction>>;
  /**
   * What the real provider refuses to start with (no credentials, no region), in its own words; [] when it starts.
   * `config` is the provider's typed configuration: JSON texts of it are parsed already.
   */
  readonly refuseConfig: (config: Properties, environment: NodeJS.ProcessEnv) => readonly string[];
  /** The cloud's own words when `world.limits` allow no further resource of the type. */
  readonly quotaExceeded: (token: string, limit: number) => string;
  /** Configuration as `world.config` shows it: environment variables and defaults filled in (region, project). */
  readonly settings: (config: Properties, environment: NodeJS.ProcessEnv) => Properties;
  /** Strict schema of the provider's configuration in place of the SDK's `ProviderArgs`. */
  readonly configSchema?: z.ZodType<Properties>;
}
