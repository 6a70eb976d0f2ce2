import { createRequire } from "node:module";
import type { AnalyzeRequest, AnalyzerResource } from "@pulumi/pulumi/proto/analyzer_pb";
import { specialAssetSig, specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc";
import { type Resource, UNKNOWN } from "./resource";
import { isMap } from "./value";

type Rpc = typeof import("@pulumi/pulumi/proto/analyzer_grpc_pb");

/**
 * Takes a stack's resources as the engine sends them, once for all policies of this process: the SDK opens each anew for
 * each policy, behind proxies, which is most of what a pack of thirty costs. And it has the SDK leave shut what the engine
 * sends of every single resource, twice, as no policy here looks at one alone. Call it before the pack is declared, in
 * which no policy may then be of single resources. Answers with what gives the resources that were sent last.
 * `atFirst` runs when the engine sends the first of them: its program has begun, and there is time.
 */
export function takeStack(atFirst: () => void): () => readonly Resource[] {
  // The very module that the SDK of policies declares its server by.
  const { AnalyzerService: service } = createRequire(require.resolve("@pulumi/policy"))(
    "@pulumi/pulumi/proto/analyzer_grpc_pb",
  ) as Rpc;
  for (const method of [service.analyze, service.remediate]) {
    const read = method.requestDeserialize;
    let first: AnalyzeRequest | undefined;
    method.requestDeserialize = (bytes) => {
      if (!first) setImmediate(atFirst);
      first ??= read(bytes);
      return first;
    };
  }
  let sent: readonly Resource[] | undefined;
  const read = service.analyzeStack.requestDeserialize;
  service.analyzeStack.requestDeserialize = (bytes) => {
    const request = read(bytes);
    sent = resourcesOf(request.getResourcesList());
    request.clearResourcesList();
    return request;
  };
  return () => {
    if (!sent)
      throw new Error("this version of @pulumi/policy serves its policies in a way of its own: use 1.21");
    return sent;
  };
}

function resourcesOf(sent: readonly AnalyzerResource[]): Resource[] {
  const known = new Set(sent.map((each) => each.getUrn()));
  return sent.map((each) => {
    const [parent, provider] = [each.getParent(), each.getProvider()];
    const from = Array.from(each.getPropertydependenciesMap().entries(), ([key, them]) => [
      key,
      them.getUrnsList().filter((urn) => known.has(urn)),
    ]);
    return {
      ...{ urn: each.getUrn(), type: each.getType(), name: each.getName() },
      protect: each.getOptions()?.getProtect() ?? false,
      ignoreChanges: each.getOptions()?.getIgnorechangesList() ?? [],
      ...(known.has(parent) ? { parent } : {}),
      props: plainMap(each.getProperties()?.toJavaScript() ?? {}),
      from: Object.fromEntries(from),
      ...(provider ? { provider: plainMap(provider.getProperties()?.toJavaScript() ?? {}) } : {}),
    };
  });
}

/** How the engine writes a value that nobody knows yet: one sign for each type that it will have. */
const UNKNOWNS = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** A value without the engine's marks: of a secret what it holds, of an asset its text or where it lies. */
function plain(value: unknown): unknown {
  if (typeof value === "string") return UNKNOWNS.has(value) ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map(plain);
  if (!isMap(value)) return value;
  if (value[specialSigKey] === specialSecretSig) return plain(value.value);
  if (value[specialSigKey] === specialAssetSig) return value.text || value.path;
  return plainMap(value);
}

const plainMap = (map: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, plain(value)]));
