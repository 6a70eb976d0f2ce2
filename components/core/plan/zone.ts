/** Whether a failure domain is the one that a stack file means: by its whole name or the end of it, `b` for `eu-central-1b`. */
export const isZone = (zone: string, wanted: string | undefined): boolean =>
  wanted !== undefined && (zone === wanted || (wanted.length === 1 && zone.endsWith(wanted)));
