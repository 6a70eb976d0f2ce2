import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import type { Files } from "../../provisioner";
import type { MirrorArgs } from "../render";

interface Args extends MirrorArgs {
  /** The VPC endpoint that alone may read it. */
  endpoint: pulumi.Input<string>;
  files: Files;
}

/** The stack's own store of what its hosts install, each object named by its sha256. Only the stack's network reads it. */
export class Mirror extends pulumi.ComponentResource {
  constructor(name: string, args: Args, opts: pulumi.ComponentResourceOptions) {
    super("nodewright:aws:Mirror", name, {}, opts);
    const within = { parent: this };
    // Everything in it can be laid down again from the release lock.
    const bucket = new s3.Bucket(`${name}-bucket`, { bucket: args.bucket, forceDestroy: true }, within);
    this.guard(name, bucket, args.endpoint);
    const store = (sha256: string, source: pulumi.asset.Asset) =>
      new s3.BucketObjectv2(
        `${name}-${sha256.slice(0, 12)}`,
        { bucket: bucket.bucket, key: sha256, source },
        // A machine that is replaced is born from its first user data, which names what was installed then.
        { ...within, retainOnDelete: true },
      );
    for (const sha256 of args.artifacts) store(sha256, new pulumi.asset.FileAsset(args.files(sha256)));
    for (const { sha256, json } of args.bundles) store(sha256, new pulumi.asset.StringAsset(json));
    this.registerOutputs({ bucket: bucket.bucket });
  }

  /** Hosts ask without a signature: the endpoint they come through is who they are. */
  private guard(name: string, bucket: s3.Bucket, endpoint: pulumi.Input<string>): void {
    const within = { parent: this };
    const block = new s3.BucketPublicAccessBlock(
      `${name}-private`,
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      within,
    );
    const policy = pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: "*",
          Action: "s3:GetObject",
          Resource: pulumi.interpolate`${bucket.arn}/*`,
          Condition: { StringEquals: { "aws:SourceVpce": endpoint } },
        },
      ],
    });
    new s3.BucketPolicy(
      `${name}-readers`,
      { bucket: bucket.bucket, policy },
      { ...within, dependsOn: [block] },
    );
  }
}
