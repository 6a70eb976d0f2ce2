import { Document, isScalar, visit } from "yaml";

/**
 * Prints YAML without anchors. Lists of plain values stand on one line: Knot's subset of YAML knows them in no other
 * form, and it knows no aliases.
 */
export function printYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Seq: (_key, list) => {
      if (list.items.every(isScalar)) list.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}
