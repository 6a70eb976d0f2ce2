import { Document, isScalar, visit } from "yaml";

/** Prints YAML. Lists of plain values stand on one line: Knot's subset of YAML knows them in no other form. */
export function printYaml(value: unknown): string {
  const document = new Document(value);
  visit(document, {
    Seq: (_key, list) => {
      if (list.items.every(isScalar)) list.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}
