import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { ASSET, type Dump, type DumpedResource, SECRET, SIGNATURE, UNKNOWN } from "./dump";

const made = new Map<string, pulumi.Resource>();

function create(dumped: DumpedResource): pulumi.Resource {
  const { type, name, custom } = dumped;
  const opts = optionsOf(dumped);
  return custom ? new (classOf(type))(name, argsOf(dumped), opts) : new Component(type, name, opts);
}

class Component extends pulumi.ComponentResource {
  constructor(type: string, name: string, opts: pulumi.ComponentResourceOptions) {
    super(type, name, {}, opts);
    this.registerOutputs();
  }
}

type ResourceClass = new (
  name: string,
  args: pulumi.Inputs,
  opts: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

/** `aws:ec2/instance:Instance` is `Instance` of `@pulumi/aws/ec2`: the part of the SDK that this project imports, too. */
function classOf(type: string): ResourceClass {
  const [first = "", second = "", className = ""] = type.split(":");
  const [module = "", file = ""] = second.split("/");
  const [path, name] =
    first === "pulumi"
      ? [`@pulumi/${className}/provider`, "Provider"]
      : first === "command"
        ? ["@pulumi/command/remote", className]
        : [`@pulumi/${first}/${module === "index" ? file : module}`, className];
  const found = (require(path) as Record<string, ResourceClass>)[name];
  if (!found) throw new Error(`${path} has no ${name}`);
  return found;
}

function optionsOf(dumped: DumpedResource): pulumi.CustomResourceOptions {
  const { parent, provider, dependsOn, custom, protect, retainOnDelete } = dumped;
  const within = made.get(parent);
  const by = provider === undefined ? undefined : made.get(provider);
  return {
    ...(within ? { parent: within } : {}),
    ...(by instanceof pulumi.ProviderResource ? { provider: by } : {}),
    ...(custom ? { deleteBeforeReplace: dumped.deleteBeforeReplace, protect, retainOnDelete } : {}),
    ignoreChanges: dumped.ignoreChanges,
    dependsOn: dependsOn.map(resource),
  };
}

function resource(urn: string): pulumi.Resource {
  const found = made.get(urn);
  if (!found) throw new Error(`${urn} is not made yet`);
  return found;
}

const argsOf = ({ type, inputs, inputsFrom }: DumpedResource): pulumi.Inputs =>
  Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [
      key,
      type.startsWith("pulumi:") ? setting(value) : argument(value, inputsFrom[key] ?? []),
    ]),
  );

/** Settings of providers travel as JSON, unless they are text. */
function setting(value: unknown): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return value;
  }
}

/** A value as a person would write it: what is not known yet is an output of the resources that it comes from. */
function argument(value: unknown, from: readonly string[]): pulumi.Input<unknown> {
  if (from.length === 0 || hasUnknown(value)) return plain(value, from);
  return pulumi.all(from.map((urn) => resource(urn).urn)).apply(() => plain(value, []));
}

const hasUnknown = (value: unknown): boolean =>
  value === UNKNOWN ||
  (value !== null && typeof value === "object" && Object.values(value).some((each) => hasUnknown(each)));

function plain(value: unknown, from: readonly string[]): pulumi.Input<unknown> {
  if (value === UNKNOWN) return outputOf(from);
  if (Array.isArray(value)) return value.map((each) => plain(each, from));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.fromEntries(Object.entries(value));
  if (entries[SIGNATURE] === SECRET) return pulumi.secret(plain(entries.value, from));
  if (entries[SIGNATURE] === ASSET)
    return typeof entries.path === "string"
      ? new pulumi.asset.FileAsset(entries.path)
      : new pulumi.asset.StringAsset(String(entries.text));
  return Object.fromEntries(Object.entries(entries).map(([key, each]) => [key, plain(each, from)]));
}

function outputOf(from: readonly string[]): pulumi.Output<unknown> {
  const ids = from.flatMap((urn) => {
    const found = resource(urn);
    return pulumi.CustomResource.isInstance(found) ? [found.id] : [];
  });
  const [only, ...others] = ids;
  return only && others.length === 0 ? only : pulumi.all(ids).apply((all) => all[0]);
}

/**
 * A program without any of this project's code: each resource of a dump by its class of the official SDK, with the same
 * arguments, parents and references. Components are empty ones, for the same URNs.
 */
const dump = JSON.parse(readFileSync(process.env.NODEWRIGHT_BENCH_DUMP ?? "", "utf8")) as Dump;
for (const dumped of dump.resources) made.set(dumped.urn, create(dumped));
