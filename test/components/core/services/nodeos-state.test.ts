import { expect } from "chai";
import type { Size } from "../../../../components/core/config/units";
import { chooseState, type StateMode, stateText } from "../../../../components/core/services/nodeos-state";
import { cloudPlan, cloudStack, HOSTS, judgeCloud } from "../../../support/fake-cloud";

describe("nodeos' state", () => {
  const TABLE: [size: Size, memory: Size | undefined, mode: StateMode | undefined, text: string][] = [
    [
      "180 GB",
      "128 GB",
      undefined,
      "nodeos state 180 GB mapped: memory 128 GB is less than the state may grow to",
    ],
    [
      "180 GB",
      "192 GB",
      undefined,
      "nodeos state 180 GB mapped: memory 192 GB would keep less than a quarter for the rest of the host",
    ],
    [
      "180 GB",
      "240 GB",
      undefined,
      "nodeos state 180 GB heap: memory 240 GB holds all that the state may grow to, with a quarter left",
    ],
    [
      "16 GB",
      "64 GB",
      undefined,
      "nodeos state 16 GB heap: memory 64 GB holds all that the state may grow to, with a quarter left",
    ],
    ["1 GB", undefined, undefined, "nodeos state 1 GB mapped: nobody says how much memory the machine has"],
    ["16 GB", "64 GB", "mapped", "nodeos state 16 GB mapped: as the stack file wants it"],
    ["16 GB", undefined, "heap", "nodeos state 16 GB heap: as the stack file wants it"],
  ];
  for (const [size, memory, mode, text] of TABLE)
    it(`of ${size} with ${memory ?? "unknown"} memory, ${mode ?? "no mode"} asked for`, () => {
      const host = { size, ...(memory ? { memory } : {}), ...(mode ? { mode } : {}) };
      expect(stateText(chooseState(host))).to.equal(text);
    });

  const stack = (nodeos: Record<string, unknown>, everywhere: Record<string, unknown> = {}) =>
    cloudStack({
      hosts: { ...HOSTS, history: { role: "archive", memory: "128 GB", services: { nodeos } } },
      services: { nodeos: everywhere },
    });
  const modeOf = (raw: Record<string, unknown>) => {
    const host = cloudPlan(raw).hosts.find(({ name }) => name === "history");
    const file = host?.services.flatMap(({ files }) => files).find(({ path }) => path.endsWith("config.ini"));
    const entries = file?.content.format === "ini" ? file.content.entries : [];
    return ["database-map-mode", "chain-state-db-size-mb"].map(
      (key) => entries.find(([name]) => name === key)?.[1],
    );
  };
  it("is written into config.ini as it was chosen, and as it is wanted", () => {
    expect(modeOf(stack({ stateSize: "180 GB" }))).to.deep.equal(["mapped", 184320]);
    expect(modeOf(stack({ stateSize: "16 GB" }))).to.deep.equal(["heap", 16384]);
    expect(modeOf(stack({ stateSize: "16 GB", stateMode: "mapped" }))).to.deep.equal(["mapped", 16384]);
  });

  const said = (raw: Record<string, unknown>) =>
    judgeCloud(raw).findings.filter(({ path }) => path.endsWith("nodeos.stateMode"));
  it("is refused on a heap that the memory cannot hold, where it was written, with the ways out", () => {
    const [found, ...others] = said(stack({ stateMode: "heap", stateSize: "180 GB" }));
    expect(others).to.be.empty;
    expect(found?.severity).to.equal("error");
    expect(found?.path).to.equal("hosts.history.services.nodeos.stateMode");
    expect(found?.message).to.match(
      /180 GB in the 128 GB of history: write "mapped", give hosts\.history more memory/,
    );
    const common = said(stack({ stateSize: "180 GB" }, { stateMode: "heap" }));
    expect(common.map(({ path }) => path)).to.include("services.nodeos.stateMode");
  });
  it("draws a warning where little is left, and nothing where it fits", () => {
    expect(said(stack({ stateMode: "heap", stateSize: "100 GB" })).map(({ severity }) => severity)).to.eql([
      "warning",
    ]);
    expect(said(stack({ stateMode: "heap", stateSize: "90 GB" }))).to.be.empty;
  });
  it("cannot be set a second way, by nodeos' own option", () => {
    expect(() => cloudPlan(stack({ options: { "database-map-mode": "heap" } }))).to.throw();
  });
});
