import type { HostPlan, Plan } from "../../core/plan/plan";
import { type CloudRule, cloudRules } from "./cloud-rules";

/** Who some machines are to the cloud, and what it therefore lets in to them: rules aim at service accounts. */
export interface AccountPlan {
  /** The role, `-pool` behind it for pools, and the group's name where its rules differ from the others'. */
  key: string;
  role: string;
  rules: CloudRule[];
  /** Names of its hosts and pools. */
  machines: string[];
}

/**
 * One account a role, and one for a role's pools, which the balancer probes. Hosts of a group have the same rules
 * always, those of a role unless settings differ: then the rules that most groups have are the role's, and each other
 * group has an account of its own. So a port that changes for all changes rules in place; a group that changes alone
 * moves to another account, for which its machines are stopped and started once.
 */
export const planAccounts = ({ hosts, pools }: Pick<Plan, "hosts" | "pools">): AccountPlan[] => [
  ...accountsOf(hosts, (role) => role),
  ...accountsOf(
    pools.map(({ member }) => member),
    (role) => `${role}-pool`,
  ),
];

function accountsOf(machines: readonly HostPlan[], keyOf: (role: string) => string): AccountPlan[] {
  const usual = usualRules(machines);
  const accounts = new Map<string, AccountPlan>();
  for (const host of machines) {
    const { name, group, role } = host;
    const rules = cloudRules(host);
    const key = JSON.stringify(rules) === usual.get(role) ? keyOf(role) : `${keyOf(role)}-${group}`;
    const account = accounts.get(key) ?? { key, role, rules, machines: [] };
    account.machines.push(name);
    accounts.set(key, account);
  }
  return [...accounts.values()];
}

/** By role: the rules that most of its groups have, as text; the first ones where several come as often. */
function usualRules(machines: readonly HostPlan[]): Map<string, string | undefined> {
  const roles = [...new Set(machines.map(({ role }) => role))];
  return new Map(
    roles.map((role) => {
      const ofRole = machines.filter((host) => host.role === role);
      const byGroup = new Map(ofRole.map((host) => [host.group, JSON.stringify(cloudRules(host))]));
      return [role, mostFrequent([...byGroup.values()])];
    }),
  );
}

function mostFrequent(texts: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...counts].find(([, count]) => count === most)?.[0];
}
