import { expect } from "chai";
import { documentFor } from "../../../../cloud-init/document-for";
import { emitBirth } from "../../../../cloud-init/emit/user-data";
import type { Release } from "../../../../components/core/releases";
import { expectGolden } from "../../../support/golden";
import { releases } from "../../../support/releases";
import { hostOf, judge, planOf, SAMPLE } from "../../../support/sample";

const others = releases.filter(({ name }) => name !== "stand-ins");
/** A lock whose EVM software brings these programs. */
const bringing = (...programs: string[]): Release[] => [
  ...others,
  {
    ...(others[0] as Release),
    name: "evm",
    programs: Object.fromEntries(programs.map((name) => [name, { path: `bin/${name}`, args: [], env: {} }])),
  },
];
const NEW = ["eos-evm-node", "eos-evm-rpc", "eos-evm-miner"];
const OLD = ["trustevm-node", "trustevm-rpc", "eos-evm-miner"];

/** The command lines of the EVM programs, as the units have them, and the one that the supervisor of the node is told. */
function commandLines(brought: Release[]): string {
  const plan = planOf(SAMPLE, brought);
  const { units, files } = documentFor(plan, hostOf(plan, "rpc-a"));
  const told = files.find(({ path }) => path.endsWith("/evm-node.json"))?.content ?? "";
  const supervised = (JSON.parse(told) as { exec: string[] }).exec.join("\n  ");
  const lines = units
    .filter(({ service }) => /^evm-/.test(service))
    .map(({ name, content, runs }) => {
      const exec = /^ExecStart=(.*(?:\\\n.*)*)$/m.exec(content)?.[1] ?? "";
      return `${name} (runs ${runs.join(", ")})\n${exec.split(" ").join("\n  ")}\n`;
    })
    .join("\n");
  return `${lines}\nsupervised\n${supervised}\n`;
}

describe("the two generations of the EVM programs", () => {
  it("EOS EVM has the command lines that a reviewer saw last", () =>
    expectGolden("service/eos-evm.txt", commandLines(bringing(...NEW))));

  it("TrustEVM has the command lines that a reviewer saw last", () =>
    expectGolden("service/trustevm.txt", commandLines(bringing(...OLD))));

  it("the newer one runs where the lock brings both", () =>
    expect(commandLines(bringing(...OLD, ...NEW))).to.equal(commandLines(bringing(...NEW))));

  it("a host of either is born", () => {
    for (const programs of [NEW, OLD]) {
      const plan = planOf(SAMPLE, bringing(...programs));
      expect(emitBirth(plan, hostOf(plan, "rpc-a")).userData).to.have.length.below(16_385);
    }
  });

  const said = (...programs: string[]) =>
    judge(SAMPLE, bringing(...programs))
      .findings.filter(({ severity }) => severity === "error")
      .map(({ path, message }) => `${path}: ${message}`);
  const REMEDY =
    "a node and its RPC belong together, so pin eos-evm-node and eos-evm-rpc, or trustevm-node and trustevm-rpc (npm run pin)";

  it("a lock with neither is refused, in one sentence", () =>
    expect(said("eos-evm-miner")).to.deep.equal([
      `releases: lab/releases/lock.json pins neither generation of the EVM programs: ${REMEDY}`,
    ]));

  for (const programs of [
    ["eos-evm-node", "trustevm-rpc"],
    ["trustevm-node", "eos-evm-rpc"],
  ])
    it(`a lock with ${programs.join(" and ")} is refused, in one sentence`, () => {
      const [only, ...more] = said(...programs, "eos-evm-miner");
      expect(more).to.deep.equal([]);
      expect(only).to.include(`alone: ${REMEDY}`).and.include(programs[0]).and.include(programs[1]);
    });
});
