import type { Resource } from "../../policies/resource";
import { UNKNOWN } from "../../policies/resource";
import { ASSET, type DumpedResource, SIGNATURE, UNKNOWN as WIRE_UNKNOWN } from "../bench/dump";

/** Properties that are files to the SDK, and their text to a policy. */
const ASSETS: Readonly<Record<string, string>> = {
  "aws:s3/bucketObjectv2:BucketObjectv2": "source",
  "gcp:storage/bucketObject:BucketObject": "source",
};
const STACK = "pulumi:pulumi:Stack";
const PROVIDER = "pulumi:providers:";

/** What was recorded, in the form in which a program can register it again. The stack itself the engine makes. */
export function replayable(resources: readonly Resource[]): DumpedResource[] {
  const providers = resources.filter(({ type }) => type.startsWith(PROVIDER));
  return resources.filter(({ type }) => type !== STACK).map((each) => dumped(each, providers));
}

function dumped(resource: Resource, providers: readonly Resource[]): DumpedResource {
  const { urn, type, name, parent = "", protect, ignoreChanges } = resource;
  const custom = !type.startsWith("nodewright:");
  const by = custom && !type.startsWith(PROVIDER) ? providerOf(resource, providers) : undefined;
  return {
    ...{ urn, type, name, custom, parent, protect, ignoreChanges: [...ignoreChanges] },
    ...(by ? { provider: by.urn } : {}),
    inputs: custom ? inputsOf(resource) : {},
    inputsFrom: Object.fromEntries(
      Object.entries(resource.from).flatMap(([key, urns]) => (urns.length > 0 ? [[key, [...urns]]] : [])),
    ),
    ...{ dependsOn: [], retainOnDelete: false, deleteBeforeReplace: false },
  };
}

/** The one that it was registered with; for one that was not there, the first of its cloud. */
function providerOf({ type, provider }: Resource, providers: readonly Resource[]): Resource | undefined {
  const own = providers.filter((each) => each.type === `${PROVIDER}${type.split(":")[0]}`);
  return own.find(({ props }) => props === provider) ?? own[0];
}

function inputsOf({ type, props, from }: Resource): Record<string, unknown> {
  const keys = [...new Set([...Object.keys(props), ...Object.keys(from)])];
  const asset = ASSETS[type];
  return Object.fromEntries(
    keys.map((key) => {
      const comesFrom = from[key] ?? [];
      // Joined to another by a change: its value is that one's id.
      const value = key in props ? props[key] : UNKNOWN;
      if (key === asset && typeof value === "string") return [key, { [SIGNATURE]: ASSET, text: value }];
      return [key, comesFrom.length > 0 ? wire(value) : severed(value)];
    }),
  );
}

function wire(value: unknown): unknown {
  if (value === UNKNOWN) return WIRE_UNKNOWN;
  if (Array.isArray(value)) return value.map(wire);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, wire(each)]));
}

/** A value that came from a resource which a change took away from it: somebody else's, or none of a list. */
function severed(value: unknown): unknown {
  if (value === UNKNOWN) return "elsewhere";
  if (Array.isArray(value)) return value.filter((each) => !holdsUnknown(each)).map(severed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, severed(each)]));
}

const holdsUnknown = (value: unknown): boolean =>
  value === UNKNOWN ||
  (value !== null && typeof value === "object" && Object.values(value).some((each) => holdsUnknown(each)));
