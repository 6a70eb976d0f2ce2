import { expect } from "chai";
import { ENGINE_TIME_LIMIT_MS, Sandbox } from "./sandbox";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
const suffix = "!";
const provider: pulumi.dynamic.ResourceProvider = {
  create: async (inputs) => ({ id: "one", outs: { text: inputs.text + suffix } }),
};
class Shout extends pulumi.dynamic.Resource {
  declare readonly text: pulumi.Output<string>;
  constructor(name: string, text: string) {
    super(provider, name, { text });
  }
}
export const text = new Shout("shout", "hey").text;
`;

describe("the dynamic provider's stand-in", function () {
  this.timeout(ENGINE_TIME_LIMIT_MS);

  it("creates and destroys a dynamic resource", async () => {
    const sandbox = await Sandbox.create({
      "Pulumi.yaml": "name: sandbox\nruntime: nodejs\n",
      "index.ts": PROGRAM,
    });
    try {
      const up = await sandbox.pulumi("up", "--yes", "--skip-preview");
      expect(up.status, up.stdout + up.stderr).to.equal(0);
      expect((await sandbox.pulumi("stack", "output", "text")).stdout.trim()).to.equal("hey!");
      const destroy = await sandbox.pulumi("destroy", "--yes", "--skip-preview");
      expect(destroy.status, destroy.stdout + destroy.stderr).to.equal(0);
      expect(destroy.stdout).to.contain("2 deleted");
    } finally {
      sandbox.dispose();
    }
  });

  it("fails instead of hanging when the project has no SDK any more", async () => {
    const sandbox = await Sandbox.create({
      "Pulumi.yaml": "name: sandbox\nruntime: nodejs\n",
      "index.ts": PROGRAM,
    });
    try {
      await sandbox.pulumi("up", "--yes", "--skip-preview");
      sandbox.unlinkPackages(".");
      const destroy = await sandbox.pulumi("destroy", "--yes", "--skip-preview");
      expect(destroy.status).not.to.equal(0);
      expect(destroy.stdout + destroy.stderr).to.contain(
        "Cannot find module '@pulumi/pulumi/cmd/dynamic-provider'",
      );
    } finally {
      sandbox.dispose();
    }
  });
});
