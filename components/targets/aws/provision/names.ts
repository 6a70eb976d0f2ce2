import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import type { ZonePlan } from "../../../core/plan/dns";
import type { Host } from "./host";
import type { Pool } from "./pool";

interface Args {
  plan: ZonePlan;
  /** Id of a zone that is there already. */
  zone: string | undefined;
  hosts: Record<string, Host>;
  pools: Record<string, Pool>;
}

/** The stack's names in the operator's own domain, over IPv4 and IPv6. */
export class Names extends pulumi.ComponentResource {
  /** To delegate the domain to. Undefined for a zone that is there already: its owner knows them. */
  readonly nameServers: pulumi.Output<string[]> | undefined;

  constructor(name: string, { plan, zone, hosts, pools }: Args, opts: pulumi.ComponentResourceOptions) {
    super("nodewright:aws:Names", name, {}, opts);
    const within = { parent: this };
    const made =
      zone === undefined ? new route53.Zone(`${name}-zone`, { name: plan.domain }, within) : undefined;
    const zoneId = made?.zoneId ?? zone ?? "";
    for (const record of plan.records) {
      const pool = record.pool === undefined ? undefined : pools[record.pool];
      // Hosts without a public address have no name in the world.
      const them = record.hosts.flatMap((host) => (hosts[host]?.publicIp ? [hosts[host]] : []));
      if (pool) this.alias(record.name, zoneId, pool);
      else if (them.length > 0) this.addresses(record.name, zoneId, plan.ttl, them);
    }
    this.nameServers = made?.nameServers;
    this.registerOutputs({ nameServers: this.nameServers });
  }

  private addresses(name: string, zoneId: pulumi.Input<string>, ttl: number, hosts: readonly Host[]): void {
    const opts = { parent: this };
    const ipv4 = hosts.flatMap(({ publicIp }) => publicIp ?? []);
    new route53.Record(`${name}-a`, { zoneId, name, ttl, type: "A", records: ipv4 }, opts);
    const ipv6 = hosts.map(({ ipv6 }) => ipv6);
    new route53.Record(`${name}-aaaa`, { zoneId, name, ttl, type: "AAAA", records: ipv6 }, opts);
  }

  private alias(name: string, zoneId: pulumi.Input<string>, { address, zone }: Pool): void {
    const aliases = [{ name: address, zoneId: zone, evaluateTargetHealth: true }];
    for (const type of ["A", "AAAA"])
      new route53.Record(`${name}-${type.toLowerCase()}`, { zoneId, name, type, aliases }, { parent: this });
  }
}
