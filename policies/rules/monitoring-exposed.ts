import { exposureRule } from "./exposure";

export const monitoringExposed = exposureRule({
  id: "monitoring-exposed",
  what: "monitoring",
  listeners: /(metrics|alerts|^logs)$/,
  zone: "admin",
  reason: "metrics, alerts and logs tell when a stack is weak, and their programs ask for no login",
});
