import { exposureRule } from "./exposure";

export const etcdExposed = exposureRule({
  id: "etcd-exposed",
  what: "etcd",
  listeners: /^etcd/,
  zone: "cluster",
  // Registered with IANA: clients, and members among themselves.
  standardPorts: [2379, 2380],
  reason: "who writes there decides which producer signs",
});
