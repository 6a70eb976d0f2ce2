import { type CostLine, extraLine } from "../../core/hardware/cost";
import type { Extra } from "../../core/hardware/machine";
import type { Plan } from "../../core/plan/plan";
import { CATALOG } from "./catalog";
import type { AwsConfig } from "./config";
import { zoneNames } from "./network";

type Made = Pick<Plan, "hosts" | "pools" | "names">;

/** Zones that need a way out for hosts without a public address: those of such hosts, and all of them for a pool. */
export const natZones = (config: AwsConfig, { hosts, pools }: Pick<Plan, "hosts" | "pools">): string[] =>
  zoneNames(config).filter(
    (zone) =>
      pools.length > 0 || hosts.some((host) => host.zone === zone && host.addresses.public === "none"),
  );

/** USD a month of a web ACL with one rule, in every region, without requests (AWS WAF pricing: 5 and 1; 0.60 a million). */
const WEB_FIREWALL = 6;

/** Elastic addresses that a stack takes: one for each host with a public address, and for each way out. */
export const elasticAddresses = (config: AwsConfig, made: Pick<Plan, "hosts" | "pools">): number =>
  made.hosts.filter(({ addresses }) => addresses.public !== "none").length + natZones(config, made).length;

export function sharedCost(config: AwsConfig, made: Made): CostLine[] {
  const line = (extra: Extra, of: string): CostLine => {
    const { what, monthly } = extraLine(CATALOG, config.region, extra);
    return { what: `${what}, ${of}`, monthly };
  };
  return [
    ...natZones(config, made).flatMap((zone) => [
      line("nat", zone),
      line("publicIpv4", `NAT gateway, ${zone}`),
    ]),
    ...made.pools.flatMap(({ name }) => [
      line("loadBalancer", name),
      ...(config.balancer?.firewall ? [{ what: `web firewall, ${name}`, monthly: WEB_FIREWALL }] : []),
      ...zoneNames(config).map((zone) => line("publicIpv4", `${name}, ${zone}`)),
    ]),
    line("dnsZone", "cluster names"),
    ...(made.names && config.zone === undefined ? [line("dnsZone", made.names.domain)] : []),
  ];
}
