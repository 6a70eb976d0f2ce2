import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { z } from "zod";
import { machinesOf } from "../../components/core/plan/plan";
import { registry } from "../../components/registry";
import { CATALOG as aws } from "../../components/targets/aws/catalog";
import { CATALOG as digitalOcean } from "../../components/targets/digitalocean/catalog";
import { CATALOG as gcp } from "../../components/targets/gcp/catalog";
import { loadPlan } from "../../stacks/load";
import { CONFIG_DIR, stackPath } from "../../stacks/stack-file";
import { rawOf, samples, targetOf } from "./cloud-life";

const MACHINES = [aws, digitalOcean, gcp].flatMap(({ machines }) => machines.map(({ name }) => name));
/** What editors check stack files with, as it lies beside them. */
const schema = z.fromJSONSchema(JSON.parse(readFileSync(join(CONFIG_DIR, "stack.schema.json"), "utf8")));

const commentsOf = (text: string): string[] => text.match(/(^|\s)#.*$/gm) ?? [];

describe("the sample stacks", () => {
  it("are of every target, with every role among them", () => {
    expect([...new Set(samples().map(targetOf))]).to.have.members(registry.targets.map(({ name }) => name));
    const used = samples().flatMap((sample) =>
      Object.values(rawOf(sample).hosts as Record<string, { role: string }>).map(({ role }) => role),
    );
    expect([...new Set(used)]).to.have.members(registry.roles.map(({ name }) => name));
  });

  for (const sample of samples())
    describe(sample, () => {
      const text = readFileSync(stackPath(sample), "utf8");

      it("has a plan, and no mistake", () => {
        const { plan, findings } = loadPlan(sample, rawOf(sample));
        expect(findings.filter(({ severity }) => severity === "error")).to.deep.equal([]);
        expect(plan && machinesOf(plan)).to.have.length.above(0);
      });

      it("says in its first line what it is", () => expect(text).to.match(/^# \S.{20,}/));

      it("names no machine in its comments: catalogs and people's disks change", () => {
        for (const comment of commentsOf(text)) {
          for (const machine of MACHINES) expect(comment.split(/[\s,;()]+/)).not.to.include(machine);
          expect(comment).not.to.match(/(^|[\s"'`(])\/(home|root|tmp|work|Users)\b/);
        }
      });

      it("is what the schema for editors takes, which sees a slip of the pen", () => {
        const file = parse(text) as { config: Record<string, unknown> };
        const said = schema.safeParse(file);
        expect(said.error?.issues ?? []).to.deep.equal([]);
        const slip = { ...file, config: { ...file.config, "nodewright:hots": {} } };
        expect(schema.safeParse(slip).success).to.equal(false);
      });
    });
});
