import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import { alertGroups } from "../../../../components/core/alerts";
import { alertRules } from "../../../../components/core/alerts/alert";
import { services } from "../../../../components/core/services";
import { runCommand } from "../../../../lab/docker/command";
import { PROJECT } from "../../../../stacks/stack-file";
import { type DebianTree, debianTree } from "../../../support/debian-tree";
import { CASES, type Case } from "./cases";

const alerts = alertGroups.flatMap((group) => group.alerts);
const rules = alertRules(
  alertGroups,
  services.map(({ name }) => name),
);

describe("alerts", () => {
  it("have names of their own, and a runbook each, which tells of no other", () => {
    const text = readFileSync(join(PROJECT, "docs/alerts.md"), "utf8");
    const headings = [...text.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
    expect(headings).to.deep.equal(alerts.map(({ name }) => name));
    expect(new Set(headings).size).to.equal(headings.length);
  });

  it("ask for no metric of ours that neither the agent nor the edge tells", () => {
    const told = ["agent", "edge"]
      .map((room) => join(PROJECT, room))
      .flatMap((folder) =>
        readdirSync(folder, { recursive: true, encoding: "utf8" })
          .filter((file) => file.endsWith(".ts"))
          .map((file) => readFileSync(join(folder, file), "utf8")),
      )
      .join("\n");
    const asked = alerts.flatMap(({ expr }) =>
      [...expr.matchAll(/\bnodewright_(\w+)/g)].map(([, name]) => name),
    );
    const unknown = [...new Set(asked)].filter(
      (name) => !told.includes(`"${name}"`) && !new RegExp(`\\bnodewright_${name}\\b`).test(told),
    );
    expect(unknown).to.deep.equal([]);
  });

  it("are left out where a stack runs nothing of what they watch", () => {
    const names = alertRules(alertGroups, ["agent", "prometheus"]).groups.flatMap((group) =>
      group.rules.map((rule) => rule.alert),
    );
    expect(names).to.include.members(["HostSilent", "DiskFullSoon", "BackupOld"]);
    expect(names).not.to.include.oneOf(["HeadOld", "EvmBehind", "LogsMissing", "AlertsNotSent"]);
  });

  it("are each tried below", () =>
    expect(Object.keys(CASES)).to.have.members(alerts.map(({ name }) => name)));

  describe("as Prometheus judges them", function () {
    this.timeout(300_000);
    const folder = mkdtempSync(join(tmpdir(), "nodewright-alerts-"));
    let tree: DebianTree;

    before(async function () {
      const found = await debianTree(["prometheus"]);
      if (!found) return this.skip();
      tree = found;
      writeFileSync(join(folder, "alerts.yml"), stringify(rules));
    });
    after(() => rmSync(folder, { recursive: true }));

    const promtool = async (...words: string[]) => {
      const { status, stdout, stderr } = await runCommand(tree.program("promtool"), words, { env: tree.env });
      return { status, said: `${stdout}${stderr}` };
    };

    it("are well-formed", async () => {
      const { status, said } = await promtool(
        "check",
        "rules",
        "--lint=all",
        "--lint-fatal",
        join(folder, "alerts.yml"),
      );
      expect(status, said).to.equal(0);
    });

    for (const every of ["1m", "1h"] as const)
      it(`come when they should, after as long as they should, and not before, with a look each ${every}`, async () => {
        const tests = Object.entries(CASES)
          .filter(([, each]) => (each.every ?? "1m") === every)
          .map(([alert, each]) => trial(alert, each, every));
        const file = join(folder, `tests-${every}.yml`);
        writeFileSync(file, stringify({ rule_files: ["alerts.yml"], evaluation_interval: every, tests }));
        const { status, said } = await promtool("test", "rules", file);
        expect(status, said).to.equal(0);
      });
  });
});

/** One test of promtool: how many there are at a time, and of what. */
function trial(alert: string, { series, at, quiet, labels }: Case, every: string) {
  const firing = `ALERTS{alertname="${alert}",alertstate="firing"}`;
  const count = (time: string, value: number) => ({
    expr: `count(${firing}) or vector(0)`,
    eval_time: time,
    exp_samples: [{ labels: "{}", value }],
  });
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  return {
    name: alert,
    interval: every,
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: [
      count(at, 1),
      count(quiet, 0),
      {
        expr: `group by (${Object.keys(labels).join(", ")}) (${firing})`,
        eval_time: at,
        exp_samples: [{ labels: `{${pairs.join(",")}}`, value: 1 }],
      },
    ],
  };
}
