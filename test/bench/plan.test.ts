import { expect } from "chai";
import { benchPlan } from "./plan";

describe("bench of the plan", () => {
  it("prints both sides, with the figures of each", async function () {
    this.timeout(120_000);
    const { json, text } = await benchPlan(() => {}, { targets: ["digitalocean"], sizes: [10], runs: 1 });
    const figures = [
      ...["seconds", "cpuSeconds", "processSeconds"],
      ...["startMegabytes", "peakMegabytes", "addedMegabytes"],
    ];
    const { targets, ...rest } = json;
    expect(rest).to.deep.equal({ runs: 1, goal: { hosts: 1000, seconds: 3, megabytes: 500 } });
    expect(targets.map(({ target }) => target)).to.deep.equal(["digitalocean"]);
    expect(targets[0]?.empty).to.have.all.keys(figures);
    expect(targets[0]?.sizes).to.have.lengthOf(1);
    expect(targets[0]?.sizes[0]).to.have.all.keys(["hosts", ...figures, "millisecondsPerHost", "errors"]);
    expect(targets[0]?.sizes[0]).to.include({ hosts: 10, errors: 0 });
    expect(text.join("\n")).to.include("empty: loads the same").and.include("10 hosts");
  });
});
