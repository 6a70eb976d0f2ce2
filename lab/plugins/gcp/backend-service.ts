import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { numberOf, objectsOf, problem, textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { CREATED_AT, nextNumber } from "./api";
import { refuseUnknownGroup } from "./group";
import { KINDS } from "./kinds";
import { idOf, nameIn, projectOf, RFC1035, referred, selfLink } from "./place";
import { TOKENS } from "./tokens";
import { refuseWhileUsed } from "./use";

/** Of balancers that end TLS (REST reference of backendServices, `protocol`). */
const PROTOCOLS = ["HTTP", "HTTPS", "HTTP2", "H2C"];
/** Balancing modes of HTTP (cloud.google.com/load-balancing/docs/backend-service, "Balancing mode"). */
const MODES = ["UTILIZATION", "RATE", "CUSTOM_METRICS", "IN_FLIGHT"];
const MOST_DRAINING = 3600;

/** `gcp:compute/backendService:BackendService`, of a global Application Load Balancer. */
export const backendService: CloudType = {
  token: TOKENS.backendService,
  // resource_compute_backend_service.go of the Terraform provider.
  forceNew: ["name", "project", "params"],
  unordered: ["backends"],
  name: nameIn(KINDS.globalBackendService),
  check: serviceProblems,
  create: refuseReferences,
  update: (_before, inputs, world) => refuseReferences(inputs, world),
  delete: (id, _state, world) => refuseWhileUsed(world, "backend_service", id, [TOKENS.urlMap]),
  id: idOf(KINDS.globalBackendService),
  outputs: (id, inputs, world) => ({
    selfLink: selfLink(id),
    project: projectOf(inputs, world),
    generatedId: Number(world.get(TOKENS.backendService, id)?.outputs.generatedId ?? nextNumber(world)),
    creationTimestamp: CREATED_AT,
    fingerprint: "",
  }),
  computed: ["selfLink", "project", "generatedId", "creationTimestamp", "fingerprint"],
};

function serviceProblems(inputs: Properties): Problem[] {
  const [protocol, port] = [textOf(inputs.protocol), textOf(inputs.portName)];
  const [timeout, draining] = [numberOf(inputs.timeoutSec), numberOf(inputs.connectionDrainingTimeoutSec)];
  const backends = objectsOf(inputs.backends);
  return [
    ...problem(
      protocol !== undefined && !PROTOCOLS.includes(protocol),
      "protocol",
      `expected one of ${PROTOCOLS.join(", ")}, got ${protocol}`,
    ),
    ...problem(
      port !== undefined && !RFC1035.test(port),
      "portName",
      `'${port}' does not match ${RFC1035.source}`,
    ),
    ...problem(
      backends.length > 0 && inputs.healthChecks === undefined,
      "healthChecks",
      "A health check must be specified unless the backend service uses an internet or serverless NEG as a backend.",
    ),
    ...problem(
      timeout !== undefined && (timeout < 1 || timeout > 2 ** 31 - 1),
      "timeoutSec",
      "must be from 1 to 2147483647",
    ),
    ...problem(
      draining !== undefined && (draining < 0 || draining > MOST_DRAINING),
      "connectionDrainingTimeoutSec",
      `must be from 0 to ${MOST_DRAINING}`,
    ),
    ...backends.flatMap(({ balancingMode }, index) => {
      const mode = textOf(balancingMode);
      return problem(
        mode !== undefined && !MODES.includes(mode),
        `backends[${index}].balancingMode`,
        `Balancing mode must be one of ${MODES.join(", ")} for HTTP.`,
      );
    }),
  ];
}

/** A global service takes a global health check and a Cloud Armor policy of the project. */
function refuseReferences(inputs: Properties, world: World): void {
  for (const check of [inputs.healthChecks].flat())
    if (check !== undefined) referred(KINDS.healthCheck, check, inputs, world);
  for (const { group } of objectsOf(inputs.backends)) refuseUnknownGroup(group, inputs, world);
  if (textOf(inputs.securityPolicy)) referred(KINDS.securityPolicy, inputs.securityPolicy, inputs, world);
}
