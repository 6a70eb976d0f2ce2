import { type Rule, violation } from "../rule";

/** Seconds. Shorter ones make resolvers ask all the time, longer ones keep a dead address for an afternoon. */
const TTL = { least: 30, most: 3600 };
/** Names that peers try in turn: fewer are one failure away from none. */
const SEEDS = { least: 3, most: 10 };
const SEED = /^seed\d+\./;

export const dnsSeedRange: Rule = {
  id: "dns-seed-range",
  level: "mandatory",
  title: `seeds have ${SEEDS.least} to ${SEEDS.most} names, each good for ${TTL.least} to ${TTL.most} seconds`,
  reason: "new nodes find the chain by these names, and keep what they were answered for that long",
  remedy: "set nodewright:dns: { ttl, seeds } within these bounds",
  check: ({ names }) => {
    const seeds = names.filter(({ name }) => SEED.test(name));
    const [first] = seeds;
    const count = new Set(seeds.map(({ name }) => name)).size;
    return [
      ...seeds
        .filter(({ ttl }) => ttl !== undefined && (ttl < TTL.least || ttl > TTL.most))
        .map(({ resource, name, ttl }) => violation(resource, `${name} is kept for ${ttl} s`)),
      ...(first && (count < SEEDS.least || count > SEEDS.most)
        ? [violation(first.resource, `the seeds have ${count} names`)]
        : []),
    ];
  },
};
