import { DnsRecord } from "@pulumi/digitalocean/dnsRecord";
import { Domain } from "@pulumi/digitalocean/domain";
import * as pulumi from "@pulumi/pulumi";
import type { RecordArgs } from "../records";
import type { DigitalOceanStack } from "../render";
import type { Host } from "./host";
import type { Pool } from "./pool";

type NamesArgs = NonNullable<DigitalOceanStack["zone"]> & {
  hosts: Readonly<Record<string, Host>>;
  pools: Readonly<Record<string, Pool>>;
};

interface Addresses {
  A: pulumi.Output<string>;
  AAAA?: pulumi.Output<string>;
}

/** The stack's domain, and every name in it. */
export class Names extends pulumi.ComponentResource {
  constructor(name: string, args: NamesArgs, opts: pulumi.ComponentResourceOptions) {
    super("nodewright:digitalocean:Names", name, {}, opts);
    const { domain, existing, ttl, records } = args;
    const zone = existing ? domain : new Domain(`${name}-zone`, { name: domain }, { parent: this }).name;
    for (const record of records)
      for (const [type, value] of Object.entries(addressesOf(record, args)))
        new DnsRecord(
          `${record.key}-${type.toLowerCase()}`,
          { domain: zone, name: record.name, type, value, ttl },
          { parent: this },
        );
    this.registerOutputs({});
  }
}

function addressesOf({ answers }: RecordArgs, { hosts, pools }: NamesArgs): Addresses {
  if ("pool" in answers) {
    const pool = named(pools, answers.pool);
    return { A: pool.address, AAAA: pool.address6 };
  }
  const host = named(hosts, answers.host);
  // A VPC has no IPv6.
  return answers.address === "cluster"
    ? { A: host.clusterAddress }
    : { A: host.address, AAAA: host.address6 };
}

function named<Made>(made: Readonly<Record<string, Made>>, name: string): Made {
  const found = made[name];
  if (found === undefined) throw new Error(`a record answers with "${name}", which the plan does not have`);
  return found;
}
