import { expect } from "chai";
import { localCommand } from "../../../../lab/plugins/command/local";
import type { Change } from "../../../../lab/plugins/diff";
import { failureOf, firstLine, testCall } from "../call";

describe("command:local:Command", () => {
  it("runs in its folder, with its interpreter, environment and input", async () => {
    const inputs = {
      create: "process.stdin.pipe(process.stdout); console.log(process.cwd(), process.env.NAME)",
      interpreter: [process.execPath, "-e"],
      dir: "/",
      environment: { NAME: "value" },
      stdin: "input",
    };
    const { outputs } = await localCommand.create(testCall(), inputs);
    expect(outputs).to.deep.equal({ stdout: "/ value\ninput", stderr: "" });
  });

  it("hands the previous output to update and delete, unless told not to", async () => {
    const echo = 'echo "[$PULUMI_COMMAND_STDOUT]"';
    const state = { stdout: "before", stderr: "" };
    const changes: Change[] = [{ path: ["update"], kind: "add" }];
    const inputs = { create: "true", update: echo };
    expect(await localCommand.update(testCall(), "id", inputs, { state, changes })).to.include({
      stdout: "[before]",
    });
    const silent = { ...inputs, addPreviousOutputInEnv: false };
    expect(await localCommand.update(testCall(), "id", silent, { state, changes })).to.include({
      stdout: "[]",
    });
    const call = testCall();
    await localCommand.delete(call, "id", { ...state, create: "true", delete: echo });
    expect(call.lines).to.deep.equal(["[before]"]);
  });

  changes();
  fails();
});

function changes() {
  const updates: { changed: string; runs: boolean }[] = [
    { changed: "create", runs: true },
    { changed: "stdin", runs: true },
    { changed: "environment", runs: true },
    { changed: "connection", runs: false },
    { changed: "delete", runs: false },
    { changed: "logging", runs: false },
  ];
  for (const { changed, runs } of updates) {
    it(`${runs ? "runs again" : "runs nothing"} when only ${changed} changes`, async () => {
      const update = { state: {}, changes: [{ path: [changed], kind: "update" } as const] };
      const outputs = await localCommand.update(testCall(), "id", { create: "echo ran" }, update);
      expect(outputs).to.deep.equal(runs ? { stdout: "ran", stderr: "" } : {});
    });
  }

  it("is replaced by a change of its triggers and by nothing else", () => {
    expect(localCommand.inPlace({ path: ["triggers", 0], kind: "update" })).to.equal(false);
    expect(localCommand.inPlace({ path: ["create"], kind: "update" })).to.equal(true);
  });
}

function fails() {
  it("fails with the exit status, and with a folder that does not exist", async () => {
    expect(await failureOf(localCommand.create(testCall(), { create: "echo no >&2; exit 4" }))).to.match(
      /exit status 4.*no$/s,
    );
    expect(await failureOf(localCommand.create(testCall(), { create: "true", dir: "/no/such" }))).to.contain(
      "in /no/such",
    );
  });

  it("ends the whole group of processes when it is cancelled", async () => {
    const call = testCall();
    const running = localCommand.create(call, { create: "sleep 60 & echo $!; wait" });
    await firstLine(call);
    call.abort();
    expect(await failureOf(running)).to.contain("cancelled");
    const pid = Number(call.lines[0]);
    await gone(pid);
  });
}

async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
