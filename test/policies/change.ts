import type { HostDocument } from "../../cloud-init/document";
import { emitBundle } from "../../cloud-init/emit/bundle";
import { documentIn } from "../../policies/documents";
import type { Resource } from "../../policies/resource";

export type Props = Record<string, unknown>;

/** One change of what a program registers, at the resource of that type and name. */
export interface Change {
  /** End of its type: `Instance`. */
  type: string;
  name: string;
  props?: (props: Props) => Props;
  protect?: boolean;
  /** Resources of `Type name` that a property comes from instead. */
  from?: Readonly<Record<string, readonly string[]>>;
}

export const isOf = ({ type, name }: Change, resource: Pick<Resource, "type" | "name">): boolean =>
  resource.name === name && resource.type.endsWith(`:${type}`);

/** Stacks with changes, and with resources beside their own. Throws where a change meets nothing. */
export function changed(
  resources: readonly Resource[],
  changes: readonly Change[],
  added: readonly Added[] = [],
): Resource[] {
  for (const change of changes)
    if (!resources.some((resource) => isOf(change, resource)))
      throw new Error(`no ${change.type} is called ${change.name}`);
  const all = resources.map((resource) =>
    changes
      .filter((change) => isOf(change, resource))
      .reduce((now, change) => applied(now, change, resources), resource),
  );
  // One that is added may come from one that is added before it.
  for (const each of added) all.push(registered(each, all));
  return all;
}

function applied(
  resource: Resource,
  { props, protect, from = {} }: Change,
  all: readonly Resource[],
): Resource {
  const joined = Object.entries(from).map(([key, names]) => [key, names.map((name) => urnOf(name, all))]);
  return {
    ...resource,
    ...(props ? { props: props({ ...resource.props }) } : {}),
    ...(protect === undefined ? {} : { protect }),
    from: { ...resource.from, ...Object.fromEntries(joined) },
  };
}

/** A resource that the program does not make. */
export interface Added {
  type: string;
  name: string;
  props?: Props;
  from?: Readonly<Record<string, readonly string[]>>;
}

const registered = ({ type, name, props = {}, from = {} }: Added, all: readonly Resource[]): Resource =>
  applied(
    {
      urn: `urn:pulumi:added::nodewright::${type}::${name}`,
      type,
      name,
      props,
      from: {},
      protect: false,
      ignoreChanges: [],
    },
    { type, name, from },
    all,
  );

function urnOf(typeAndName: string, all: readonly Resource[]): string {
  const [type = "", name = ""] = typeAndName.split(" ");
  const found = all.find((resource) => isOf({ type, name }, resource));
  if (!found) throw new Error(`no ${type} is called ${name}`);
  return found.urn;
}

/** Properties with others over them. */
export const over =
  (more: Props) =>
  (props: Props): Props => ({ ...props, ...more });

/** The document that a property carries, edited and packed again. */
export const edited =
  (edit: (document: HostDocument) => HostDocument) =>
  (props: Props): Props => {
    const stdin = String(props.stdin);
    const document = documentIn(stdin);
    if (!document) throw new Error("the property carries no document");
    const { packed } = emitBundle(document);
    const next = emitBundle(edit(document)).packed;
    return { ...props, stdin: stdin === packed ? next : stdin.replace(packed, next) };
  };
