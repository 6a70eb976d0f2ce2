import type { PolicyResource } from "@pulumi/policy";
import type { asset } from "@pulumi/pulumi";
import { type Resource, UNKNOWN } from "./resource";

/** A resource as the SDK gives it to a policy pack, as plain data. */
export async function seen({
  urn,
  type,
  name,
  props,
  opts,
  provider,
  ...joined
}: PolicyResource): Promise<Resource> {
  const { parent, propertyDependencies } = joined;
  const from = Object.entries(propertyDependencies).map(([key, them]) => [key, them.map(({ urn }) => urn)]);
  return {
    ...{ urn, type, name, protect: opts.protect, ignoreChanges: opts.ignoreChanges },
    ...(parent ? { parent: parent.urn } : {}),
    props: await plainMap(props),
    from: Object.fromEntries(from),
    ...(provider ? { provider: await plainMap(provider.props) } : {}),
  };
}

async function plainMap(map: object): Promise<Record<string, unknown>> {
  const entries = Object.keys(map).map(async (key) => [key, await plain(() => map[key as never])] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** The SDK throws where a value is read that is known after the update only. */
async function plain(read: () => unknown): Promise<unknown> {
  let value: unknown;
  try {
    value = read();
  } catch {
    return UNKNOWN;
  }
  if (Array.isArray(value)) {
    const list: unknown[] = value;
    return Promise.all(Object.keys(list).map((index) => plain(() => list[Number(index)])));
  }
  if (value === null || typeof value !== "object") return value;
  if ("__pulumiAsset" in value) return textOfAsset(value as unknown as asset.Asset);
  return plainMap(value);
}

const textOfAsset = (given: asset.Asset): Promise<unknown> => {
  const { text, path } = given as { text?: Promise<string>; path?: Promise<string> };
  const told: (Promise<string> & { __getSpecialProxyTarget?: Promise<string> }) | undefined = text ?? path;
  // A promise works only as itself, not behind the SDK's proxy.
  return Promise.resolve(told?.__getSpecialProxyTarget ?? told);
};
