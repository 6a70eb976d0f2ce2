import type { AlertGroup } from "./alert";

/** The watchers watched: an alert that cannot be sent is as good as none. */
export const watching: AlertGroup = {
  name: "watching",
  alerts: [
    {
      name: "AlertsNotSent",
      severity: "page",
      of: ["alertmanager"],
      expr: "increase(alertmanager_notifications_failed_total[15m]) > 0",
      minutes: 5,
      summary: "{{ $labels.host }}: alerts reach no one by {{ $labels.integration }}",
    },
    {
      name: "RulesFail",
      severity: "ticket",
      expr: "increase(prometheus_rule_evaluation_failures_total[15m]) > 0",
      minutes: 5,
      summary: "{{ $labels.host }}: rules of Prometheus cannot be evaluated",
    },
  ],
};
