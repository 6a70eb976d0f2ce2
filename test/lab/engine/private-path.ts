import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A project folder and a PATH that holds nothing but what a test puts there (shell scripts, by name). */
export class PrivatePath {
  readonly root = mkdtempSync(join(tmpdir(), "nodewright-path-"));
  readonly folder = join(this.root, "user-bin");
  readonly said: string[] = [];
  /** The scripts are run by /bin/sh; their own PATH is this folder, so they may use shell builtins only. */
  readonly environment: NodeJS.ProcessEnv = { PATH: this.folder };

  constructor() {
    mkdirSync(this.folder);
  }

  get options() {
    return {
      root: this.root,
      environment: this.environment,
      progress: (line: string) => this.said.push(line),
    };
  }

  add(name: string, script: string, folder = this.folder): string {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  /** A `pulumi` that knows its version and nothing else. */
  addPulumi(version: string): string {
    return this.add("pulumi", `[ "$1" = version ] && echo ${version}`);
  }

  /** A `go` of that version whose build writes `binary` (or fails with `complaint`) and notes each build. */
  addGo(version: string, complaint = ""): string {
    const fail = complaint ? `echo '${complaint}' >&2; exit 1` : "";
    return this.add(
      "go",
      `if [ "$1" = env ]; then echo go${version}; exit; fi
       echo build >> ${join(this.root, "builds")}
       ${fail}
       echo internal/abi >&2
       while [ "$1" != -o ]; do shift; done
       echo built > "$2"`,
    );
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
