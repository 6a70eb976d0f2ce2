import * as pulumi from "@pulumi/pulumi";
import { ASSET, type DumpedResource, SECRET, SIGNATURE, UNKNOWN } from "../bench/dump";

/**
 * Registers resources without any of this project's code: each by its class of the official SDK, with the same
 * arguments, parents and references. Components are empty ones, for the same URNs. They may stand in any order.
 */
export function replay(resources: readonly DumpedResource[]): void {
  const replayed = new Replay(resources);
  for (const { urn } of resources) replayed.resource(urn);
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
        ? [`@pulumi/command/${second}`, className]
        : [`@pulumi/${first}/${module === "index" ? file : module}`, className];
  const found = (require(path) as Record<string, ResourceClass>)[name];
  if (!found) throw new Error(`${path} has no ${name}`);
  return found;
}

class Replay {
  private readonly made = new Map<string, pulumi.Resource>();
  private readonly known: ReadonlyMap<string, DumpedResource>;

  constructor(resources: readonly DumpedResource[]) {
    this.known = new Map(resources.map((each) => [each.urn, each]));
  }

  /** The resource of that URN, made before whatever needs it. */
  resource(urn: string): pulumi.Resource {
    const made = this.made.get(urn);
    if (made) return made;
    const dumped = this.known.get(urn);
    if (!dumped) throw new Error(`${urn} is not among them`);
    const resource = this.create(dumped);
    this.made.set(urn, resource);
    return resource;
  }

  private create(dumped: DumpedResource): pulumi.Resource {
    const { type, name, custom } = dumped;
    const opts = this.optionsOf(dumped);
    return custom ? new (classOf(type))(name, this.argsOf(dumped), opts) : new Component(type, name, opts);
  }

  private optionsOf(dumped: DumpedResource): pulumi.CustomResourceOptions {
    const { parent, provider, dependsOn, custom, protect, retainOnDelete } = dumped;
    const within = this.known.has(parent) ? this.resource(parent) : undefined;
    const by = provider !== undefined && this.known.has(provider) ? this.resource(provider) : undefined;
    return {
      ...(within ? { parent: within } : {}),
      ...(by instanceof pulumi.ProviderResource ? { provider: by } : {}),
      ...(custom ? { deleteBeforeReplace: dumped.deleteBeforeReplace, protect, retainOnDelete } : {}),
      ignoreChanges: dumped.ignoreChanges,
      dependsOn: dependsOn.map((urn) => this.resource(urn)),
    };
  }

  private argsOf({ type, inputs, inputsFrom }: DumpedResource): pulumi.Inputs {
    return Object.fromEntries(
      Object.entries(inputs).map(([key, value]) => [
        key,
        type.startsWith("pulumi:") ? setting(value) : this.argument(value, inputsFrom[key] ?? []),
      ]),
    );
  }

  /** A value as a person would write it: what is not known yet is an output of the resources that it comes from. */
  private argument(value: unknown, from: readonly string[]): pulumi.Input<unknown> {
    if (from.length === 0 || hasUnknown(value)) return this.plain(value, from);
    return pulumi.all(from.map((urn) => this.resource(urn).urn)).apply(() => this.plain(value, []));
  }

  private plain(value: unknown, from: readonly string[]): pulumi.Input<unknown> {
    if (value === UNKNOWN) return this.outputOf(from);
    if (Array.isArray(value)) return value.map((each) => this.plain(each, from));
    if (value === null || typeof value !== "object") return value;
    const entries = Object.fromEntries(Object.entries(value));
    if (entries[SIGNATURE] === SECRET) return pulumi.secret(this.plain(entries.value, from));
    if (entries[SIGNATURE] === ASSET)
      return typeof entries.path === "string"
        ? new pulumi.asset.FileAsset(entries.path)
        : new pulumi.asset.StringAsset(String(entries.text));
    return Object.fromEntries(Object.entries(entries).map(([key, each]) => [key, this.plain(each, from)]));
  }

  private outputOf(from: readonly string[]): pulumi.Output<unknown> {
    const ids = from.flatMap((urn) => {
      const found = this.resource(urn);
      return pulumi.CustomResource.isInstance(found) ? [found.id] : [];
    });
    const [only, ...others] = ids;
    return only && others.length === 0 ? only : pulumi.all(ids).apply((all) => all[0]);
  }
}

/** Settings of providers travel as JSON, unless they are text. */
function setting(value: unknown): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return value;
  }
}

const hasUnknown = (value: unknown): boolean =>
  value === UNKNOWN ||
  (value !== null && typeof value === "object" && Object.values(value).some((each) => hasUnknown(each)));
