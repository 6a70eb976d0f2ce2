import { SpacesBucket } from "@pulumi/digitalocean/spacesBucket";
import { SpacesBucketObject } from "@pulumi/digitalocean/spacesBucketObject";
import * as pulumi from "@pulumi/pulumi";
import type { Files } from "../../provisioner";
import type { DigitalOceanStack } from "../render";

type MirrorArgs = NonNullable<DigitalOceanStack["mirror"]> & { files: Files };

/** What hosts install, each object under its sha256, for anyone to read: hosts hold no key of the store. */
export class Mirror extends pulumi.ComponentResource {
  constructor(
    name: string,
    { bucket, region, artifacts, bundles, files }: MirrorArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("nodewright:digitalocean:Mirror", name, {}, opts);
    const store = new SpacesBucket(
      `${name}-bucket`,
      // Everything in it can be laid down again from the release lock.
      { name: bucket, region, acl: "private", forceDestroy: true },
      { parent: this },
    );
    const put = (sha256: string, content: { source: string } | { content: string }) =>
      new SpacesBucketObject(
        `${name}-${sha256.slice(0, 12)}`,
        { bucket: store.name, region, key: sha256, acl: "public-read", ...content },
        {
          parent: this,
          // The name is the content's hash; where the file lies differs from one operator to the next.
          ignoreChanges: ["source"],
          // A droplet that is replaced is born from its first user data, which names what was installed then.
          retainOnDelete: true,
        },
      );
    for (const sha256 of artifacts) put(sha256, { source: files(sha256) });
    for (const { sha256, json } of bundles) put(sha256, { content: json });
    this.registerOutputs({});
  }
}
