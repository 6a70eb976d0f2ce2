import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

/** What a program registered, in that order, as the engine's own log of calls has it (PULUMI_DEBUG_GRPC). */
export interface Dump {
  resources: DumpedResource[];
}

export interface DumpedResource {
  urn: string;
  type: string;
  name: string;
  /** Whether a plugin makes it; else it is a component. */
  custom: boolean;
  parent: string;
  provider?: string;
  inputs: Record<string, unknown>;
  /** URNs that each input comes from. */
  inputsFrom: Record<string, string[]>;
  dependsOn: string[];
  protect: boolean;
  retainOnDelete: boolean;
  deleteBeforeReplace: boolean;
  ignoreChanges: string[];
}

/** How the SDK writes a value that is known only when its resource has been made, and marks a secret or an asset. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";
export const ASSET = "c44067f5952c0a294b673a41bacd8c17";

interface Request {
  type: string;
  name: string;
  custom?: boolean;
  parent?: string;
  provider?: string;
  providers?: Record<string, string>;
  object?: Record<string, unknown>;
  dependencies?: string[];
  propertyDependencies?: Record<string, { urns?: string[] }>;
  protect?: boolean;
  retainOnDelete?: boolean;
  deleteBeforeReplace?: boolean;
  ignoreChanges?: string[];
}

interface Call {
  method: string;
  request: Request;
  response?: { urn?: string };
}

/** Reads a log of calls. A line stands where its call ended, so that what a resource needs stands before it. */
export async function readDump(log: string): Promise<Dump> {
  const resources: DumpedResource[] = [];
  for await (const line of createInterface({ input: createReadStream(log) })) {
    if (!line.includes('"/pulumirpc.ResourceMonitor/RegisterResource"')) continue;
    const { request, response } = JSON.parse(line) as Call;
    if (response?.urn && request.parent) resources.push(dumped(request, request.parent, response.urn));
  }
  return { resources };
}

function dumped(request: Request, parent: string, urn: string): DumpedResource {
  const { type, name, custom = false, object = {}, propertyDependencies = {} } = request;
  const provider = request.provider ?? Object.values(request.providers ?? {})[0];
  const from = Object.entries(propertyDependencies).map(([key, { urns = [] }]) => [key, urns] as const);
  const implied = new Set(from.flatMap(([, urns]) => urns));
  return {
    ...{ urn, type, name, custom, parent },
    // A provider is named by its URN and its id.
    ...(provider ? { provider: provider.slice(0, provider.lastIndexOf("::")) } : {}),
    inputs: object,
    inputsFrom: Object.fromEntries(from.filter(([, urns]) => urns.length > 0)),
    dependsOn: (request.dependencies ?? []).filter((other) => !implied.has(other)),
    protect: request.protect ?? false,
    retainOnDelete: request.retainOnDelete ?? false,
    deleteBeforeReplace: request.deleteBeforeReplace ?? false,
    ignoreChanges: request.ignoreChanges ?? [],
  };
}

/** What one program registered and the other did not, a line each; empty where both did the same. */
export function differences(left: Dump, right: Dump): string[] {
  const [one, other] = [linesOf(left), linesOf(right)];
  return [
    ...[...one].filter(([urn, line]) => other.get(urn) !== line).map(([, line]) => `- ${line}`),
    ...[...other].filter(([urn, line]) => one.get(urn) !== line).map(([, line]) => `+ ${line}`),
  ].map((line) => line.slice(0, 2000));
}

const linesOf = ({ resources }: Dump): Map<string, string> =>
  new Map(
    resources.map(({ urn, inputs, custom, protect, ignoreChanges }) => [
      urn,
      JSON.stringify([urn, custom, sorted(inputs), protect, ignoreChanges]),
    ]),
  );

/** The same value with the keys of each map in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}
