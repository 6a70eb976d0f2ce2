import { createHash } from "node:crypto";
import { CloudError, type CloudType } from "../cloud/cloud-type";
import { problem, textOf } from "../cloud/known";
import type { Entry, World } from "../cloud/world";
import type { Properties } from "../value";
import { CREATED_AT, googleError } from "./api";
import { conditionTitle, memberProblems, refuseUnknownMember } from "./identity";
import { effectiveLabels, labelProblems } from "./labels";
import { projectOf } from "./place";
import { TOKENS } from "./tokens";

const API = "https://www.googleapis.com/storage/v1/b/";
const LOCATION = /^(?:us|eu|asia|asia1|eur[45678]|nam4|[a-z]+-[a-z]+\d+)$/i;
// cloud.google.com/storage/docs/objects: a name of 1 to 1024 bytes in UTF-8.
const OBJECT_NAME_MAX = 1024;

/** `gcp:storage/bucket:Bucket`; its id is its name, which nobody else in the world may have. */
export const bucket: CloudType = {
  token: TOKENS.bucket,
  // resource_storage_bucket.go of the Terraform provider.
  forceNew: [
    "name",
    "project",
    "location",
    "customPlacementConfig",
    "enableObjectRetention",
    "hierarchicalNamespace",
  ],
  name: {
    property: "name",
    // cloud.google.com/storage/docs/buckets#naming.
    pattern: /^(?!goog)(?!.*google)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/,
    max: 63,
    taken: () =>
      googleError(
        409,
        "The requested bucket name is not available. Please select a different name and try again.",
        "alreadyExists",
      ).message,
  },
  check: (inputs) => {
    const location = textOf(inputs.location);
    const prevention = textOf(inputs.publicAccessPrevention);
    return [
      ...labelProblems(inputs.labels),
      ...problem(
        location !== undefined && !LOCATION.test(location),
        "location",
        `The specified location constraint is not valid: '${location}'`,
      ),
      ...problem(
        prevention !== undefined && !["inherited", "enforced"].includes(prevention),
        "publicAccessPrevention",
        'expected one of ["inherited" "enforced"]',
      ),
    ];
  },
  delete: (id, state, world) => {
    const objects = world.all(TOKENS.bucketObject).filter((entry) => entry.inputs.bucket === id);
    if (objects.length > 0 && state.forceDestroy !== true) {
      throw new CloudError(
        `Error trying to delete bucket ${id} containing objects without \`force_destroy\` set to true`,
      );
    }
    for (const entry of objects) world.drop(TOKENS.bucketObject, entry.id);
  },
  id: (inputs) => String(inputs.name),
  outputs: (id, inputs, world) => ({
    ...effectiveLabels(inputs.labels),
    selfLink: `${API}${id}`,
    url: `gs://${id}`,
    project: projectOf(inputs, world),
    projectNumber: 0,
    timeCreated: CREATED_AT,
    updated: CREATED_AT,
  }),
  computed: [
    "selfLink",
    "url",
    "project",
    "projectNumber",
    "timeCreated",
    "updated",
    "effectiveLabels",
    "pulumiLabels",
  ],
  changing: ["effectiveLabels", "pulumiLabels"],
};

/** `gcp:storage/bucketObject:BucketObject`. */
export const bucketObject: CloudType = {
  token: TOKENS.bucketObject,
  // resource_storage_bucket_object.go of the Terraform provider: only holds change in place.
  forceNew: [
    ...[
      "bucket",
      "name",
      "cacheControl",
      "content",
      "contentDisposition",
      "contentEncoding",
      "contentLanguage",
    ],
    ...[
      "contentType",
      "customerEncryption",
      "detectMd5hash",
      "kmsKeyName",
      "metadata",
      "source",
      "storageClass",
    ],
    "sourceMd5hash",
  ],
  name: {
    property: "name",
    pattern: /^[^\r\n]+$/,
    max: OBJECT_NAME_MAX,
    // An upload takes the place of an object of that name (objects.insert without ifGenerationMatch).
    unique: false,
  },
  check: (inputs) => {
    const isOne = (inputs.source === undefined) !== (inputs.content === undefined);
    return problem(!isOne, "source", '"source": one of `content,source` must be specified');
  },
  create: (inputs, world) => {
    existingBucket(inputs, world);
  },
  id: (inputs) => `${String(inputs.bucket)}-${String(inputs.name)}`,
  outputs: (_id, inputs, world) => {
    const path = `${String(inputs.bucket)}/o/${encodeURIComponent(String(inputs.name))}`;
    const md5 = createHash("md5")
      .update(JSON.stringify(inputs.content ?? inputs.source))
      .digest("base64");
    return {
      selfLink: `${API}${path}`,
      mediaLink: `${API.replace("/storage/", "/download/storage/")}${path}?alt=media`,
      outputName: inputs.name,
      md5hash: md5,
      md5hexhash: Buffer.from(md5, "base64").toString("hex"),
      crc32c: "",
      generation: world.draw(),
      storageClass: inputs.storageClass ?? "STANDARD",
      contentType: inputs.contentType ?? "text/plain; charset=utf-8",
    };
  },
  computed: ["selfLink", "mediaLink", "outputName", "md5hash", "md5hexhash", "crc32c", "generation"],
};

/** `gcp:storage/bucketIAMMember:BucketIAMMember`. */
export const bucketIamMember: CloudType = {
  token: TOKENS.bucketIamMember,
  forceNew: ["bucket", "role", "member", "condition"],
  check: memberProblems,
  create: (inputs, world) => {
    const found = existingBucket(inputs, world);
    refuseUnknownMember(inputs, world);
    const isPublic = ["allUsers", "allAuthenticatedUsers"].includes(String(inputs.member));
    if (!isPublic || found.inputs.publicAccessPrevention !== "enforced") return;
    throw googleError(
      412,
      "The member bindings allUsers and allAuthenticatedUsers are not allowed since public access prevention is enforced.",
      "conditionNotMet",
    );
  },
  id: (inputs) =>
    [`b/${bucketName(inputs)}`, inputs.role, inputs.member, conditionTitle(inputs)].filter(Boolean).join("/"),
  outputs: () => ({ etag: "CAE=" }),
  computed: ["etag"],
};

function bucketName(inputs: Properties): string {
  return String(inputs.bucket).replace(/^b\//, "");
}

function existingBucket(inputs: Properties, world: World): Entry {
  const found = world.get(TOKENS.bucket, bucketName(inputs));
  if (found) return found;
  throw googleError(404, "The specified bucket does not exist.", "notFound");
}
