import type { Problem } from "../check";
import { known, listOf, objectsOf, problem, textOf, textsOf } from "../cloud/known";
import { isObject, type Properties } from "../value";
import { labelProblems, tagProblems } from "./labels";
import { lastOf } from "./place";

// cloud.google.com/compute/docs/metadata/overview: a value of at most 256 KB, all together 512 KB, keys of 128 bytes.
const VALUE_MAX = 262_144;
const METADATA_MAX = 524_288;
const KEY = /^[a-zA-Z0-9_-]{1,128}$/;

const SERIES = "[a-z]\\d[a-z]{0,2}";
const SIZES =
  "(?:standard|highmem|highcpu|megamem|ultramem|hypermem|(?:ultra|high|mega|edge|max)gpu|hypercompute)";
const MACHINE_TYPE = new RegExp(
  `^(?:f1-micro|g1-small|e2-(?:micro|small|medium)|${SERIES}-${SIZES}-\\d+[gt]?(?:-(?:metal|lssd|nolssd|standardlssd|highlssd))*|(?:${SERIES}-)?custom-(?:micro|small|medium|\\d+)-\\d+(?:-ext)?)$`,
);
const FULL_NAME =
  /^(?=.{1,253}$)[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)+$/;

/** What an instance and an instance template have in common. */
export function machineProblems(inputs: Properties): Problem[] {
  const hostname = textOf(inputs.hostname);
  return [
    ...typeProblems(textOf(inputs.machineType)),
    ...metadataProblems(inputs),
    ...tagProblems(inputs.tags),
    ...labelProblems(inputs.labels),
    ...schedulingProblems(inputs),
    ...shieldedProblems(inputs),
    ...interfaceProblems(inputs),
    ...problem(
      hostname !== undefined && !FULL_NAME.test(hostname),
      "hostname",
      `'${hostname}' must be a fully qualified DNS name`,
    ),
  ];
}

function typeProblems(machineType: string | undefined): Problem[] {
  const isWrong = machineType !== undefined && !MACHINE_TYPE.test(lastOf(machineType));
  return problem(
    isWrong,
    "machineType",
    `Machine type with name '${machineType}' does not exist in the zone.`,
  );
}

function metadataProblems(inputs: Properties): Problem[] {
  const metadata = isObject(inputs.metadata) ? inputs.metadata : {};
  const script = inputs.metadataStartupScript;
  const both = script !== undefined && "startup-script" in metadata;
  const entries = Object.entries({
    ...metadata,
    ...(script === undefined ? {} : { "startup-script": script }),
  });
  const sizes = entries.map(([, value]) => Buffer.byteLength(textOf(value) ?? ""));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return [
    ...problem(
      both,
      "metadataStartupScript",
      "Only one of metadata.startup-script and metadata_startup_script may be defined",
    ),
    ...entries.flatMap(([key, value], index) => metadataItemProblems(key, value, index)),
    ...problem(
      total > METADATA_MAX,
      "metadata",
      `all values together: maximum size ${METADATA_MAX}; actual size ${total}`,
    ),
  ];
}

/** One key and its value, of a machine or of the whole project. */
export function metadataItemProblems(key: string, value: unknown, index = 0): Problem[] {
  const size = Buffer.byteLength(textOf(value) ?? "");
  const field = `resource.metadata.items[${index}]`;
  return [
    ...problem(
      !KEY.test(key),
      "metadata",
      `Invalid value for field '${field}.key': '${key}'. Must be a match of regex '${KEY.source}'`,
    ),
    ...problem(
      size > VALUE_MAX,
      "metadata",
      `Value for field '${field}.value' ('${key}') is too large: maximum size ${VALUE_MAX} character(s); actual size ${size}., fieldSizeTooLarge`,
    ),
  ];
}

function schedulingProblems(inputs: Properties): Problem[] {
  return objectsOf(inputs.scheduling).flatMap((scheduling) => {
    const isSpot = scheduling.preemptible === true || scheduling.provisioningModel === "SPOT";
    return [
      ...problem(
        isSpot && known(scheduling.automaticRestart) !== false && scheduling.automaticRestart !== "",
        "scheduling.automaticRestart",
        "Scheduling must have preemptible be false when AutomaticRestart is true.",
      ),
      ...problem(
        isSpot && scheduling.onHostMaintenance === "MIGRATE",
        "scheduling.onHostMaintenance",
        "must be TERMINATE for a Spot machine",
      ),
      ...problem(
        scheduling.provisioningModel === "SPOT" && scheduling.preemptible === false,
        "scheduling.preemptible",
        "must be true with provisioning model SPOT",
      ),
    ];
  });
}

function shieldedProblems(inputs: Properties): Problem[] {
  return objectsOf(inputs.shieldedInstanceConfig).flatMap((shielded) => {
    const watches = (shielded.enableIntegrityMonitoring ?? true) === true;
    return problem(
      shielded.enableVtpm === false && watches,
      "shieldedInstanceConfig.enableIntegrityMonitoring",
      "You must enable vTPM to use integrity monitoring.",
    );
  });
}

function interfaceProblems(inputs: Properties): Problem[] {
  const faces = objectsOf(inputs.networkInterfaces);
  const bare = faces.findIndex((face) =>
    [face.network, face.subnetwork, face.networkAttachment].every((place) => place === undefined),
  );
  return [
    ...problem(faces.length > 8, "networkInterfaces", "at most 8 network interfaces"),
    ...problem(
      bare >= 0,
      `networkInterfaces[${bare}]`,
      "exactly one of network, subnetwork, or network_attachment must be supplied",
    ),
    ...faces.flatMap((face, index) =>
      problem(
        listOf(face.accessConfigs).length > 1,
        `networkInterfaces[${index}].accessConfigs`,
        "at most one access configuration",
      ),
    ),
    ...objectsOf(inputs.serviceAccount).flatMap((account) =>
      problem(
        Array.isArray(account.scopes) &&
          textsOf(account.scopes).length === 0 &&
          account.scopes.length === 0 &&
          account.email !== undefined,
        "serviceAccount.scopes",
        "at least one scope is required for a service account",
      ),
    ),
  ];
}
