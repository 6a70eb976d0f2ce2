import { type Rule, violation } from "../rule";

export const bucketUnencrypted: Rule = {
  id: "bucket-unencrypted",
  level: "mandatory",
  title: "what a bucket keeps is encrypted",
  reason: "backups and snapshots outlive the machines whose disks were encrypted",
  remedy: "use AES256 or aws:kms as the bucket's algorithm, or take its own encryption rule away",
  check: ({ buckets }) =>
    buckets
      .filter(({ encrypted }) => !encrypted)
      .map(({ resource }) =>
        violation(resource, `${resource.name} has an encryption rule that does not encrypt`),
      ),
};
