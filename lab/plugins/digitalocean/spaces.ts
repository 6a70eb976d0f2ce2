import { createHash } from "node:crypto";
import type { CloudType } from "../cloud/cloud-type";
import { CloudError } from "../cloud/cloud-type";
import { problem, textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { TOKENS } from "./tokens";

// SpacesRegions of the Terraform provider (digitalocean/spaces), which are fewer than a droplet's.
const REGIONS = [
  "ams3",
  "atl1",
  "blr1",
  "fra1",
  "lon1",
  "nyc3",
  "ric1",
  "sfo2",
  "sfo3",
  "sgp1",
  "syd1",
  "tor1",
];
const ACLS = ["private", "public-read"];
// docs.digitalocean.com/products/spaces/details/limits: "up to 100 Spaces buckets".
const BUCKETS_MAX = 100;
const KEY_MAX_BYTES = 1024;

/** `digitalocean:index/spacesBucket:SpacesBucket`; its id is its name. */
export const spacesBucket: CloudType = {
  token: TOKENS.spacesBucket,
  // digitalocean/spaces/resource_spaces_bucket.go of the Terraform provider: the name is not among them, though a
  // bucket cannot be renamed.
  forceNew: ["region"],
  name: {
    property: "name",
    // docs.digitalocean.com/products/spaces/how-to/create: 3 to 63 letters, digits and dashes.
    pattern: /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    max: 63,
    taken: () =>
      "Error creating Spaces bucket: BucketAlreadyExists: the requested bucket name is not available",
  },
  check: (inputs) => [
    ...regionProblem(inputs),
    ...problem(isOther(inputs.acl, ACLS), "acl", "must be private or public-read"),
  ],
  create: (_inputs, world) => {
    refuseWithoutKeys(world, "creating bucket");
    if (world.count(TOKENS.spacesBucket) < BUCKETS_MAX) return;
    throw new CloudError(
      "Error creating Spaces bucket: TooManyBuckets: You have attempted to create more buckets than allowed",
    );
  },
  update: (_before, _inputs, world) => refuseWithoutKeys(world, "updating bucket"),
  delete: (id, state, world) => {
    refuseWithoutKeys(world, "deleting bucket");
    const objects = world.all(TOKENS.spacesBucketObject).filter((object) => object.inputs.bucket === id);
    if (objects.length > 0 && state.forceDestroy !== true) {
      throw new CloudError(
        "Error deleting Spaces bucket: BucketNotEmpty: The bucket you tried to delete is not empty",
      );
    }
    for (const object of objects) world.drop(TOKENS.spacesBucketObject, object.id);
  },
  id: (inputs) => String(inputs.name),
  outputs: (id, inputs) => {
    const endpoint = `${regionOf(inputs)}.digitaloceanspaces.com`;
    return { bucketUrn: `do:space:${id}`, bucketDomainName: `${id}.${endpoint}`, endpoint };
  },
  computed: ["bucketUrn", "bucketDomainName", "endpoint"],
};

/** `digitalocean:index/spacesBucketObject:SpacesBucketObject`. */
export const spacesBucketObject: CloudType = {
  token: TOKENS.spacesBucketObject,
  // digitalocean/spaces/resource_spaces_bucket_object.go of the Terraform provider.
  forceNew: ["bucket", "key", "region"],
  check: (inputs) => {
    const bodies = ["source", "content", "contentBase64"].filter((key) => inputs[key] !== undefined);
    return [
      ...regionProblem(inputs),
      ...problem(isOther(inputs.acl, ACLS), "acl", "must be private or public-read"),
      ...problem(bodies.length > 1, bodies[1] ?? "content", `conflicts with ${bodies[0]}`),
      ...problem(
        Buffer.byteLength(textOf(inputs.key) ?? "") > KEY_MAX_BYTES,
        "key",
        "longer than 1024 bytes",
      ),
    ];
  },
  create: (inputs, world) => {
    refuseWithoutKeys(world, "creating session");
    const bucket = world.get(TOKENS.spacesBucket, String(inputs.bucket));
    if (!bucket)
      throw new CloudError(`Error putting object in Spaces bucket (${String(inputs.bucket)}): NoSuchBucket`);
    if (regionOf(bucket.inputs) === regionOf(inputs)) return;
    throw new CloudError(
      `Error putting object in Spaces bucket (${bucket.id}): NoSuchBucket: it lies in ${regionOf(bucket.inputs)}`,
    );
  },
  // The provider's own id is the bare key, which two buckets may share.
  id: (inputs) => `${String(inputs.bucket)}/${String(inputs.key)}`,
  outputs: (_id, inputs, world) => {
    const body = inputs.contentBase64
      ? Buffer.from(String(inputs.contentBase64), "base64")
      : String(inputs.content ?? "");
    return {
      etag: createHash("md5").update(body).digest("hex"),
      versionId: isVersioned(inputs, world) ? `v${world.draw()}` : "",
      contentType: inputs.contentType ?? "binary/octet-stream",
    };
  },
  computed: ["etag", "versionId", "contentType"],
  changing: ["etag", "versionId"],
};

function isVersioned(inputs: Properties, world: World): boolean {
  const versioning = world.get(TOKENS.spacesBucket, String(inputs.bucket))?.inputs.versioning;
  return (
    typeof versioning === "object" &&
    versioning !== null &&
    "enabled" in versioning &&
    versioning.enabled === true
  );
}

/** The keys are apart from the account's token; without them the provider fails at the first bucket, not before. */
function refuseWithoutKeys(world: World, doing: string): void {
  if (world.config.hasSpacesKeys === true) return;
  throw new CloudError(
    `Error ${doing}: Spaces credentials not configured: set SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY`,
  );
}

function regionOf(inputs: Properties): string {
  return textOf(inputs.region)?.toLowerCase() ?? "nyc3";
}

function regionProblem(inputs: Properties) {
  return problem(
    isOther(textOf(inputs.region)?.toLowerCase(), REGIONS),
    "region",
    `expected one of ${REGIONS.join(" ")}`,
  );
}

function isOther(value: unknown, allowed: readonly string[]): boolean {
  const text = textOf(value);
  return text !== undefined && !allowed.includes(text);
}
