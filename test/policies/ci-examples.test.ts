import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { EXCEPTION_EXPIRED } from "../../policies/judge";
import { CONFIG_DIR, PROJECT } from "../../stacks/stack-file";
import { temporaryFolder } from "./temporary-folder";

/** In place of the stack of the examples: the smallest sample. */
const STACK = "eos-metal";
/** How GitHub writes it. */
const MATRIX_STACK = ["$", "{{ matrix.stack }}"].join("");
const LIMIT_MS = 1_500_000;

interface Example {
  /** The shell's words of the step that judges. */
  script: string;
}

const github = (): Example => {
  const file = "docs/ci/github-actions.yml";
  const { jobs } = parse(readFileSync(join(PROJECT, file), "utf8")) as {
    jobs: { policies: { steps: { run?: string }[] } };
  };
  const words = jobs.policies.steps.flatMap(({ run }) => run ?? []);
  // The host puts its own expressions in before a shell sees them.
  return { script: judging(words).replaceAll(MATRIX_STACK, STACK) };
};

const gitlab = (): Example => {
  const file = "docs/ci/gitlab-ci.yml";
  const { policies } = parse(readFileSync(join(PROJECT, file), "utf8")) as { policies: { script: string[] } };
  return { script: judging(policies.script) };
};

const judging = (words: readonly string[]): string => {
  const [found] = words.filter((each) => each.includes("npm run policy"));
  if (found === undefined) throw new Error(`no step judges: ${words.join("; ")}`);
  return found;
};

/** What a step writes into its checkout, which here is this one. */
const REPORTS = ["policies.sarif", "policies.xml"].map((name) => join(PROJECT, name));

describe("the steps of the examples for code hosts, in a shell", function () {
  this.timeout(1_800_000);

  const clean = () => {
    for (const report of REPORTS) rmSync(report, { force: true });
  };
  beforeEach(clean);
  afterEach(clean);

  const ran = ({ script }: Example, env: Record<string, string> = {}) => {
    const { status, stdout, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", script], {
      cwd: PROJECT,
      env: { ...process.env, STACK, ...env },
      encoding: "utf8",
      timeout: LIMIT_MS,
    });
    const [sarif, junit] = REPORTS.map((report) => {
      if (!existsSync(report)) throw new Error(`no ${report} was written:\n${stdout}${stderr}`);
      return readFileSync(report, "utf8");
    });
    const { runs } = JSON.parse(sarif ?? "") as {
      runs: { results: { ruleId: string; level: string }[] }[];
    };
    const [, failures] = /failures="(\d+)"/.exec(junit ?? "") ?? [];
    const refused = (runs[0]?.results ?? []).map(({ ruleId, level }) => `${ruleId} ${level}`);
    return { status, refused, failures: Number(failures), said: stdout + stderr };
  };

  it("GitHub Actions: a stack that keeps every rule passes, and both reports say so", () => {
    const { status, refused, failures, said } = ran(github());
    expect(status, said).to.equal(0);
    expect({ refused, failures }).to.deep.equal({ refused: [], failures: 0 });
  });

  it("GitLab CI: an exception that has run out fails the job, and both reports say so", () => {
    const settings = join(temporaryFolder(), "expired.yaml");
    const exception =
      '- { policy: disk-too-slow, resource: "*", until: 2026-01-31, by: Ada Lovelace, reason: faster disks are ordered }';
    const own = readFileSync(join(CONFIG_DIR, "policies.yaml"), "utf8");
    writeFileSync(settings, `exceptions:\n  ${exception}\n${own}`);
    const { status, refused, failures, said } = ran(gitlab(), { NODEWRIGHT_POLICIES: settings });
    expect(status, said).to.equal(1);
    expect({ refused, failures }).to.deep.equal({ refused: [`${EXCEPTION_EXPIRED.id} error`], failures: 1 });
  });
});
