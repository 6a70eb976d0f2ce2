import type { Bucket, DnsName } from "../graph";
import { type Resource, type Stack, UNKNOWN } from "../resource";
import { listOf, mapOf, mapsOf, numberOf, textOf } from "../value";

const BUCKETS = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];
const SHUT = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const buckets = (stack: Stack): Bucket[] =>
  stack.of(...BUCKETS).map((resource) => {
    const open = publicBy(stack, resource);
    return { resource, ...(open === undefined ? {} : { open }), encrypted: isEncrypted(stack, resource) };
  });

function publicBy(stack: Stack, bucket: Resource): string | undefined {
  const acl = textOf(bucket.props.acl) ?? "";
  if (acl.startsWith("public") || acl === "authenticated-read") return `its ACL is ${acl}`;
  const block = stack
    .of("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
    .find((each) => stack.joins(each, "bucket", bucket));
  const missing = SHUT.filter((key) => block?.props[key] !== true);
  if (missing.length > 0) return `its public access block lacks ${missing.join(", ")}`;
  return stack
    .of("aws:s3/bucketPolicy:BucketPolicy")
    .filter((each) => stack.joins(each, "bucket", bucket))
    .map(({ props }) => publicStatement(props.policy))
    .find((found) => found !== undefined);
}

/** A statement for anyone is for nobody where a condition names the network or the account that asks. */
function publicStatement(policy: unknown): string | undefined {
  if (policy === UNKNOWN || policy === undefined) return undefined;
  const document = mapOf(typeof policy === "string" ? JSON.parse(policy) : policy);
  const open = mapsOf(document.Statement).find(({ Effect, Principal, Condition }) => {
    const anyone =
      Principal === "*" || listOf(mapOf(Principal).AWS).concat(mapOf(Principal).AWS).includes("*");
    return Effect === "Allow" && anyone && Object.keys(mapOf(Condition)).length === 0;
  });
  return open === undefined ? undefined : "a statement of its policy lets anyone in without a condition";
}

/** S3 encrypts every object since January 2023; a rule of the bucket's own may say how, and must not say "not". */
function isEncrypted(stack: Stack, bucket: Resource): boolean {
  const rules = stack
    .of(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
    )
    .filter((each) => stack.joins(each, "bucket", bucket))
    .flatMap(({ props }) => mapsOf(props.rules));
  return rules.every((rule) => {
    const algorithm = textOf(mapOf(mapsOf(rule.applyServerSideEncryptionByDefault)[0]).sseAlgorithm);
    return algorithm !== undefined && ["AES256", "aws:kms", "aws:kms:dsse"].includes(algorithm);
  });
}

export const names = (stack: Stack): DnsName[] =>
  stack.of("aws:route53/record:Record").flatMap((resource) => {
    const name = textOf(resource.props.name);
    const ttl = numberOf(resource.props.ttl);
    const type = textOf(resource.props.type) ?? "";
    return name === undefined ? [] : [{ resource, name, type, ...(ttl === undefined ? {} : { ttl }) }];
  });
