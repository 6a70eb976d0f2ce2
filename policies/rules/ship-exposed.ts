import { exposureRule } from "./exposure";

export const shipExposed = exposureRule({
  id: "ship-exposed",
  what: "state history (SHIP)",
  listeners: /^ship/,
  zone: "cluster",
  reason: "it has no login, and one reader of the whole history takes a node's disk and network for itself",
});
