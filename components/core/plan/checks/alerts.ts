import { warning } from "../../config/finding";
import type { Check } from "./index";

/** A monitor that tells nobody is said where people depend on the stack; a lab has its operator before it. */
export const checkAlerts: Check = ({ plan }) =>
  plan.target.traits.floors
    ? plan.hosts
        .filter(({ services }) =>
          services.some(({ service, secrets = [] }) => service === "alertmanager" && secrets.length === 0),
        )
        .map(({ group }) =>
          warning(
            `hosts.${group}`,
            "tells nobody of its alerts: name a receiver in services.alertmanager.webhooks, say [oncall]",
          ),
        )
    : [];
