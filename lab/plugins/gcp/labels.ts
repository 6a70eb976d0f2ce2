import type { Problem } from "../check";
import { known, problem, textsOf } from "../cloud/known";
import { isObject, type Properties } from "../value";
import { RFC1035 } from "./place";

// cloud.google.com/compute/docs/labeling-resources: at most 64 labels, keys and values of at most 63 characters.
const LABELS_MAX = 64;
const KEY = /^[a-z][a-z0-9_-]{0,62}$/;
const VALUE = /^[a-z0-9_-]{0,63}$/;
// cloud.google.com/vpc/docs/add-remove-network-tags: at most 64 tags for a machine.
const TAGS_MAX = 64;

export function labelProblems(labels: unknown, property = "labels"): Problem[] {
  if (!isObject(labels)) return [];
  const entries = Object.entries(labels);
  return [
    ...problem(entries.length > LABELS_MAX, property, `at most ${LABELS_MAX} labels`),
    ...entries.flatMap(([key, value]) => [
      ...problem(
        !KEY.test(key),
        property,
        `Label keys must match the following regexp: ${KEY.source}; got '${key}'`,
      ),
      ...problem(
        typeof known(value) === "string" && value !== "" && !isLabelValue(value),
        property,
        `Label values must match the following regexp: ${VALUE.source}; '${key}' does not`,
      ),
    ]),
  ];
}

// A value that is not known yet has the form of one: digits, letters and dashes.
function isLabelValue(value: unknown): boolean {
  return typeof value === "string" && VALUE.test(value);
}

export function tagProblems(tags: unknown, property = "tags"): Problem[] {
  const all = textsOf(tags);
  return [
    ...problem(all.length > TAGS_MAX, property, `at most ${TAGS_MAX} tags`),
    ...all.flatMap((tag) =>
      problem(!RFC1035.test(tag), property, `'${tag}' must be a match of regex '${RFC1035.source}'`),
    ),
  ];
}

/** Labels as the provider shows them: those of the program and its own mark. */
export function effectiveLabels(labels: unknown): Properties {
  const own = isObject(labels) ? labels : {};
  const all = { ...own, "goog-pulumi-provisioned": "true" };
  return { effectiveLabels: all, pulumiLabels: all };
}
