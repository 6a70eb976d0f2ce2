import type { Graph } from "./graph";
import type { Resource } from "./resource";

/** `mandatory` stops the update; `advisory` is told. */
export type Level = "mandatory" | "advisory" | "disabled";

/** One finding: what is wrong, at the resource that has to change. */
export interface Violation {
  resource: Pick<Resource, "urn" | "name">;
  /** What is wrong with it, in a sentence. Holds no secret. */
  message: string;
}

/** What people are told of a rule, wherever it runs. */
export interface RuleText {
  /** `producer-reachable`: its name in settings, reports and docs/policies.md. */
  id: string;
  level: Exclude<Level, "disabled">;
  /** What must hold, in a sentence. */
  title: string;
  /** What happens where it does not. */
  reason: string;
  remedy: string;
}

/** A rule over the whole of a stack. Pure: it may be run anywhere, on any graph. */
export interface Rule extends RuleText {
  check(graph: Graph): Violation[];
}

/** Where a rule is explained. */
export const linkOf = ({ id }: Pick<RuleText, "id">): string => `docs/policies.md#${id}`;

/** A finding at a resource. The message names no secret: it is printed. */
export const violation = (resource: Resource, message: string): Violation => ({ resource, message });
