import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { problem, textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import { isObject, type Properties } from "../value";

export const ACCOUNT = "123456789012";

/** A type with what all types of AWS have in common: region, ARN and tags. */
interface AwsType extends Omit<CloudType, "outputs" | "computed"> {
  /** The part of the ARN behind the account: `instance/i-0123`; the service stands before: `ec2`. */
  readonly arn?: (id: string, inputs: Properties, world: World) => string;
  readonly outputs?: CloudType["outputs"];
  readonly computed?: readonly string[];
}

/** Completes a type. A resource's region cannot change (since version 7 of the SDK every resource may state one). */
export function awsType(spec: AwsType): CloudType {
  const { arn, outputs, computed = [], ...rest } = spec;
  const common = ["region", "tagsAll", ...(arn ? ["arn"] : [])];
  return {
    ...rest,
    forceNew: [...spec.forceNew, "region"],
    check: (inputs) => [...tagProblems(inputs), ...(spec.check?.(inputs) ?? [])],
    computed: [...common, ...computed],
    secrets: { tagsAll: ["tags"], ...spec.secrets },
    outputs: (id, inputs, world) => ({
      region: regionOf(inputs, world),
      tagsAll: { ...defaultTags(world), ...(isObject(inputs.tags) ? inputs.tags : {}) },
      ...(arn ? { arn: arn(id, inputs, world) } : {}),
      ...outputs?.(id, inputs, world),
    }),
  };
}

export function regionOf(inputs: Properties, world: World): string {
  return textOf(inputs.region) ?? textOf(world.config.region) ?? "";
}

/** `arn:aws:ec2:eu-central-1:123456789012:instance/i-0123` for `ec2` and `instance/i-0123`. */
export function arnOf(
  service: string,
  path: (id: string, inputs: Properties) => string,
): NonNullable<AwsType["arn"]> {
  return (id, inputs, world) =>
    `arn:aws:${service}:${regionOf(inputs, world)}:${ACCOUNT}:${path(id, inputs)}`;
}

/** An output that is decided at the create and kept ever after. */
export function kept<T>(world: World, token: string, id: string, output: string, make: () => T): unknown {
  return world.get(token, id)?.outputs[output] ?? make();
}

/** An id for a sub-resource that is drawn from the id of its owner: `eni-…` of `i-…`. */
export function relatedId(prefix: string, id: string): string {
  return `${prefix}${id.slice(id.indexOf("-") + 1)}`;
}

/** A public address that no other resource of this world ever had, of the block for benchmarks (RFC 2544). */
export function publicAddress(world: World): string {
  const number = world.draw();
  return `198.${18 + ((number >> 16) & 1)}.${(number >> 8) & 255}.${number & 255}`;
}

function defaultTags(world: World): Properties {
  const { defaultTags } = world.config;
  return isObject(defaultTags) && isObject(defaultTags.tags) ? defaultTags.tags : {};
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions */
function tagProblems(inputs: Properties): Problem[] {
  const tags = isObject(inputs.tags) ? Object.entries(inputs.tags) : [];
  return [
    ...problem(tags.length > 50, "tags", "more than 50 tags"),
    ...tags.flatMap(([key, value]) => [
      ...problem(key.length > 128 || key === "", `tags.${key}`, "a key has 1 to 128 characters"),
      ...problem(
        key.toLowerCase().startsWith("aws:"),
        `tags.${key}`,
        "keys that begin with aws: are reserved",
      ),
      ...problem((textOf(value)?.length ?? 0) > 256, `tags.${key}`, "a value has at most 256 characters"),
    ]),
  ];
}
