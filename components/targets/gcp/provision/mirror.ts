import * as storage from "@pulumi/gcp/storage";
import * as pulumi from "@pulumi/pulumi";
import type { Labels } from "../render";

export interface MirrorArgs {
  /** One world for all customers; known in the plan, because every host document names it. */
  bucket: pulumi.Input<string>;
  /** Region. */
  location: string;
  labels: Labels;
  /** By sha256: what lies in the bucket under that name. */
  objects: Readonly<Record<string, pulumi.asset.Asset>>;
}

/** What hosts install, each by its sha256, in a bucket that the stack's own hosts alone can read. */
export class Mirror extends pulumi.ComponentResource {
  readonly bucket: pulumi.Output<string>;

  constructor(name: string, args: MirrorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nodewright:gcp:Mirror", name, {}, opts);
    const bucket = new storage.Bucket(
      `${name}-bucket`,
      {
        name: args.bucket,
        // As the API answers; in small letters every refresh would see a change.
        location: args.location.toUpperCase(),
        labels: args.labels,
        uniformBucketLevelAccess: true,
        publicAccessPrevention: "enforced",
        // Copies of what the release lock pins, nothing that only lies here.
        forceDestroy: true,
      },
      { parent: this },
    );
    for (const [sha256, source] of Object.entries(args.objects))
      new storage.BucketObject(
        `${name}-${sha256.slice(0, 12)}`,
        { bucket: bucket.name, name: sha256, source, contentType: "application/octet-stream" },
        // A machine that is replaced is born from its first user data, which names what was installed then.
        { parent: this, retainOnDelete: true },
      );
    this.bucket = bucket.name;
    this.registerOutputs({ bucket: this.bucket });
  }
}
