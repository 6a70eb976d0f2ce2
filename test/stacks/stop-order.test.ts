import { expect } from "chai";
import { documentFor } from "../../cloud-init/document-for";
import { machinesOf } from "../../components/core/plan/plan";
import { loadPlan } from "../../stacks/load";
import { rawOf, samples } from "./cloud-life";

const ORDER = [/^evm-rpc-\d+\.service$/, /^evm-node\.service$/, /^nodeos\.service$/];

/** Units that systemd starts before a unit, and therefore stops after it: `After=`, and theirs. */
function stopsBefore(
  name: string,
  after: ReadonlyMap<string, string[]>,
  seen = new Set<string>(),
): Set<string> {
  for (const each of after.get(name) ?? []) if (!seen.has(each)) stopsBefore(each, after, seen.add(each));
  return seen;
}

/** At a shutdown systemd stops units in the reverse of `After=`; `provision` stops them in the reverse of the document. */
describe("the order in which a host's units stop", () => {
  for (const sample of samples())
    it(`of ${sample} is EVM RPC, EVM node, nodeos`, () => {
      const { plan } = loadPlan(sample, rawOf(sample));
      for (const host of plan ? machinesOf(plan) : []) {
        const { units } = documentFor(plan ?? expect.fail(), host);
        const after = new Map(
          units.map(({ name, content }) => [name, /^After=(.*)$/m.exec(content)?.[1]?.split(" ") ?? []]),
        );
        const chain = ORDER.map((one) => units.filter(({ name }) => one.test(name)));
        for (const [index, earlier] of chain.entries())
          for (const later of chain.slice(index + 1).flat())
            for (const unit of earlier) {
              expect([...stopsBefore(unit.name, after)], `${host.name} ${unit.name}`).to.include(later.name);
              expect(units.indexOf(unit), `${host.name} ${unit.name}`).to.be.above(units.indexOf(later));
            }
        for (const { content } of chain.flat())
          expect(content, host.name).not.to.match(/^(Requires|PartOf|BindsTo)=/m);
      }
    });
});
