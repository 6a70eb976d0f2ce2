import type { Quota } from "../../components/targets/quotas";
import type { Line } from "./line";

/** What a cloud said of an account's limits, or why it could not be asked. */
export type Quotas = { limits: readonly Quota[] } | { unasked: string };

/** `taken` is what the stack takes, for whoever has to compare by hand; `where` its place at the cloud. */
export function judgeQuotas(quotas: Quotas, { taken, where }: { taken: string; where: string }): Line[] {
  const line = { about: "cloud", what: "quotas" } as const;
  if ("unasked" in quotas)
    return [
      {
        ...line,
        state: "unasked",
        said: `could not be asked: ${quotas.unasked}; at its largest this stack takes ${taken}`,
        remedy: `compare with the account's limits in ${where} before the first up`,
      },
    ];
  return quotas.limits.map(({ what, limit, used, takes }) => {
    const has = `${what}: the stack takes ${takes} of ${limit}`;
    const told = used === undefined ? has : `${has}, and ${used} are in use`;
    if (takes > limit)
      return { ...line, state: "fix", said: told, remedy: `ask the cloud for a higher limit of ${what}` };
    // What is in use may be the stack's own, from an earlier up.
    return used !== undefined && used + takes > limit
      ? {
          ...line,
          state: "note",
          said: told,
          remedy: `unless those in use are this stack's own, ask for a higher limit of ${what}`,
        }
      : { ...line, state: "ok", said: told };
  });
}
