import { expect } from "chai";
import { nodeosControl } from "../../../agent/failover/nodeos-control";
import { type Fault, faultOf } from "../../../lab/drills/failover/faults";
import { randomFrom } from "../../../lab/drills/random";
import { until } from "../../../lab/drills/until";
import { loopbackGround } from "./loopback-ground";
import { LoopbackGroup } from "./loopback-group";

const MINUTES = 60_000;
const SEED = 8;

/** The short form of the drill `failover`: one fault of each kind that stops a holder in another way. */
const SHORT: readonly Fault[] = (
  process.env.FAILOVER_FAULTS?.split(";") ?? [
    "a planned switchover",
    "SIGKILL of nodeos",
    "SIGSTOP of agent, and SIGCONT",
    "the holder's host is frozen and thawed",
    "the holder is cut off from etcd (both)",
    "etcd's quorum is lost and comes back",
  ]
).map(faultOf);

/**
 * Only what must hold however slow the machine is: no slot is signed by two hosts, none signs out of its term, and production
 * comes back. How long that takes is measured elsewhere.
 */
describe("failover with real nodeos and etcd, on loopback", function () {
  this.timeout(30 * MINUTES);
  let group: LoopbackGroup;

  before(async function () {
    const started = await LoopbackGroup.start({ fences: true });
    if (!started) return this.skip();
    group = started;
    await group.produces("the group begins to produce");
  });
  after(async () => group?.stop());

  it("knows an account that the chain does not have", async () => {
    const { settings } = group.host("a");
    const nodeos = nodeosControl(settings, { lookMs: MINUTES, tellMs: MINUTES });
    expect(await nodeos.hasAccount(settings.producer)).to.equal(true);
    expect(await nodeos.hasAccount("nobodyatall1")).to.equal(false);
  });

  const random = randomFrom(SEED);
  for (const fault of SHORT)
    it(`${fault.name}: no slot has two signers, and production comes back`, async () => {
      const holder = await group.produces("the group produces before the fault");
      await fault.make(loopbackGround(group), { holder, other: holder === "a" ? "b" : "a", random });
      await group.produces("the group produces after the fault");
      const { doubles, overlaps } = group.judge();
      expect(doubles, "slots signed by two hosts").to.deep.equal([]);
      expect(overlaps, "blocks signed out of term").to.deep.equal([]);
    });

  it("drops the chain that a holder made alone, and follows the group's", async () => {
    const ground = loopbackGround(group);
    const alone = await group.produces("the group produces before the cut");
    const other = alone === "a" ? "b" : "a";
    await group.isReady(other);
    await ground.cut(alone, "everything", "both");
    await until("the other host has taken over", async () => (await ground.holder()) === other, {
      seconds: 600,
    });
    await group.produces("the other host produces");
    await ground.heal(alone);
    await group.isReady(alone);
    expect(group.log(alone, "agent")).to.match(/its chain is another one from block \d+ on, and begins anew/);
    const { doubles, overlaps } = group.judge();
    expect([...doubles, ...overlaps]).to.deep.equal([]);
  });
});

describe("the judge of the failover drill", function () {
  this.timeout(30 * MINUTES);

  it("finds a holder that does not fence itself out", async function () {
    const group = await LoopbackGroup.start({ fences: false });
    if (!group) return this.skip();
    try {
      const ground = loopbackGround(group);
      const holder = await group.produces("the group begins to produce");
      await group.isReady(holder === "a" ? "b" : "a");
      await ground.cut(holder, "etcd", "both");
      await until("two hosts are seen to sign", async () => {
        await group.view();
        const { doubles, overlaps } = group.judge();
        return doubles.length + overlaps.length > 0;
      });
    } finally {
      await group.stop();
    }
  });
});
