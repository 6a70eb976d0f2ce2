import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { takeTurn } from "../../lab/only-one";
import { PROJECT } from "../../stacks/stack-file";

const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "",
    (cause: Error) => cause.message,
  );

describe("the right to change a lab", function () {
  this.timeout(20_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nodewright-turn-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is one run's at a time, and the other is told whose", async () => {
    const done = await takeTurn(folder, "npm run lab");
    expect(await refusal(takeTurn(folder, "npm run lab:down"))).to.equal(
      `another run is under way for this lab: \`npm run lab\`, process ${process.pid}. Wait until it has ended, then run this again`,
    );
    done();
    (await takeTurn(folder, "npm run lab"))();
  });

  it("is each lab's own", async () => {
    const one = await takeTurn(`${folder}/a`, "x");
    const other = await takeTurn(`${folder}/b`, "x");
    one();
    other();
  });

  it("comes back from a run that was killed", async () => {
    const program = `require(${JSON.stringify(join(PROJECT, "lab/only-one.ts"))}).takeTurn(${JSON.stringify(folder)}, "x").then(() => { console.log("taken"); setInterval(() => {}, 1000); })`;
    const holder = spawn(process.execPath, ["--require", "tsx/cjs", "-e", program], {
      cwd: PROJECT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    expect(await refusal(takeTurn(folder, "y"))).to.include(`process ${holder.pid}`);
    holder.kill("SIGKILL");
    await once(holder, "exit");
    (await takeTurn(folder, "y"))();
  });
});
