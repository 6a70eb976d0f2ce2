import { expect } from "chai";
import type { Condition, Entry, EtcdStore, Write } from "../../../agent/failover/etcd-store";
import { GroupStore, type HostState } from "../../../agent/failover/group";
import { maintain, move } from "../../../agent/failover/operator";
import type { FailoverSettings } from "../../../components/core/failover/settings";

const settings = {
  group: "g",
  producer: "prod",
  host: "a",
  hosts: ["a", "b", "c"].map((name) => ({ name, key: name, domain: name })),
} as FailoverSettings;

/** One member's keys, without leases that end. */
function keysInMemory(): EtcdStore {
  const entries = new Map<string, Entry>();
  let revision = 0;
  const holds = (condition: Condition): boolean => {
    const found = entries.get(condition.key);
    return condition.is === "absent" ? !found : found?.modified === condition.modified;
  };
  const write = (one: Write): void => {
    if ("remove" in one) return void entries.delete(one.remove);
    const created = entries.get(one.put)?.created ?? String(revision);
    entries.set(one.put, { value: one.value, created, modified: String(revision) });
  };
  return {
    below: async (prefix) =>
      new Map(
        [...entries].flatMap(([key, entry]) =>
          key.startsWith(prefix) ? [[key.slice(prefix.length), entry] as const] : [],
        ),
      ),
    grant: async () => "1",
    transact: async (conditions, writes) => {
      if (!conditions.every(holds)) return undefined;
      revision++;
      writes.forEach(write);
      return String(revision);
    },
  };
}

const state = (hindrances: string[] = []): HostState => ({ hindrances, phase: "standby", time: "" });

describe("an operator's word", () => {
  let store: GroupStore;
  const to = (host: string, by = "someone") =>
    move({ settings, store }, { kind: "move", host, by }).then(
      (said) => said,
      (error: Error) => `refused: ${error.message}`,
    );
  const takes = async (host: string) => {
    await store.take(await store.read(), { host, reason: "test", time: "" }, 10);
  };

  beforeEach(async () => {
    store = new GroupStore(keysInMemory(), "/g/");
    await takes("a");
    await store.publish("a", state());
    await store.publish("b", state());
  });

  it("is refused for a host that the group does not have, or that was not heard of", async () => {
    expect(await to("x")).to.equal("refused: x is none of g: a, b, c");
    expect(await to("c")).to.match(/^refused: c was not heard of: is it up\?/);
  });

  it("is refused for a host that lags, with what keeps it", async () => {
    await store.publish("b", state(["its head is 30 s old, and 60 blocks behind another's"]));
    expect(await to("b")).to.equal(
      "refused: b cannot take over: its head is 30 s old, and 60 blocks behind another's",
    );
    expect((await store.read()).order, "what was refused is no order").to.equal(undefined);
  });

  it("is refused for a host in maintenance", async () => {
    await store.maintain("b", { by: "someone", time: "" });
    expect(await to("b")).to.equal("refused: b is in maintenance: end that first");
  });

  it("is nothing to do where that host produces", async () =>
    expect(await to("a")).to.equal("a produces already"));

  it("is taken once: of two at the same time the second is refused, and told whose is under way", async () => {
    const first = to("b", "one");
    while (!(await store.read()).order) await new Promise((resolve) => setImmediate(resolve));
    expect(await to("b", "two")).to.match(/^refused: an order is under way: one wants move to b/);
    const { holder } = await store.read();
    if (holder) await store.release(holder, undefined, "one: move to b");
    await takes("b");
    expect(await first).to.match(/^b produces for prod since .*, term 2$/);
  });

  it("takes no host out that produces, where no other is ready", async () => {
    await store.publish("b", state(["it has 0 peers, fewer than 1"]));
    const said = await maintain({ settings, store }, { host: "a", isOut: true, by: "someone" }).catch(
      (error: Error) => error.message,
    );
    expect(said).to.match(/^a produces, and no other host is ready to take over/);
    expect((await store.read()).maintenance.has("a")).to.equal(false);
  });
});
