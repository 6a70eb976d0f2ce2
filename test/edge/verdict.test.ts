import { expect } from "chai";
import { judge, type Sight } from "../../edge/verdict";

const NOW = 1_000_000;
const BOUNDS = { headAge: 15, behind: 5 };
const node = (name: string, number: number, age = 1, hashes: [number, string][] = []): Sight => ({
  name,
  head: { number, hash: `0x${number}`, time: NOW - age },
  hashes: new Map(hashes),
});
const silent: Sight = { name: "silent", head: undefined, hashes: new Map() };

describe("which nodes may answer", () => {
  const CASES: [
    name: string,
    sights: Sight[],
    native: number | undefined,
    up: string[],
    degraded: boolean,
  ][] = [
    ["all that are well", [node("a", 100), node("b", 99)], NOW, ["a", "b"], false],
    ["none that is silent", [node("a", 100), silent], NOW, ["a"], false],
    ["none that is too far behind the others", [node("a", 100), node("b", 96)], undefined, ["a"], false],
    ["none whose head is old", [node("a", 100), node("b", 100, 20)], undefined, ["a"], false],
    ["none behind the native chain", [node("a", 100), node("b", 100, 8)], NOW, ["a"], false],
    [
      "none with a head in the future, which makes no other look old",
      [node("a", 100), node("b", 900, -60)],
      NOW,
      ["a"],
      false,
    ],
    [
      "none on a branch of its own",
      [node("a", 100, 1, [[99, "x"]]), node("b", 100, 1, [[99, "x"]]), node("c", 101, 1, [[99, "y"]])],
      NOW,
      ["a", "b"],
      false,
    ],
    ["the freshest when all lag", [node("a", 100, 50), node("b", 90, 60)], NOW, ["a"], true],
    ["nobody when all are silent", [silent], NOW, [], true],
  ];
  for (const [name, sights, native, up, degraded] of CASES)
    it(name, () => {
      const found = judge(sights, BOUNDS, NOW, native);
      expect(found.verdicts.filter((each) => each.up).map((each) => each.name)).to.deep.equal(up);
      expect(found.degraded).to.equal(degraded);
    });
});
