import type { Input } from "@pulumi/pulumi";

/** How a member is asked for its health: by its group and by whatever balancer stands before it. */
export const healthOf = (port: Input<number>) => ({
  checkIntervalSec: 10,
  timeoutSec: 5,
  healthyThreshold: 2,
  unhealthyThreshold: 3,
  httpHealthCheck: { port, requestPath: "/healthz" },
});
