import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import ts from "typescript";
import type { Member, Shape, Shapes } from "./shape";

type Declaration = ts.InterfaceDeclaration | ts.ClassDeclaration | ts.TypeAliasDeclaration;

/**
 * Reads the argument types of these tokens from an SDK's declaration files, by syntax alone: a type checker over them
 * would take seconds and half a gigabyte.
 * @param folder the installed package.
 * @throws when the SDK has no such type.
 */
export function parseShapes(folder: string, tokens: readonly string[]): Shapes {
  const parser = new SdkParser(folder);
  const byToken = Object.fromEntries(tokens.map((token) => [token, parser.argumentsOf(token)]));
  return { byToken, definitions: parser.definitions };
}

class SdkParser {
  readonly definitions: Record<string, Shape> = {};
  private readonly files = new Map<string, Map<string, Declaration>>();
  private readonly imports = new Map<string, Map<string, string>>();

  constructor(private readonly folder: string) {}

  /** `aws:ec2/instance:Instance` is `InstanceArgs` of `ec2/instance.d.ts`; a provider's token is `pulumi:providers:aws`. */
  argumentsOf(token: string): Shape {
    const [, module = "", type = ""] = token.split(":");
    const isProvider = token.startsWith("pulumi:providers:");
    const path = isProvider ? "provider" : module.replace(/^index\//, "");
    const name = isProvider ? "ProviderArgs" : `${type.charAt(0).toUpperCase()}${type.slice(1)}Args`;
    const file = this.fileOf(join(this.folder, `${path}.d.ts`));
    const found = file && this.declarations(file).get(name);
    if (file && found && ts.isInterfaceDeclaration(found)) return this.membersOf(found.members, file);
    throw new Error(`the SDK in ${basename(this.folder)} has no ${name} for ${token}`);
  }

  /** The SDKs write some file names in lower case: `projects/iAMMember` is `projects/iammember.d.ts`. */
  private fileOf(path: string): string | undefined {
    if (existsSync(path)) return path;
    if (!existsSync(dirname(path))) return undefined;
    const wanted = basename(path).toLowerCase();
    const found = readdirSync(dirname(path)).find((name) => name.toLowerCase() === wanted);
    return found && join(dirname(path), found);
  }

  /** All declarations of a file, by name: `InstanceArgs`, `ec2.InstanceRootBlockDevice`. */
  private declarations(file: string): Map<string, Declaration> {
    const before = this.files.get(file);
    if (before) return before;
    const found = new Map<string, Declaration>();
    const imports = new Map<string, string>();
    const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022);
    const visit = (statements: readonly ts.Statement[], prefix: string): void => {
      for (const statement of statements) {
        if (ts.isModuleDeclaration(statement) && statement.body && ts.isModuleBlock(statement.body)) {
          visit(statement.body.statements, `${prefix}${statement.name.text}.`);
        } else if (isDeclaration(statement) && statement.name) {
          found.set(prefix + statement.name.text, statement);
        } else if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
          for (const name of importedNames(statement)) imports.set(name, statement.moduleSpecifier.text);
        }
      }
    };
    visit(source.statements, "");
    this.files.set(file, found);
    this.imports.set(file, imports);
    return found;
  }

  private membersOf(elements: readonly ts.TypeElement[], file: string): Shape {
    const index = elements.find(ts.isIndexSignatureDeclaration);
    if (index) return { kind: "map", of: this.shapeOf(index.type, file) };
    const members: Record<string, Member> = {};
    for (const element of elements.filter(ts.isPropertySignature)) {
      if (!element.type || !(ts.isIdentifier(element.name) || ts.isStringLiteral(element.name))) continue;
      const shape = this.shapeOf(element.type, file);
      members[element.name.text] = { shape, optional: element.questionToken !== undefined };
    }
    return { kind: "object", members };
  }

  private shapeOf(type: ts.TypeNode, file: string): Shape {
    if (ts.isArrayTypeNode(type)) return { kind: "list", of: this.shapeOf(type.elementType, file) };
    if (ts.isParenthesizedTypeNode(type)) return this.shapeOf(type.type, file);
    if (ts.isTypeLiteralNode(type)) return this.membersOf(type.members, file);
    if (ts.isUnionTypeNode(type)) return this.unionOf(type, file);
    if (ts.isLiteralTypeNode(type)) return literalOf(type.literal);
    if (ts.isTypeReferenceNode(type)) return this.referenceOf(type, file);
    // The modules' indexes name their resources so: `export type Bucket = import("./bucket").Bucket`.
    if (ts.isImportTypeNode(type)) return { kind: "text" };
    switch (type.kind) {
      case ts.SyntaxKind.StringKeyword:
        return { kind: "text" };
      case ts.SyntaxKind.NumberKeyword:
        return { kind: "number" };
      case ts.SyntaxKind.BooleanKeyword:
        return { kind: "flag" };
      default:
        return { kind: "anything" };
    }
  }

  private unionOf(type: ts.UnionTypeNode, file: string): Shape {
    const given = type.types.filter((part) => part.kind !== ts.SyntaxKind.UndefinedKeyword);
    const shapes = given.map((part) => this.shapeOf(part, file));
    // Beside `string`, the words of an enum and a resource (which travels as its id) say nothing more.
    const hasText = shapes.some((shape) => shape.kind === "text");
    const parts = hasText ? [{ kind: "text" } as const, ...shapes.filter(isNoText)] : shapes;
    const [only, ...others] = parts;
    if (!only) return { kind: "anything" };
    return others.length === 0 ? only : { kind: "union", of: parts };
  }

  private referenceOf(type: ts.TypeReferenceNode, file: string): Shape {
    const name = nameOf(type.typeName);
    const [argument] = type.typeArguments ?? [];
    if (/^(pulumi\.)?(Input|Output|Promise|Readonly)$/.test(name) && argument) {
      return this.shapeOf(argument, file);
    }
    if (/^(Array|ReadonlyArray)$/.test(name) && argument)
      return { kind: "list", of: this.shapeOf(argument, file) };
    if (/^(pulumi\.)?(ID|URN|ARN)$/.test(name) || name.endsWith(".ARN")) return { kind: "text" };
    if (/^(pulumi\.)?asset\./.test(name)) return { kind: "asset" };
    if (name.startsWith("inputs.")) return this.named(name.slice("inputs.".length), this.typesFile("input"));
    if (name.startsWith("enums.")) return this.enumOf(name.slice("enums.".length));
    return this.localOf(name, file);
  }

  private typesFile(part: string): string {
    return join(this.folder, "types", `${part}.d.ts`);
  }

  private named(name: string, file: string): Shape {
    const found = this.declarations(file).get(name);
    if (!found || !ts.isInterfaceDeclaration(found)) return { kind: "anything" };
    const key = `${basename(file, ".d.ts")}.${name}`;
    if (!(key in this.definitions)) {
      // Stated before it is read, so that a type which names itself ends.
      this.definitions[key] = { kind: "anything" };
      this.definitions[key] = this.membersOf(found.members, file);
    }
    return { kind: "named", name: key };
  }

  /** `ec2.Tenancy` is `export declare const Tenancy: { readonly Default: "default" … }` of `types/enums/ec2/index.d.ts`. */
  private enumOf(name: string): Shape {
    const parts = name.split(".");
    const file = join(this.folder, "types", "enums", ...parts.slice(0, -1), "index.d.ts");
    if (!existsSync(file)) return { kind: "anything" };
    const text = readFileSync(file, "utf8");
    const body = new RegExp(`export declare const ${parts.at(-1)}: \\{([^}]*)\\}`).exec(text)?.[1] ?? "";
    const words = [...body.matchAll(/readonly \w+: "([^"]*)"/g)].map(([, word]) => word ?? "");
    return words.length > 0 ? { kind: "words", words } : { kind: "anything" };
  }

  /** A class is another resource, which travels as its id; what cannot be found is not judged. */
  private localOf(name: string, file: string): Shape {
    const own = this.declarations(file).get(name);
    if (own) return ts.isInterfaceDeclaration(own) ? this.named(name, file) : this.otherOf(own, file);
    const specifier = this.imports.get(file)?.get(name);
    if (!specifier?.startsWith(".")) return { kind: "anything" };
    const imported = this.fileOf(join(dirname(file), `${specifier}.d.ts`));
    if (imported && this.declarations(imported).has(name)) return this.localOf(name, imported);
    // What comes by way of a folder (`../iam`) is another resource's class.
    return { kind: "text" };
  }

  private otherOf(declaration: ts.ClassDeclaration | ts.TypeAliasDeclaration, file: string): Shape {
    return ts.isClassDeclaration(declaration) ? { kind: "text" } : this.shapeOf(declaration.type, file);
  }
}

function isDeclaration(statement: ts.Statement): statement is Declaration {
  return (
    ts.isInterfaceDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement)
  );
}

function importedNames(statement: ts.ImportDeclaration): string[] {
  const bindings = statement.importClause?.namedBindings;
  return bindings && ts.isNamedImports(bindings) ? bindings.elements.map((element) => element.name.text) : [];
}

function nameOf(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : `${nameOf(name.left)}.${name.right.text}`;
}

function literalOf(literal: ts.LiteralTypeNode["literal"]): Shape {
  if (ts.isStringLiteral(literal)) return { kind: "words", words: [literal.text] };
  if (ts.isNumericLiteral(literal)) return { kind: "words", words: [Number(literal.text)] };
  return { kind: "anything" };
}

function isNoText(shape: Shape): boolean {
  return shape.kind !== "text" && shape.kind !== "words";
}
