import { expect } from "chai";
import { type Action, type Digests, decide } from "../../agent/starts";
import type { UnitState } from "../../agent/systemd";
import { unit } from "./fake-host";

const same: Digests = { content: "1", reads: "1", runs: "1", secrets: "1" };
const state = (active: string, changes: Partial<UnitState> = {}): UnitState => ({
  load: "loaded",
  active,
  sub: "",
  result: "success",
  type: "exec",
  enabled: "enabled",
  needsReload: false,
  restarts: 0,
  ...changes,
});

describe("decide", () => {
  const proxy = unit("p", { onChange: "reload" });
  const rows: [title: string, facts: Partial<Parameters<typeof decide>[0]>, expected: Action][] = [
    ["nothing differs", {}, "none"],
    ["stopped", { state: state("inactive") }, "start"],
    ["failed", { state: state("failed", { result: "exit-code" }) }, "start"],
    ["between two tries of systemd", { state: state("activating") }, "start"],
    [
      "between two tries, with other inputs",
      { state: state("activating"), digests: { ...same, reads: "2" } },
      "restart",
    ],
    ["never started by us, but running", { start: undefined }, "restart"],
    ["reads differ", { digests: { ...same, reads: "2" } }, "restart"],
    ["reads differ, it can reload", { unit: proxy, digests: { ...same, reads: "2" } }, "reload"],
    [
      "unit file differs too, it can reload",
      { unit: proxy, digests: { ...same, reads: "2", content: "2" } },
      "restart",
    ],
    [
      "options of a mount differ",
      { unit: unit("m", { name: "m.mount", onChange: "reload" }), digests: { ...same, content: "2" } },
      "reload",
    ],
    ["software differs, it can reload", { unit: proxy, digests: { ...same, runs: "2" } }, "restart"],
    ["a secret differs, it can reload", { unit: proxy, digests: { ...same, secrets: "2" } }, "restart"],
    ["a secret is missing", { missing: ["key"] }, "wait"],
    ["a secret is missing, and it does not run", { missing: ["key"], state: state("inactive") }, "wait"],
    ["a oneshot that has ended well", { state: state("inactive", { type: "oneshot" }) }, "none"],
    [
      "a oneshot with other inputs",
      { state: state("inactive", { type: "oneshot" }), digests: { ...same, reads: "2" } },
      "start",
    ],
    ["a oneshot that failed", { state: state("failed", { type: "oneshot", result: "exit-code" }) }, "start"],
    ["started by a timer", { unit: unit("j", { startedBy: "j.timer" }), state: state("inactive") }, "none"],
    [
      "this bundle's files are on disk already",
      { start: { digests: same, supersededBy: "now", waitingFor: [] } },
      "none",
    ],
    [
      "an abandoned bundle's files were on disk",
      { start: { digests: same, supersededBy: "other", waitingFor: [] } },
      "restart",
    ],
    [
      "the same, and it can reload",
      {
        unit: proxy,
        digests: { ...same, reads: "2" },
        start: { digests: same, supersededBy: "other", waitingFor: [] },
      },
      "restart",
    ],
  ];
  for (const [title, facts, expected] of rows) {
    it(`${title}: ${expected}`, () => {
      const usual = {
        unit: unit("a"),
        state: state("active"),
        start: { digests: same, waitingFor: [] },
        digests: same,
        missing: [],
        bundle: "now",
      };
      expect(decide({ ...usual, ...facts })).to.equal(expected);
    });
  }
});
