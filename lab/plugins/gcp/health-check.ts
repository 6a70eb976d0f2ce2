import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { numberOf, objectsOf, problem } from "../cloud/known";
import type { Properties } from "../value";
import { CREATED_AT, nextNumber } from "./api";
import { KINDS } from "./kinds";
import { idOf, type Kind, nameIn, projectOf, selfLink } from "./place";
import { TOKENS } from "./tokens";
import { refuseWhileUsed } from "./use";

const PROTOCOLS = ["tcp", "ssl", "http", "https", "http2", "grpc", "grpcTls"].map(
  (name) => `${name}HealthCheck`,
);

/** `gcp:compute/healthCheck:HealthCheck`, for the whole project. */
export const healthCheck = checkOf(KINDS.healthCheck, ["name", "project"]);

/** `gcp:compute/regionHealthCheck:RegionHealthCheck`, which load balancers of a region want. */
export const regionHealthCheck = checkOf(KINDS.regionHealthCheck, ["name", "project", "region"]);

/** Both kinds. Only the place and the name are fixed: resource_compute_health_check.go of the Terraform provider. */
function checkOf(kind: Kind, forceNew: readonly string[]): CloudType {
  return {
    token: kind.token,
    forceNew,
    name: nameIn(kind),
    check: checkProblems,
    delete: (id, _state, world) => {
      refuseWhileUsed(world, "health_check", id, [
        TOKENS.backendService,
        TOKENS.regionBackendService,
        TOKENS.regionInstanceGroupManager,
      ]);
    },
    id: idOf(kind),
    outputs: (id, inputs, world) => {
      const type = PROTOCOLS.find((name) => inputs[name] !== undefined)?.replace("HealthCheck", "");
      return {
        selfLink: selfLink(id),
        project: projectOf(inputs, world),
        type: type === "grpcTls" ? "GRPC_WITH_TLS" : (type?.toUpperCase() ?? ""),
        healthCheckId: Number(world.get(kind.token, id)?.outputs.healthCheckId ?? nextNumber(world)),
        creationTimestamp: CREATED_AT,
      };
    },
    computed: ["selfLink", "project", "type", "healthCheckId", "creationTimestamp"],
    changing: ["type"],
  };
}

function checkProblems(inputs: Properties): Problem[] {
  const stated = PROTOCOLS.filter((name) => inputs[name] !== undefined);
  const [interval, timeout] = [numberOf(inputs.checkIntervalSec), numberOf(inputs.timeoutSec)];
  const isSlow = (timeout ?? 5) > (interval ?? 5);
  const areKnown = [interval, timeout].every((value, index) => {
    return value !== undefined || inputs[["checkIntervalSec", "timeoutSec"][index] ?? ""] === undefined;
  });
  return [
    ...problem(
      stated.length !== 1,
      stated[1] ?? "tcpHealthCheck",
      `exactly one of ${PROTOCOLS.join(", ")} must be specified`,
    ),
    ...problem(
      areKnown && isSlow,
      "timeoutSec",
      `timeout (${timeout ?? 5}) must be less than or equal to checkIntervalSec (${interval ?? 5})`,
    ),
    ...within(inputs, "checkIntervalSec", 1, 300),
    ...within(inputs, "timeoutSec", 1, 300),
    ...within(inputs, "healthyThreshold", 1, 10),
    ...within(inputs, "unhealthyThreshold", 1, 10),
    ...PROTOCOLS.flatMap((name) =>
      objectsOf(inputs[name]).flatMap((check) => within(check, "port", 1, 65_535, `${name}.`)),
    ),
  ];
}

function within(bag: Properties, key: string, low: number, high: number, prefix = ""): Problem[] {
  const number = numberOf(bag[key]);
  const isWrong = number !== undefined && (number < low || number > high);
  return problem(isWrong, `${prefix}${key}`, `must be from ${low} to ${high}, got ${number}`);
}
