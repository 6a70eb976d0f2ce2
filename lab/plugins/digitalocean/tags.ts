import type { Problem } from "../check";
import { problem, textsOf } from "../cloud/known";

// digitalocean/tag/tags.go of the Terraform provider, ValidateTag.
export const TAG = /^[a-zA-Z0-9:\-_]{1,255}$/;

export function tagProblems(tags: unknown, property = "tags"): Problem[] {
  return textsOf(tags).flatMap((tag) =>
    problem(
      !TAG.test(tag),
      property,
      `"${tag}": tags may only contain lowercase letters, numbers, colons, dashes, and underscores`,
    ),
  );
}
