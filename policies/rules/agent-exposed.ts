import { exposureRule } from "./exposure";

export const agentExposed = exposureRule({
  id: "agent-exposed",
  what: "the host's agent",
  listeners: /^agent$/,
  zone: "cluster",
  reason: "it tells versions, peers and health of the host: a map for whoever looks for a weak one",
});
