import type { Graph } from "../graph";
import type { Resource } from "../resource";
import { type Rule, type Violation, violation } from "../rule";
import { secretsIn } from "../secrets";
import { isMap, listOf } from "../value";

/** Properties that anyone on the host, in the console or of the state can read. */
const ALWAYS = [
  "tags",
  "labels",
  "metadata",
  "userData",
  "userDataBase64",
  "description",
  "tagSpecifications",
];
const COMMAND = ["create", "update", "delete", "environment", "triggers"];
const OPEN: Readonly<Record<string, readonly string[]>> = {
  "command:remote:Command": COMMAND,
  "command:local:Command": COMMAND,
  "docker:index/container:Container": ["command", "entrypoints", "envs", "healthcheck"],
};

export const secretInPlain: Rule = {
  id: "secret-in-plain",
  level: "mandatory",
  title: "no secret stands in user data, tags, metadata, environments, command lines or host documents",
  reason:
    "anyone who may look at the host, the console or the state has the key, and nobody sees them take it",
  remedy:
    "make it a secret of the stack (docs/secrets.md), which goes over SSH to the host alone; then change it",
  check: ({ stack, machines, intent }) => {
    const found = [
      ...stack.resources.map((resource) => ({ resource, texts: openTexts(resource) })),
      ...machines.map(({ resource, userData }) => ({ resource, texts: userData })),
      ...machines.flatMap(({ document, documentBy }) =>
        document && documentBy ? [{ resource: documentBy, texts: [JSON.stringify(document)] }] : [],
      ),
    ].flatMap(({ resource, texts }) => told(resource, texts, intent));
    return [...new Map(found.map((each) => [`${each.resource.urn} ${each.message}`, each])).values()];
  },
};

const openTexts = ({ type, props }: Resource): string[] =>
  [...ALWAYS, ...(OPEN[type] ?? [])].flatMap((key) => textsIn(props[key]));

const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  if (isMap(value)) return [JSON.stringify(value), ...Object.values(value).flatMap(textsIn)];
  return listOf(value).flatMap(textsIn);
};

const told = (resource: Resource, texts: readonly string[], intent: Graph["intent"]): Violation[] =>
  secretsIn(texts, intent).map((what) => violation(resource, `${resource.name} holds ${what} in plain text`));
