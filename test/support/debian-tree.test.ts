import { expect } from "chai";
import { runCommand } from "../../lab/docker/command";
import { debianTree } from "./debian-tree";

describe("programs of Debian's packages, unpacked for tests", function () {
  this.timeout(300_000);

  it("run with the libraries that came with them", async function () {
    const tree = await debianTree(["haproxy"]);
    if (!tree) return this.skip();
    const { status, stdout, stderr } = await runCommand(tree.program("haproxy"), ["-v"], { env: tree.env });
    expect(status, stderr).to.equal(0);
    expect(stdout).to.match(/^HAProxy version 2/);
  });
});
