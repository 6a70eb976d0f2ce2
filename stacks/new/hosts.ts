import type { ChainNetwork } from "../../components/core/networks/network";
import type { Answers } from "./answers";

/** One entry below `hosts`. */
export interface Host {
  name: string;
  entry: { role: string; count?: number | { min: number; max: number }; producer?: string };
  why: string;
}

/** The hosts of a new stack: what its chain can do on its target, and no more than one must have to begin. */
export function hostsOf({ target, producer }: Answers, network: ChainNetwork | undefined): Host[] {
  const isCloud = target !== "docker" && target !== "bare-metal";
  return [
    {
      name: "relays",
      entry: { role: "seed", count: 2 },
      why: "public p2p: the only nodes that the world reaches",
    },
    ...(producer
      ? [
          {
            name: "producer",
            entry: { role: "validator", producer },
            why: "signs blocks; no way in but from the relays",
          },
        ]
      : []),
    ...(network?.evm ? readers(isCloud) : []),
    ...(isCloud
      ? [{ name: "watch", entry: { role: "monitor" }, why: "metrics, alerts and logs of all hosts" }]
      : []),
  ];
}

const readers = (isCloud: boolean): Host[] =>
  isCloud
    ? [
        {
          name: "read",
          entry: { role: "rpc", count: { min: 2, max: 4 } },
          why: "a pool behind a load balancer; it holds no key",
        },
        {
          name: "write",
          entry: { role: "rpc" },
          why: "holds the wallet key; the pool sends it what clients sign",
        },
      ]
    : [{ name: "read", entry: { role: "rpc", count: 2 }, why: "HAProxy on each sends reads to both" }];

/** A host that needs a machine of the operator's. */
export interface Expected {
  name: string;
  /** Whether the world must not reach it. */
  isHidden: boolean;
}

/** Every host, by the name that a plan gives it. */
export const expected = (hosts: readonly Host[]): Expected[] =>
  hosts.flatMap(({ name, entry: { count, role } }) => {
    const isHidden = role === "validator";
    return typeof count === "number"
      ? Array.from({ length: count }, (_, index) => ({ name: `${name}-${index + 1}`, isHidden }))
      : [{ name, isHidden }];
  });
