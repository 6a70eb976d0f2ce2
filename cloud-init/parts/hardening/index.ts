import { type HostPlan, machinesOf, type Plan } from "../../../components/core/plan/plan";
import { audit } from "./audit";
import { journald } from "./journald";
import { kernel } from "./kernel";
import { logins } from "./logins";
import type { Part, Surroundings } from "./part";
import { sshLimit } from "./ssh-limit";
import { sshd } from "./sshd";
import { time } from "./time";
import { trim } from "./trim";
import { updates } from "./updates";

/** Parts for every host, and those for hosts with a kernel of their own: a container has its machine's clock and audit. */
const EVERYWHERE: readonly ((host: Surroundings) => Part)[] = [sshd, sshLimit, journald, logins, updates];
const OWN_KERNEL: readonly ((host: Surroundings) => Part)[] = [time, audit, kernel, trim];

/** All that hardens one host beside its firewall and the sandboxes of its services. */
export function hardening(plan: Plan, host: HostPlan): Required<Part> {
  const surroundings: Surroundings = {
    traits: plan.target.traits,
    isDoor: machinesOf(plan).some(({ reachedThrough }) => reachedThrough === host.name),
    packaged: host.services.flatMap(({ unit, packages = [] }) => (packages.length > 0 ? [unit] : [])),
  };
  const parts = [...EVERYWHERE, ...(plan.target.traits.ownKernel ? OWN_KERNEL : [])].map((part) =>
    part(surroundings),
  );
  return {
    packages: parts.flatMap(({ packages }) => packages),
    directories: parts.flatMap(({ directories = [] }) => directories),
    files: parts.flatMap(({ files }) => files),
    units: parts.flatMap(({ units }) => units),
  };
}
