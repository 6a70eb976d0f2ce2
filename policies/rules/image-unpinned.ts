import { type Rule, violation } from "../rule";

/** What names one image, or one release of a system, by cloud. */
const PINNED: Readonly<Record<string, RegExp>> = {
  aws: /^ami-[0-9a-f]{8,}$/,
  // A family is a release that its maker keeps: `debian-cloud/debian-12`.
  gcp: /\d/,
  digitalocean: /\d/,
  // A digest, or a tag made of one.
  docker: /(@sha256:[0-9a-f]{64}|^sha256:[0-9a-f]{64}|:[\w.-]*[0-9a-f]{12,})$/,
};
const FLOATING = /(^|[:/@-])(latest|stable|edge|current)$/;

export const imageUnpinned: Rule = {
  id: "image-unpinned",
  level: "mandatory",
  title: "every image names its release, and a container's its digest",
  reason: 'what "latest" is today nobody can boot again tomorrow, and somebody else chooses it',
  remedy: "name an AMI by its id, a system by its release, a container image by its digest",
  check: ({ machines }) =>
    machines.flatMap(({ resource, cloud, image, host }) => {
      if (!image) return [];
      const isPinned = (PINNED[cloud]?.test(image.name) ?? true) && !FLOATING.test(image.name);
      return isPinned
        ? []
        : [violation(resource, `${host} is made from ${image.name}, which is another image tomorrow`)];
    }),
};
