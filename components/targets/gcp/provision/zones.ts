import type * as pulumi from "@pulumi/pulumi";
import type { GcpStack, RecordArgs } from "../render";
import type { Made } from "./changes";
import type { Pool } from "./pool";
import { Zone } from "./zone";

/** Whom names can answer with, and where they can be asked. */
interface Named {
  network: pulumi.Input<string>;
  made: readonly Made[];
  pools: ReadonlyMap<string, Pool>;
}

/** Creates the stack's zones; answers the name servers of the public one, where it is the stack's own. */
export function createZones(
  { zones, labels }: GcpStack,
  named: Named,
  opts: pulumi.ComponentResourceOptions,
): pulumi.Output<string[]> | undefined {
  const made = zones.map(({ key, name, domain, isPrivate, existing, ttl, records }) => {
    const args = {
      ...{ name, domain, ttl, labels },
      ...(isPrivate ? { network: named.network } : {}),
      ...(existing === undefined ? {} : { existing }),
      records: records.map((record) => ({ name: record.name, addresses: addressesOf(record, named) })),
    };
    return { isPrivate, zone: new Zone(`${key}-names`, args, opts) };
  });
  return made.find(({ isPrivate }) => !isPrivate)?.zone.nameServers;
}

const addressesOf = ({ answers }: RecordArgs, { made, pools }: Named): pulumi.Input<string>[] =>
  answers.flatMap((answer): pulumi.Input<string>[] => {
    if (typeof answer === "string") return [answer];
    const found =
      "pool" in answer
        ? pools.get(answer.pool)?.address
        : made.find(({ args }) => args.host.name === answer.host)?.host.publicAddress;
    return found === undefined ? [] : [found];
  });
