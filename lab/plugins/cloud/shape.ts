import { z } from "zod";

/** A TypeScript type of an SDK as plain data, so that it can be kept in a file. */
export type Shape =
  | { readonly kind: "text" | "number" | "flag" | "anything" | "asset" }
  | { readonly kind: "words"; readonly words: readonly (string | number)[] }
  | { readonly kind: "list" | "map"; readonly of: Shape }
  | { readonly kind: "union"; readonly of: readonly Shape[] }
  | { readonly kind: "object"; readonly members: Readonly<Record<string, Member>> }
  /** By name among the definitions, because types refer to themselves. */
  | { readonly kind: "named"; readonly name: string };

export interface Member {
  readonly shape: Shape;
  readonly optional: boolean;
}

/** All that was read of one package: shapes of arguments by token, and those that they name. */
export interface Shapes {
  readonly byToken: Readonly<Record<string, Shape>>;
  readonly definitions: Readonly<Record<string, Shape>>;
}

/** Compiles shapes to strict schemas: what a shape does not name is refused. Each is compiled once, at its first use. */
export class SchemaCompiler {
  private readonly named = new Map<string, z.ZodType>();

  constructor(private readonly definitions: Shapes["definitions"]) {}

  compile(shape: Shape): z.ZodType {
    switch (shape.kind) {
      case "text":
        return z.string();
      case "number":
        return z.number();
      case "flag":
        return z.boolean();
      case "anything":
        return z.unknown();
      case "asset":
        return z.record(z.string(), z.unknown());
      case "words":
        return z.literal([...shape.words]);
      case "list":
        return z.array(this.compile(shape.of));
      case "map":
        return z.record(z.string(), this.compile(shape.of));
      case "union":
        return z.union(shape.of.map((part) => this.compile(part)));
      case "named":
        return z.lazy(() => this.namedSchema(shape.name));
      case "object":
        return this.object(shape.members);
    }
  }

  private object(members: Readonly<Record<string, Member>>): z.ZodType {
    const entries = Object.entries(members).map(([name, { shape, optional }]) => {
      const schema = this.compile(shape);
      return [name, optional ? schema.optional() : schema] as const;
    });
    return z.strictObject(Object.fromEntries(entries));
  }

  private namedSchema(name: string): z.ZodType {
    const before = this.named.get(name);
    if (before) return before;
    const schema = this.compile(this.definitions[name] ?? { kind: "anything" });
    this.named.set(name, schema);
    return schema;
  }
}
