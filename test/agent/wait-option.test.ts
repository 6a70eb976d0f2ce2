import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";

const AGENT = join(__dirname, "../../agent/main.ts");

async function provision(...words: string[]): Promise<{ code: unknown; err: string }> {
  const child = spawn(process.execPath, ["--require", "tsx/cjs", AGENT, "provision", ...words], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [err, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  return { code, err };
}

describe("provision --wait", () => {
  it("takes seconds alone, and says so before anything is done", async () => {
    for (const wrong of ["soon", "-1", "1.5", ""]) {
      const { code, err } = await provision("--wait", wrong, "--bundle", "/nowhere");
      expect(code).to.equal(2);
      expect(err).to.match(/whole number of seconds/);
    }
    // The wait is right, the bundle is not.
    expect((await provision("--wait", "5", "--bundle", "/nowhere")).err).to.match(/name the bundle/);
  });
});
