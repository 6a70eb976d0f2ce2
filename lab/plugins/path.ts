/** Where in a property bag: `["uploads", 0, "content"]`. */
export type Path = readonly (string | number)[];

/** The path as Pulumi writes it: `uploads[0].content`, `labels["a.b"]`. */
export function pathText(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      if (!/^[\w-]+$/.test(part)) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join("");
}
