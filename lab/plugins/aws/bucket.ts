import { createHash } from "node:crypto";
import type { CloudType } from "../cloud/cloud-type";
import { problem, textOf } from "../cloud/known";
import { apiError, existing } from "./api-error";
import { awsType, regionOf } from "./aws-type";
import { policyProblems } from "./iam";
import * as tokens from "./tokens";

export const bucket: CloudType = awsType({
  token: tokens.BUCKET,
  forceNew: ["bucket", "bucketNamespace", "bucketPrefix", "objectLockEnabled"],
  name: {
    property: "bucket",
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    pattern:
      /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?<!-s3alias)$/,
    max: 63,
    taken: () =>
      "api error BucketAlreadyOwnedByYou: Your previous request to create the named bucket succeeded and you already own it.",
  },
  delete: (id, state, world) => {
    const objects = tokens.BUCKET_OBJECTS.flatMap((token) =>
      world.all(token).map((object) => ({ token, ...object })),
    ).filter(({ inputs }) => inputs.bucket === id);
    if (objects.length > 0 && state.forceDestroy !== true) {
      const message = "The bucket you tried to delete is not empty";
      throw apiError("S3: DeleteBucket", "BucketNotEmpty", message);
    }
    for (const object of objects) world.drop(object.token, object.id);
  },
  id: (inputs) => textOf(inputs.bucket) ?? "",
  arn: (id) => `arn:aws:s3:::${id}`,
  computed: ["bucketDomainName", "bucketRegion", "bucketRegionalDomainName", "hostedZoneId"],
  outputs: (id, inputs, world) => ({
    bucketDomainName: `${id}.s3.amazonaws.com`,
    bucketRegion: regionOf(inputs, world),
    bucketRegionalDomainName: `${id}.s3.${regionOf(inputs, world)}.amazonaws.com`,
    hostedZoneId: "Z3AQBSTGFYJSTF",
  }),
});

/** One setting of a bucket, whose id is the bucket's name. */
function bucketSetting(token: string, operation: string, check?: CloudType["check"]): CloudType {
  return awsType({
    token,
    forceNew: ["bucket", "expectedBucketOwner"],
    ...(check ? { check } : {}),
    create: (inputs, world) => {
      existing(world, tokens.BUCKET, inputs.bucket, operation);
    },
    id: (inputs) => textOf(inputs.bucket) ?? "",
  });
}

export const bucketSettings: readonly CloudType[] = [
  bucketSetting("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "S3: PutPublicAccessBlock"),
  bucketSetting("aws:s3/bucketPolicy:BucketPolicy", "S3: PutBucketPolicy", (inputs) =>
    policyProblems(inputs, "policy"),
  ),
  bucketSetting(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "S3: PutBucketEncryption",
  ),
  bucketSetting("aws:s3/bucketVersioning:BucketVersioning", "S3: PutBucketVersioning"),
];

const CONTENTS = ["source", "content", "contentBase64"];

function bucketObject(token: string): CloudType {
  return awsType({
    token,
    forceNew: ["bucket", "key"],
    check: (inputs) => [
      ...problem(
        CONTENTS.filter((key) => key in inputs).length > 1,
        "content",
        `only one of ${CONTENTS.join(", ")} can be specified`,
      ),
      ...problem(Buffer.byteLength(textOf(inputs.key) ?? "") > 1024, "key", "a key has at most 1024 bytes"),
    ],
    name: {
      property: "key",
      pattern: /^[\s\S]+$/,
      max: 1024,
      unique: false,
    },
    create: (inputs, world) => {
      existing(world, tokens.BUCKET, inputs.bucket, "S3: PutObject");
    },
    id: (inputs) => `${textOf(inputs.bucket)}/${textOf(inputs.key)}`,
    arn: (id) => `arn:aws:s3:::${id}`,
    computed: ["etag", "versionId"],
    changing: ["etag", "versionId"],
    outputs: (_id, inputs) => {
      const content = JSON.stringify(CONTENTS.map((key) => inputs[key]));
      return { etag: createHash("md5").update(content).digest("hex"), versionId: "" };
    },
  });
}

export const bucketObjects: readonly CloudType[] = tokens.BUCKET_OBJECTS.map(bucketObject);
