import { type Rule, violation } from "../rule";

export const bucketOpen: Rule = {
  id: "bucket-open",
  level: "mandatory",
  title: "no bucket can be listed or read as a whole by anyone",
  reason: "it holds the documents of hosts, snapshots or backups: a map of the stack, and its data",
  remedy: "block public access on the bucket, and name the network or account that reads in its policy",
  check: ({ buckets }) =>
    buckets.flatMap(({ resource, open }) =>
      open === undefined ? [] : [violation(resource, `${resource.name} is open: ${open}`)],
    ),
};
