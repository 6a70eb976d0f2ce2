/** A value that is known only when its resource has been made. */
export const UNKNOWN: unique symbol = Symbol("known after the update");

/** One resource of a stack as the engine knows it at a preview or at the end of an update, as plain data. */
export interface Resource {
  urn: string;
  /** `aws:ec2/instance:Instance` */
  type: string;
  name: string;
  /** URN of the component that it belongs to. */
  parent?: string;
  /** Its properties; `UNKNOWN` where nobody knows yet. Secrets are in plain text: they go into no message. */
  props: Readonly<Record<string, unknown>>;
  /** URNs of the resources that a property's value comes from. */
  from: Readonly<Record<string, readonly string[]>>;
  /** Whether the engine refuses to delete it. */
  protect: boolean;
  /** Properties whose later changes reach it not. */
  ignoreChanges: readonly string[];
  /** Properties of its provider, where one is told. */
  provider?: Readonly<Record<string, unknown>>;
}

/** The resources of one stack, to be asked for by type and by what they are joined to. */
export interface Stack {
  resources: readonly Resource[];
  /** Those of any of these types. */
  of(...types: string[]): readonly Resource[];
  /** Those that a property of a resource comes from. */
  linked(resource: Resource, property: string): readonly Resource[];
  /** Whether a property of a resource comes from that other one. */
  joins(resource: Resource, property: string, other: Resource): boolean;
  /** The components that a resource lies in, the nearest first. */
  ancestors(resource: Resource): readonly string[];
}

export function indexed(resources: readonly Resource[]): Stack {
  const byUrn = new Map(resources.map((each) => [each.urn, each]));
  const byType = new Map<string, Resource[]>();
  for (const each of resources) {
    const alike = byType.get(each.type);
    if (alike) alike.push(each);
    else byType.set(each.type, [each]);
  }
  const ancestors = ({ parent }: Pick<Resource, "parent">): string[] =>
    parent === undefined ? [] : [parent, ...ancestors(byUrn.get(parent) ?? {})];
  return {
    resources,
    of: (...types) => types.flatMap((type) => byType.get(type) ?? []),
    linked: ({ from }, property) => (from[property] ?? []).flatMap((urn) => byUrn.get(urn) ?? []),
    joins: ({ from }, property, { urn }) => (from[property] ?? []).includes(urn),
    ancestors,
  };
}
