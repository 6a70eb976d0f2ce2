import { expect } from "chai";
import { ENGINE_TIME_LIMIT_MS, Sandbox } from "./sandbox";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
new pulumi.ComponentResource("nodewright:test:Thing", "forbidden-name");
`;

/** A pack whose one mandatory rule refuses resources of that name. */
function pack(name: string, refused: string): Record<string, string> {
  return {
    [`${name}/PulumiPolicy.yaml`]: "runtime: nodejs\nmain: index.ts\n",
    [`${name}/package.json`]: JSON.stringify({ name, version: "0.0.1" }),
    [`${name}/index.ts`]: `
      import { PolicyPack } from "@pulumi/policy";
      new PolicyPack(${JSON.stringify(name)}, {
        policies: [{
          name: "names",
          description: "Some names are refused.",
          enforcementLevel: "mandatory",
          validateStack: (stack, report) => {
            for (const resource of stack.resources) {
              if (resource.name === ${JSON.stringify(refused)}) report("this name is refused: " + resource.name);
            }
          },
        }],
      });`,
  };
}

describe("the policy analyzer's stand-in", function () {
  this.timeout(ENGINE_TIME_LIMIT_MS);
  let sandbox: Sandbox;

  before(async () => {
    sandbox = await Sandbox.create({
      "Pulumi.yaml": "name: sandbox\nruntime: nodejs\n",
      "index.ts": PROGRAM,
      ...pack("strict", "forbidden-name"),
      ...pack("content", "another-name"),
      ...pack("broken", "forbidden-name"),
      "broken/index.ts": `throw new Error("the pack itself is broken");`,
    });
  });
  after(() => sandbox.dispose());

  it("fails a preview that violates a mandatory policy", async () => {
    const preview = await sandbox.pulumi("preview", "--policy-pack", "strict");
    expect(preview.status).not.to.equal(0);
    expect(preview.stdout + preview.stderr).to.contain("this name is refused: forbidden-name");
  });

  it("passes a preview that violates nothing", async () => {
    const preview = await sandbox.pulumi("preview", "--policy-pack", "content");
    expect(preview.status, preview.stdout + preview.stderr).to.equal(0);
    expect(preview.stdout).to.contain("content");
  });

  it("fails with the message of a pack that throws", async () => {
    const preview = await sandbox.pulumi("preview", "--policy-pack", "broken");
    expect(preview.status).not.to.equal(0);
    expect(preview.stdout + preview.stderr).to.contain("the pack itself is broken");
  });
});

describe("a policy pack without its SDK", function () {
  this.timeout(ENGINE_TIME_LIMIT_MS);

  it("fails instead of hanging", async () => {
    const bare = await Sandbox.create({
      "Pulumi.yaml": "name: sandbox\nruntime: nodejs\nmain: program/index.ts\n",
      "program/index.ts": PROGRAM,
      ...pack("strict", "forbidden-name"),
    });
    try {
      bare.linkPackages("program");
      bare.unlinkPackages(".");
      const preview = await bare.pulumi("preview", "--policy-pack", "strict");
      expect(preview.status).not.to.equal(0);
      expect(preview.stdout + preview.stderr).to.match(/dependencies are not installed|npm install/);
    } finally {
      bare.dispose();
    }
  });
});
