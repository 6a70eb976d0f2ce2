/** `page`: someone gets up for it. `ticket`: it has until the morning. */
export type Severity = "page" | "ticket";

/** What shall wake or tell a person, and when. One condition for all hosts: its labels say which. */
export interface Alert {
  /** Also the heading of its runbook in docs/alerts.md. */
  name: string;
  severity: Severity;
  /** PromQL. Each series that it gives is one alert. */
  expr: string;
  /** How long it must hold, so that a restart or one lost scrape tells nobody. */
  minutes: number;
  /** One line for people; `{{ $labels.host }}` and `{{ $value }}` may stand in it. */
  summary: string;
  /** Services of which the stack must run one for the alert to mean anything. Default: it always does. */
  of?: readonly string[];
}

export interface AlertGroup {
  name: string;
  alerts: readonly Alert[];
}

/** The groups as Prometheus reads them, with those alerts alone that mean something in a stack of these services. */
export const alertRules = (groups: readonly AlertGroup[], services: readonly string[]) => ({
  groups: groups
    .map(({ name, alerts }) => ({
      name,
      rules: alerts
        .filter(({ of }) => of === undefined || of.some((each) => services.includes(each)))
        .map(rule),
    }))
    .filter(({ rules }) => rules.length > 0),
});

const rule = ({ name, severity, expr, minutes, summary }: Alert) => ({
  alert: name,
  expr,
  for: `${minutes}m`,
  labels: { severity },
  annotations: { summary, runbook: `docs/alerts.md#${name.toLowerCase()}` },
});
