import { createHash } from "node:crypto";
import { join, relative } from "node:path";
import ts from "typescript";
import { PROJECT } from "../stacks/stack-file";
import { emitDeclarations } from "./declarations";

/** One thing that the package exports. */
export interface Exported {
  name: string;
  /** Whether it can be called or constructed. */
  callable: boolean;
  /** What its comment says; empty where nobody wrote one. */
  doc: string;
  /** Its declarations, without comments. */
  text: string;
}

export interface ApiReport {
  exports: Exported[];
  /** Types of ours that these speak of, each once: a change of them is a change for whoever uses the exports. */
  spokenOf: { name: string; text: string }[];
}

/** Where the declarations seem to lie: they are never written. */
const ROOM = join(PROJECT, "dist", "types");
const printer = ts.createPrinter({ removeComments: true });

/** What the package's types are now, by the compiler. */
export function apiReport(): ApiReport {
  const program = programOver(emitDeclarations());
  const checker = program.getTypeChecker();
  const entry = program.getSourceFile(join(ROOM, "library", "index.d.ts"));
  const module = entry && checker.getSymbolAtLocation(entry);
  if (!module) throw new Error("the package's entry declares nothing");
  const exported = checker.getExportsOfModule(module).map((symbol) => ({
    name: symbol.name,
    symbol: original(symbol, checker),
  }));
  const found = new Set(exported.map(({ symbol }) => symbol));
  // Grows while it is walked: what is found speaks of more.
  for (const symbol of found) for (const other of referredTo(symbol, checker)) found.add(other);
  const named = exported.map(({ symbol }) => symbol);
  return {
    exports: sorted(exported.map(({ name, symbol }) => ({ name, ...described(symbol, checker) }))),
    spokenOf: sorted(
      [...found]
        .filter((symbol) => !named.includes(symbol))
        .map((symbol) => ({ name: symbol.name, text: textOf(symbol) })),
    ),
  };
}

/** A program over files that are in memory alone. */
function programOver(files: ReadonlyMap<string, string>): ts.Program {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    strict: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, directoryExists } = host;
  const held = (path: string): string | undefined => files.get(relative(ROOM, path));
  host.fileExists = (path) => held(path) !== undefined || fileExists(path);
  host.readFile = (path) => held(path) ?? readFile(path);
  host.directoryExists = (path) => path.startsWith(ROOM) || (directoryExists?.(path) ?? false);
  host.getSourceFile = (path, version) => {
    const text = host.readFile(path);
    return text === undefined ? undefined : ts.createSourceFile(path, text, version, true);
  };
  return ts.createProgram([join(ROOM, "library", "index.d.ts")], options, host);
}

const original = (symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

const declarationsOf = (symbol: ts.Symbol): ts.Declaration[] =>
  (symbol.declarations ?? []).filter((node) => node.getSourceFile().fileName.startsWith(ROOM));

function described(symbol: ts.Symbol, checker: ts.TypeChecker): Omit<Exported, "name"> {
  const [node] = declarationsOf(symbol);
  const isValue = (symbol.flags & ts.SymbolFlags.Value) !== 0;
  const type = isValue && node ? checker.getTypeOfSymbolAtLocation(symbol, node) : undefined;
  const signatures = [...(type?.getCallSignatures() ?? []), ...(type?.getConstructSignatures() ?? [])];
  return {
    callable: signatures.length > 0,
    doc: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    text: textOf(symbol),
  };
}

/** Its declarations as the compiler prints them. A constant stands in a statement, which says that it is one. */
const textOf = (symbol: ts.Symbol): string =>
  declarationsOf(symbol)
    .map((node) => {
      const whole = ts.isVariableDeclaration(node) ? node.parent.parent : node;
      return printer.printNode(ts.EmitHint.Unspecified, whole, node.getSourceFile());
    })
    .join("\n");

/** Declarations of ours that a declaration names. */
function referredTo(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol[] {
  const found: ts.Symbol[] = [];
  const take = (node: ts.Node): void => {
    const named = checker.getSymbolAtLocation(node);
    if (!named) return;
    const target = original(named, checker);
    const isModule = (target.flags & ts.SymbolFlags.ValueModule) !== 0;
    const declared = isModule
      ? checker.getExportsOfModule(target).map((each) => original(each, checker))
      : [target];
    found.push(...declared.filter(isTopLevel));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) take(node);
    if (ts.isImportTypeNode(node) && node.isTypeOf && !node.qualifier && ts.isLiteralTypeNode(node.argument))
      take(node.argument.literal);
    ts.forEachChild(node, visit);
  };
  for (const node of declarationsOf(symbol)) visit(node);
  return found;
}

/** Members and parameters stand in the text of what they belong to. */
const isTopLevel = (symbol: ts.Symbol): boolean =>
  declarationsOf(symbol).some(
    (node) =>
      ts.isSourceFile(node.parent) ||
      (ts.isVariableDeclaration(node) && ts.isSourceFile(node.parent.parent.parent)),
  );

const sorted = <Entry extends { name: string; text: string }>(entries: readonly Entry[]): Entry[] =>
  [...entries].sort((left, right) => compare(left.name, right.name) || compare(left.text, right.text));

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** The report as it is checked in. */
export function printReport({ exports, spokenOf }: ApiReport): string {
  const section = (entries: readonly { name: string; text: string }[]) =>
    entries.map(({ name, text }) => `### ${name}\n\n\`\`\`ts\n${text}\n\`\`\`\n`).join("\n");
  return [
    "# The package's types",
    "",
    "Written by `npm run api`: a difference here is a change for the teams that build on the package. It is recorded in the",
    "CHANGELOG before it lands.",
    "",
    "## Exports",
    "",
    section(exports),
    "## Types that they speak of",
    "",
    section(spokenOf),
  ].join("\n");
}

/** By which a CHANGELOG names a report: the first twelve hex digits of its sha256. */
export const digestOf = (report: string): string =>
  createHash("sha256").update(report).digest("hex").slice(0, 12);
