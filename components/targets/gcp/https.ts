import { createHash } from "node:crypto";
import type { Plan, PoolPlan } from "../../core/plan/plan";
import { CALL_SECONDS, HTTPS_PORT } from "./balancer";
import type { GcpConfig } from "./config";
import { shortened } from "./names";

/** How one pool's balancer ends TLS. */
export interface HttpsArgs {
  certificate: Certificate;
  /** Name of what answers plain HTTP. */
  redirect: string;
  port: number;
  callSeconds: number;
  firewall?: NonNullable<NonNullable<GcpConfig["balancer"]>["firewall"]>;
}

/** Paths of the operator's own, or the names that Google shall give one for. */
export type Certificate = { own: string } | { map: string } | { name: string; names: string[] };

/** Names of the stack's domain that lead to a pool. */
export const namesOf = ({ name }: Pick<PoolPlan, "name">, names: Plan["names"]): string[] =>
  (names?.records ?? []).filter(({ pool }) => pool === name).map((record) => record.name);

export function renderHttps(plan: Plan, pool: PoolPlan, name: string): HttpsArgs | undefined {
  const { balancer } = plan.target.config as GcpConfig;
  if (!balancer) return undefined;
  const { certificate, firewall } = balancer;
  return {
    certificate: certificateOf(certificate, namesOf(pool, plan.names), name),
    redirect: shortened(`${name}-redirect`),
    port: HTTPS_PORT,
    callSeconds: CALL_SECONDS,
    ...(firewall ? { firewall } : {}),
  };
}

function certificateOf(own: string | undefined, names: string[], name: string): Certificate {
  if (own?.includes("/certificateMaps/")) return { map: own };
  if (own !== undefined) return { own };
  // Names of a certificate never change, and the next one must be there before the balancer lets go of this one.
  const hash = createHash("sha256").update(names.join("\n")).digest("hex").slice(0, 8);
  return { name: shortened(`${name}-${hash}`), names };
}
