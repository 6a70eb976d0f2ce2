import { z } from "zod";
import { ETCD } from "../failover/plan";
import { FAILOVER_SETTINGS, FAILOVER_UNIT } from "../failover/settings";
import { failoverSettings } from "../failover/settings-for";
import { watchdogSeconds } from "../failover/timing";
import { TLS_SECRETS } from "../tls/certificate";
import { defineService, PROGRAMS, type ServiceFile } from "./service";

const GUARD = "/usr/lib/nodewright/failover-guard";

/** Runs as root when the unit has ended, whatever ended it. A nodeos that starts again starts paused. */
const GUARD_SCRIPT = `#!/bin/sh
# An agent that ends in order has paused nodeos, and left no such file.
[ -e /run/${FAILOVER_UNIT}/producing ] || exit 0
exec systemctl kill --kill-who=all --signal=SIGKILL nodeos.service
`;

const guard: ServiceFile = { path: GUARD, content: { format: "script", text: GUARD_SCRIPT } };

/** Holds production by a lease of etcd, or stands by: on validators that take turns. */
export const failover = defineService({
  name: "failover",
  summary: "who of the validators produces",
  settings: z.strictObject({}),
  keyed: true,
  failover: "candidate",
  listeners: () => [],
  plan: (context) => {
    const settings = failoverSettings(context);
    return [
      {
        service: "failover",
        unit: FAILOVER_UNIT,
        summary: "nodewright failover",
        user: FAILOVER_UNIT,
        exec: [`${PROGRAMS}/nodewright-host`, "failover", "run"],
        programs: ["nodewright-host"],
        files: [{ path: FAILOVER_SETTINGS, content: { format: "json", value: settings } }, guard],
        listeners: [],
        secrets: [...TLS_SECRETS],
        // Its audit trail, and what it knows.
        keepsState: true,
        after: context.place.services.includes(ETCD) ? ["nodewright-etcd.service"] : [],
        readiness: "notify",
        // Until the agent says how long it may be silent: stricter from before nodeos produces until it is paused.
        guard: { path: GUARD, seconds: watchdogSeconds(settings.timing).idle },
        // To open the gate of nodeos' peers again and again.
        capabilities: ["CAP_NET_ADMIN"],
        onChange: "restart",
        // In order: out of its turn, pause, let go.
        stop: { timeoutSeconds: 20 },
      },
    ];
  },
});
