/**
 * nodewright as a library: everything that a team builds on, by one entry. What is not exported here may change in any
 * release; what is here changes by semantic versions, and `library/api.md` shows each change.
 */

export type { HostDocument } from "../cloud-init/document";
export { documentFor } from "../cloud-init/document-for";
export { type Birth, emitBirth } from "../cloud-init/emit/user-data";
// From configuration to plan, from plan to bytes: pure.
export {
  error,
  type Finding,
  hasErrors,
  printFindings,
  UserError,
  warning,
} from "../components/core/config/finding";
export { type Parsed, parseConfig } from "../components/core/config/parse";
export { named, type Registry } from "../components/core/config/registry";
export type { StackConfig } from "../components/core/config/schema";
export { bytesOf, portSchema, type Size, sizeSchema } from "../components/core/config/units";
export type { CostLine } from "../components/core/hardware/cost";
// Parts of roles, services and targets.
export { FULL_NODE, type Hardware } from "../components/core/hardware/hardware";
export { clusterName, machineName, OPERATOR_KEY, secretName } from "../components/core/naming";
export {
  type Address,
  addressOf,
  type DualAddress,
  gatewayOf,
  type Subnet,
} from "../components/core/network/address";
export { type AddressRef, knownAddress, plannedAddress } from "../components/core/network/address-ref";
export type { FirewallRule, Zones } from "../components/core/network/firewall";
export { type Exposure, type Listener, tcp } from "../components/core/network/listener";
export type { ChainNetwork } from "../components/core/networks/network";
export { buildPlan } from "../components/core/plan/build-plan";
export { checkPlan } from "../components/core/plan/checks";
export { explain } from "../components/core/plan/explain";
export {
  type HostPlan,
  machinesOf,
  type Plan,
  type PlanInput,
  type PoolPlan,
} from "../components/core/plan/plan";
export type { Release } from "../components/core/releases";
export type { Role } from "../components/core/roles/role";
export {
  DATA,
  defineService,
  type FileContent,
  PROGRAMS,
  type Service,
  type ServiceContext,
  type ServiceFile,
  type ServicePlan,
} from "../components/core/services/service";
export { registry } from "../components/registry";
export { HostKey, type Reach, type Route } from "../components/ssh/connection";
export { HostChanges } from "../components/ssh/host-changes";
export type {
  Files,
  HostOutputs,
  Provisioned,
  Provisioner,
  Secrets,
} from "../components/targets/provisioner";
export type { CheckedPlan, HostNeeds, Placed, Placement, Target, Traits } from "../components/targets/target";
// Rules over a stack's real resources.
export {
  type Bucket,
  type Disk,
  type DnsName,
  type Graph,
  type Intent,
  type Level,
  type Machine,
  type Opening,
  type Path,
  pathsTo,
  type Resource,
  type Rule,
  type RuleText,
  rules,
  type Stack,
  UNKNOWN,
  type Violation,
  violation,
  type Way,
} from "../policies/index";
export { loadReleases } from "../stacks/releases";
// Single components, without a plan.
export { hosts } from "./hosts";
// A project of a team's own, and what its stack files can name.
export { type Project, type ProjectArgs, project } from "./project";
export { registryWith } from "./registry";
