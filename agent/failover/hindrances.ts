import type { FailoverSettings } from "../../components/core/failover/settings";
import type { Seen } from "./seen";

/** Blocks that a host may be behind another: they were looked at at different moments. */
const ABREAST = 4;
/** Blocks that are not final yet: 325 with 21 producers before Savanna. More of them, and a chain is a minority's fork. */
const MOST_REVERSIBLE = 1000;
/** Until a head counts as old, in seconds; nodeos makes two a second. */
const HEAD_AGE = 10;

/** Why this host may not take production over, each in words; none where it may. */
export function hindrancesOf(settings: FailoverSettings, seen: Seen): string[] {
  const { chain, group, host } = { ...seen, host: settings.host };
  const isOut = group?.maintenance.has(host) ? [`${host} is in maintenance`] : [];
  if (!chain) return [...isOut, "nodeos does not answer"];
  // What is said without having seen the group would be believed by it.
  if (!group) return ["its group is not known: etcd does not answer"];
  const { minimumPeers, diskFloorPercent } = settings;
  const other = otherChain(settings, seen);
  return [
    ...isOut,
    ...(other === undefined || other === chain.chainId
      ? []
      : [`its chain is ${chain.chainId}, and not ${other}`]),
    ...(seen.hasProducer === false
      ? [
          `its chain has no account ${settings.producer}: make and register it, or mend \`producer\` in the stack file`,
        ]
      : []),
    ...(chain.maySign === false
      ? [
          `its key is not among those that sign for ${settings.producer} on the chain: add it to the producer's authority`,
        ]
      : []),
    ...(chain.peers < minimumPeers ? [`it has ${chain.peers} peers, fewer than ${minimumPeers}`] : []),
    ...behind(settings, seen),
    ...(chain.head.number - chain.lib > MOST_REVERSIBLE
      ? [`its last irreversible block is ${chain.head.number - chain.lib} blocks behind its head`]
      : []),
    ...(seen.hasWatermark === false
      ? [
          `its chain lacks block ${group.watermark?.number} ${group.watermark?.id.slice(0, 16)}, the last one made`,
        ]
      : []),
    ...(seen.notOurs
      ? [
          `its chain is another one from block ${seen.notOurs.number} on: made alone, and final by its own word alone`,
        ]
      : []),
    ...(seen.diskFreePercent < diskFloorPercent
      ? [
          `its disk is nearly full: ${seen.diskFreePercent.toFixed(1)} % free, ${diskFloorPercent} % are the least`,
        ]
      : []),
  ];
}

/** The chain that is meant: as the plan says, else that of whoever produced last. */
function otherChain(settings: FailoverSettings, { group }: Seen): string | undefined {
  const last = group?.holder?.host ?? group?.history.at(-1)?.host;
  return settings.chainId ?? (last === settings.host ? undefined : group?.hosts.get(last ?? "")?.chainId);
}

/** A head may be old where the whole chain stands still: then nobody knows of a further one. */
function behind(settings: FailoverSettings, { chain, group, wall }: Seen): string[] {
  if (!chain) return [];
  const others = [...(group?.hosts ?? [])].filter(([name]) => name !== settings.host);
  const heads = [chain.peersHead, ...others.map(([, { head }]) => head?.number ?? 0)];
  const lag = Math.max(...heads) - chain.head.number;
  const age = (wall - Date.parse(`${chain.head.time}Z`)) / 1000;
  // Its own word is as old as its last look: a lag that shrinks is none.
  return lag > ABREAST && (age > HEAD_AGE || lag > ABREAST * 5)
    ? [`its head is ${age.toFixed(0)} s old, and ${lag} blocks behind another's`]
    : [];
}
