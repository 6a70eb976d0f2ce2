import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse, stringify } from "yaml";
import { PROJECT } from "../../stacks/stack-file";
import { CloudLife, releasesOf } from "./cloud-life";

/** The smallest of the clouds' samples. */
const SAMPLE = "wax-aws";
const INSTANCE = "aws:ec2/instance:Instance";

describe("plain pulumi", function () {
  this.timeout(600_000);
  let life: CloudLife;
  let config: string;

  /** As an operator types it, in a copy of the project's layout: nothing is written into the repository. */
  const pulumi = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync("pulumi", [...words, "--non-interactive"], {
      cwd: join(life.folder, "project"),
      env: {
        ...process.env,
        ...life.env,
        NODEWRIGHT_MIRROR: join(life.folder, "mirror"),
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      },
      encoding: "utf8",
      timeout: 300_000,
    });
    return { status, said: stdout + stderr };
  };

  before(async () => {
    life = await CloudLife.open(SAMPLE);
    const project = parse(readFileSync(join(PROJECT, "Pulumi.yaml"), "utf8")) as Record<string, string>;
    const folder = join(life.folder, "project");
    config = join(folder, project.stackConfigDir ?? "", `Pulumi.${SAMPLE}.yaml`);
    mkdirSync(join(folder, project.stackConfigDir ?? ""), { recursive: true });
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      stringify({ ...project, main: join(PROJECT, project.main ?? "") }),
    );
    for (const sha256 of releasesOf(life.plan)) writeFileSync(join(life.folder, "mirror", sha256), sha256);
    copyFileSync(join(life.folder, `Pulumi.${SAMPLE}.yaml`), config);
  });
  after(() => life?.close());

  it("makes nothing where secrets are missing, and says how to set each, without a stack trace", () => {
    const whole = readFileSync(config, "utf8");
    const { config: keys, ...rest } = parse(whole) as { config: Record<string, unknown> };
    const { "nodewright:secrets": _, ...others } = keys;
    writeFileSync(config, stringify({ ...rest, config: others }));
    const { status, said } = pulumi("up", "--yes", "--skip-preview", "--stack", SAMPLE);
    writeFileSync(config, whole);
    expect(status).not.to.equal(0);
    for (const name of ["ssh/private-key", "producer/signing-key"])
      expect(said).to.include(
        `${name} is not set: pulumi config set --secret --path 'nodewright:secrets["${name}"]'`,
      );
    expect(said).not.to.match(/\n\s+at .*\.ts:\d+/);
    expect(life.world.ids(INSTANCE)).to.deep.equal([]);
  });

  it("brings a sample up, from stackConfigDir and the mirror's folder", () => {
    const { status, said } = pulumi("up", "--yes", "--stack", SAMPLE);
    expect(status, said).to.equal(0);
    expect(life.world.ids(INSTANCE)).to.have.length(life.plan.hosts.length);
    const outputs = JSON.parse(pulumi("stack", "output", "--json", "--stack", SAMPLE).said) as {
      schema: number;
      relays: string[];
    };
    expect(outputs.schema).to.equal(1);
    expect(outputs.relays).to.include("seed1.wax.nodes.example.org:9876");
  });

  it("has nothing to do afterwards", () => {
    const { status, said } = pulumi("preview", "--expect-no-changes", "--stack", SAMPLE);
    expect(status, said).to.equal(0);
  });
});

describe("npm run preview", function () {
  this.timeout(600_000);

  it("previews a sample of a cloud, on a simulated one, without a secret or a credential", () => {
    const words = ["lab/start.mjs", "lab/preview/main.ts", "eos-aws", "--simulate"];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, {
      cwd: PROJECT,
      encoding: "utf8",
      timeout: 300_000,
    });
    expect(status, stdout + stderr).to.equal(0);
    expect(stdout).to.include("Previewing update (eos-aws)");
    expect(stdout + stderr).to.include("secrets to set before the first pulumi up");
    expect(stderr).to.include("aws is simulated here: nothing real was asked, made or changed");
  });
});
