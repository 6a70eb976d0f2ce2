/** Rows below a title, after an empty line. Nothing at all without rows; columns in which no row has text are left out. */
export function section(title: string | undefined, rows: readonly string[][]): string[] {
  if (rows.length === 0) return [];
  const filled = (rows[0] ?? []).map((_, column) =>
    rows.some((row, index) => (row[column] ?? "") !== "" && (title !== undefined || index > 0)),
  );
  return [
    "",
    ...(title === undefined ? [] : [title]),
    ...columns(rows.map((row) => row.filter((_, column) => filled[column]))),
  ];
}

export const uniqueRows = (rows: readonly string[][]): string[][] => [
  ...new Map(rows.map((row) => [row.join("\t"), row])).values(),
];

/** Rows of text as columns, each as wide as its widest cell; the last one is not padded. */
export function columns(rows: readonly (readonly string[])[], indent = "  "): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, (row[column] ?? "").length), 0),
  );
  return rows.map((row) =>
    `${indent}${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
}
