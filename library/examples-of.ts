import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { PROJECT } from "../stacks/stack-file";

const EXAMPLES = join(PROJECT, "library", "examples");

/** The programs that show how the package is used, by what of it each uses; the tests compile and run them. */
export function examplesOf(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of readdirSync(EXAMPLES).toSorted()) {
    const text = readFileSync(join(EXAMPLES, file), "utf8");
    for (const name of used(ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true)))
      found.set(name, [...(found.get(name) ?? []), text]);
  }
  return found;
}

/** What a file imports from the package and uses beside that. */
function used(file: ts.SourceFile): string[] {
  const imported = new Set<string>();
  const mentioned = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const bindings = node.importClause?.namedBindings;
      const { text } = node.moduleSpecifier as ts.StringLiteral;
      if (text === "nodewright" && bindings && ts.isNamedImports(bindings))
        for (const { name } of bindings.elements) imported.add(name.text);
      return;
    }
    if (ts.isIdentifier(node)) mentioned.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...imported].filter((name) => mentioned.has(name));
}
