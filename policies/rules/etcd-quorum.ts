import type { Machine } from "../graph";
import { type Rule, violation } from "../rule";

const LEAST = 3;

export const etcdQuorum: Rule = {
  id: "etcd-quorum",
  level: "mandatory",
  title: "etcd has an odd number of members, three or more",
  reason: "an even number survives no more losses than one member less, and two of two survive none",
  remedy: "run etcd on three or five hosts, in three failure domains",
  check: ({ machines }) => {
    const members = machines.filter(runsEtcd);
    const [first] = members;
    if (!first || (members.length >= LEAST && members.length % 2 === 1)) return [];
    const { documentBy = first.resource } = first;
    return [
      violation(
        documentBy,
        `etcd has ${members.length} members: ${members.map(({ host }) => host).join(", ")}`,
      ),
    ];
  },
};

const runsEtcd = ({ document }: Machine): boolean =>
  document?.units.some(({ name, service }) => service === "etcd" && name.startsWith("etcd")) === true;
