/** Policies as a library: the rules, the graph that they read, and what a team needs to write its own. */
export { buildGraph } from "./build-graph";
export type { Cloud } from "./clouds/cloud";
export type { Bucket, Disk, DnsName, Graph, Intent, Machine, Opening, Way } from "./graph";
export { intentOf } from "./intent";
export { type Excepted, type Judged, judge, type Verdict } from "./judge";
export { type Path, pathsTo } from "./reach";
export { type Resource, type Stack, UNKNOWN } from "./resource";
export { type Level, type Rule, type RuleText, type Violation, violation } from "./rule";
export { rules } from "./rules";
export { type Exception, type Settings, settingsFor } from "./settings";
export { updateRules } from "./updates";
export type { Step, UpdateRule } from "./updates/step";
