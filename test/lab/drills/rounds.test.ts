import { expect } from "chai";
import type { Drill } from "../../../lab/drills/drill";
import { randomFrom } from "../../../lab/drills/random";
import { resultText, roundText } from "../../../lab/drills/result-text";
import { CutOff, runDrill } from "../../../lab/drills/rounds";
import type { SampleLab } from "../../../lab/drills/sample-lab";

/** None of these drills touches its lab. */
const lab = {} as SampleLab;
const drill = (run: Drill["run"]): Drill => ({
  name: "demo",
  summary: "shows",
  defaults: { rounds: 3, seed: 7 },
  run,
});

describe("the rounds of a drill", () => {
  it("are counted; one that fails gives its reason at once, and the next is made all the same", async () => {
    const told: string[] = [];
    const work = drill(async ({ rounds, round }) => {
      for (let number = 1; number <= rounds; number++)
        await round(`fault ${number}`, async () => {
          if (number === 2) throw new Error("it fell\nand lay there");
          return { downSeconds: number };
        });
    });
    const result = await runDrill(work, { lab, onRound: (round) => told.push(roundText(round, false)) });
    expect(result).to.include({ drill: "demo", seed: 7, passed: 2, failed: 1 });
    expect(result.rounds.map(({ ok, reason, figures }) => ({ ok, reason, figures }))).to.deep.equal([
      { ok: true, reason: undefined, figures: { downSeconds: 1 } },
      { ok: false, reason: "it fell\nand lay there", figures: undefined },
      { ok: true, reason: undefined, figures: { downSeconds: 3 } },
    ]);
    expect(told[1]).to.match(/^ {2}✗ {3}2 {2}fault 2 \([\d.]+ s\)\n {6}it fell\n {6}and lay there$/);
    expect(resultText(result)).to.include("2 of 3 rounds held, 1 failed").and.include("--seed 7 --rounds 3");
  });

  it("end when the operator says so, and what was under way has not failed", async () => {
    const stop = new AbortController();
    const made: number[] = [];
    const work = drill(async ({ round }) => {
      await round("one", async () => undefined);
      await round("two", async () => {
        stop.abort(new Error("interrupted"));
        throw new Error("torn");
      });
      await round("three", async () => undefined);
    });
    const error: unknown = await runDrill(work, {
      lab,
      signal: stop.signal,
      onRound: ({ round }) => made.push(round),
    }).catch((cause: unknown) => cause);
    if (!(error instanceof CutOff)) throw error;
    expect(error.result).to.include({ ended: "interrupted", passed: 1, failed: 0 });
    expect(error.result.rounds.map(({ fault }) => fault)).to.deep.equal(["one"]);
    expect(made).to.deep.equal([1]);
  });

  it("wait for what is to hold, and say what kept it", async () => {
    let looks = 0;
    const work = drill(async ({ round, until }) => {
      await round("comes", () => until("it is there", async () => ++looks === 2).then(() => undefined));
      await round("never comes", async () => {
        await until("it is there", () => Promise.reject(new Error("gone")), 0);
        return undefined;
      });
    });
    const { rounds } = await runDrill(work, { lab });
    expect(rounds.map(({ reason }) => reason)).to.deep.equal([
      undefined,
      "it is there did not come to hold within 0 s: gone",
    ]);
  });
});

describe("chance with a seed", () => {
  const draw = (seed: number) => {
    const random = randomFrom(seed);
    return [...Array.from({ length: 50 }, () => random.integer(3, 5)), ...random.shuffle([1, 2, 3, 4, 5])];
  };

  it("is the same for the same seed, and another for another", () => {
    expect(draw(1)).to.deep.equal(draw(1));
    expect(draw(1)).not.to.deep.equal(draw(2));
  });

  it("reaches both ends and nothing beyond", () => {
    expect([...new Set(draw(1).slice(0, 50))].sort()).to.deep.equal([3, 4, 5]);
    expect(draw(1).slice(50).sort()).to.deep.equal([1, 2, 3, 4, 5]);
    expect(randomFrom(1).pick(["only"])).to.equal("only");
  });
});
