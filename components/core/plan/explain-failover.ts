import { crashGap, inequality } from "../failover/timing";
import type { Plan } from "./plan";

/** Who takes turns, whose word decides, and what a crash costs. */
export function failoverRows({ failover }: Plan): string[][] {
  if (!failover) return [];
  const domain = (name: string | undefined) => (name === undefined ? "nobody says where" : `in ${name}`);
  const members = failover.members.map(
    ({ host, domain: where, witness }) => `${host} (${witness ? "witness, " : ""}${domain(where)})`,
  );
  return [
    ...failover.groups.flatMap(({ group, producer, hosts, primary, timing }) => [
      [
        group,
        `${producer} is produced by one of ${hosts.map(({ name }) => name).join(", ")}; first ${primary}`,
      ],
      ["", `crash gap ≤ ${crashGap(timing)} s; nobody signs twice: ${inequality(timing)}`],
    ]),
    ["etcd", members.join(", ")],
  ];
}
