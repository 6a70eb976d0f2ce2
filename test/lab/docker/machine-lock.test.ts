import { expect } from "chai";
import { inTurn } from "../../../lab/docker/machine-lock";

describe("a turn on this machine", () => {
  it("is given to one at a time, and ends with failure as well", async () => {
    const name = `test-${process.pid}`;
    let [inside, most, waited] = [0, 0, 0];
    const options = { waiting: () => void waited++ };
    const work = (fail: boolean) =>
      inTurn(
        name,
        async () => {
          inside += 1;
          most = Math.max(most, inside);
          await new Promise((resolve) => setTimeout(resolve, 20));
          inside -= 1;
          if (fail) throw new Error("failed");
        },
        options,
      );
    const results = await Promise.allSettled([work(true), work(false), work(false)]);
    expect(results.map(({ status }) => status)).eql(["rejected", "fulfilled", "fulfilled"]);
    expect([most, waited]).eql([1, 2]);
  });
});
