import type { Target } from "../../targets/target";
import type { CostLine } from "../hardware/cost";
import type { CostPlan, Plan } from "./plan";

const sum = (lines: readonly CostLine[]): number =>
  cents(lines.reduce((total, { monthly }) => total + monthly, 0));
const cents = (amount: number): number => Math.round(amount * 100) / 100;

/** What the stack comes to a month. Undefined on a target that nobody pays for. */
export function planCost(
  target: Target,
  config: unknown,
  made: Pick<Plan, "hosts" | "pools" | "names">,
): CostPlan | undefined {
  const { prices } = target;
  if (!prices) return undefined;
  const shared = target.sharedCost(config, made);
  const hosts = made.hosts.map(({ name, cost }) => ({ name, monthly: sum(cost), parts: cost }));
  const pools = (size: "min" | "max") =>
    made.pools.map((pool) => ({
      name: pool.name,
      monthly: cents(sum(pool.member.cost) * pool[size]),
      parts: pool.member.cost,
    }));
  const total = (size: "min" | "max") =>
    cents([...hosts, ...pools(size)].reduce((all, { monthly }) => all + monthly, sum(shared)));
  return { hosts: [...hosts, ...pools("min")], shared, total: total("min"), most: total("max"), ...prices };
}
