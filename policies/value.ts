/** Readers of properties, which may be absent, unknown, or of another shape than their maker says. */
export type Properties = Readonly<Record<string, unknown>>;

export const isMap = (value: unknown): value is Properties =>
  value !== null && typeof value === "object" && !Array.isArray(value);

export const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

export const numberOf = (value: unknown): number | undefined => {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
};

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const textsOf = (value: unknown): string[] => listOf(value).flatMap((each) => textOf(each) ?? []);

/** The maps of a list; a single map counts as a list of one. */
export const mapsOf = (value: unknown): readonly Properties[] =>
  isMap(value) ? [value] : listOf(value).filter(isMap);

export const mapOf = (value: unknown): Properties => (isMap(value) ? value : {});

/** The texts among a map's values. */
export const textMapOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(mapOf(value)).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
