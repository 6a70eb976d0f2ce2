/** A line that HAProxy follows for each request. */
export const rule = (...words: string[]): string[] => ["http-request", ...words];
