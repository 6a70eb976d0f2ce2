import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { FakeHost } from "./fake-host";

describe("a drill", () => {
  const rows: [title: string, hasFile: boolean, step: string, signal: "SIGKILL" | null][] = [
    ["ends the process after the step that it names", true, "files", "SIGKILL"],
    ["leaves it alone after another", true, "units", null],
    ["does nothing on a host that is not prepared for it", false, "files", null],
  ];
  for (const [title, hasFile, step, expected] of rows)
    it(title, () => {
      const host = new FakeHost();
      try {
        if (hasFile) host.write("/run/nodewright/drill", "");
        const work = `
          const { dieIfDrilled } = require(${JSON.stringify(join(__dirname, "../../agent/drill"))});
          const { machine } = require(${JSON.stringify(join(__dirname, "../../agent/system"))});
          dieIfDrilled(machine(${JSON.stringify(host.root)}), "files");`;
        const { signal, status } = spawnSync(process.execPath, ["--require", "tsx/cjs", "--eval", work], {
          env: { ...process.env, NODEWRIGHT_DIE_AFTER: step },
        });
        expect({ signal, status }).to.deep.equal({ signal: expected, status: expected ? null : 0 });
      } finally {
        host.remove();
      }
    });
});
