import { expect } from "chai";
import { type Fault, faultIn, worse } from "../../../agent/evm/fault";
import { type Means, nextStep, type Try } from "../../../agent/evm/ladder";

const means = (change: Partial<Means> = {}): Means => ({
  copies: ["newer", "older"],
  otherSource: false,
  reachesBack: true,
  ...change,
});
const tried = (fault: Fault, step: Try["step"], copy?: string): Try => ({
  fault,
  step,
  ...(copy ? { copy } : {}),
});
const started = (fault: Fault) => tried(fault, "start");

describe("what follows an end of eos-evm-node", () => {
  const rows: [what: string, fault: Fault, tries: Try[], means: Means, step: string][] = [
    ["a lost connection", "ship", [], means(), "start"],
    ["the thousandth lost connection", "ship", Array(999).fill(started("ship")), means(), "start"],
    ["a fork beyond what it kept", "fork", [], means(), "start"],
    ["the same again at once", "fork", [started("fork")], means(), "restore newer"],
    [
      "the same after that copy",
      "fork",
      [started("fork"), tried("fork", "restore", "newer")],
      means(),
      "restore older",
    ],
    ["a damaged database", "database", [], means(), "restore newer"],
    ["a damaged database without copies", "database", [], means({ copies: [] }), "rebuild"],
    ["…and without old history", "database", [], means({ copies: [], reachesBack: false }), "stop"],
    [
      "damage after all was tried",
      "database",
      [
        tried("database", "restore", "newer"),
        tried("database", "restore", "older"),
        tried("database", "rebuild"),
      ],
      means(),
      "stop",
    ],
    ["a crash", "crash", [], means(), "start"],
    ["a fourth crash", "crash", Array(3).fill(started("crash")), means(), "restore newer"],
    ["blocks that are gone", "history", [], means(), "stop"],
    ["blocks that another source may have", "history", [], means({ otherSource: true }), "other-source"],
    ["a genesis that is refused", "genesis", [], means(), "stop"],
  ];
  for (const [what, fault, tries, given, wanted] of rows)
    it(`${what}: ${wanted}`, () => {
      const step = nextStep(fault, tries, given);
      expect(step.kind === "restore" ? `restore ${step.copy}` : step.kind).to.equal(wanted);
      if (step.kind === "stop") expect(step.remedy).to.include("systemctl start evm-node");
    });

  it("always comes to an end, whatever goes wrong", () => {
    for (const fault of ["fork", "crash", "database"] as const) {
      const tries: Try[] = [];
      for (let step = nextStep(fault, tries, means()); step.kind !== "stop"; ) {
        tries.push(tried(fault, step.kind, step.kind === "restore" ? step.copy : undefined));
        expect(tries.length).to.be.below(10);
        step = nextStep(fault, tries, means());
      }
    }
  });
});

describe("last words of eos-evm-node", () => {
  const rows: [line: string, fault: Fault | undefined][] = [
    ["CRIT Max retry reached. No more reconnections.", "ship"],
    ["Unable to find fork block", "fork"],
    ["Start block not available in SHiP", "history"],
    ["Block #181000000 not available in SHiP", "history"],
    ["terminate called after throwing an instance of 'mdbx::exception'", "database"],
    ["Genesis state not provided", "genesis"],
    ["INFO Fork at Block #7", undefined],
  ];
  for (const [line, fault] of rows) it(line, () => expect(faultIn(line)).to.equal(fault));

  it("a database error counts for more than what it brings with it", () => {
    expect(worse("ship", "database")).to.equal("database");
    expect(worse("database", "ship")).to.equal("database");
    expect(worse(undefined, "fork")).to.equal("fork");
    expect(worse("fork", undefined)).to.equal("fork");
  });
});
