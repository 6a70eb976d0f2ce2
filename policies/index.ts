/** Policies as a library: what a team needs to write rules of its own. */
export type { Bucket, Disk, DnsName, Graph, Intent, Machine, Opening, Way } from "./graph";
export { type Path, pathsTo } from "./reach";
export { type Resource, type Stack, UNKNOWN } from "./resource";
export { type Level, type Rule, type RuleText, type Violation, violation } from "./rule";
export { rules } from "./rules";
