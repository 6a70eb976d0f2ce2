import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type Docker from "dockerode";
import { execIn, need } from "./test-lab";
import { unpackPackages } from "./unpacked-packages";

const run = promisify(execFile);

/** Findings that are ours to fix: none of the accepted words is in them. */
export const notAccepted = (
  findings: readonly string[],
  accepted: Readonly<Record<string, string>>,
): string[] => findings.filter((finding) => !Object.keys(accepted).some((words) => finding.includes(words)));

/** Programs that judge a host, unpacked from Debian's packages into a folder of their own: neither the machine nor an image has them. */
export class AuditTools {
  readonly #folder = mkdtempSync(join(tmpdir(), "nodewright-audit-"));

  /** Whether they could be had: not on a machine that is no Debian or reaches no mirror. */
  async fetch(): Promise<boolean> {
    return (await unpackPackages(this.#folder, ["lynis", "ssh-audit"])) !== undefined;
  }

  /** What ssh-audit thinks could be better, each by its algorithm: `(kex) name -- [warn] why`. */
  async sshFindings(address: string): Promise<string[]> {
    const tree = join(this.#folder, "tree/usr");
    const env = { ...process.env, PYTHONPATH: join(tree, "lib/python3/dist-packages") };
    const args = [join(tree, "bin/ssh-audit"), "--no-colors", "--level=warn", address];
    // Its exit code says that it found something.
    const { stdout } = await run("python3", args, { env }).catch((cause: { stdout?: string }) => ({
      stdout: need(cause.stdout, "the output of ssh-audit"),
    }));
    return stdout.split("\n").filter((line) => /\[(warn|fail)\]/.test(line));
  }

  /** Tests of lynis with something to say about a host, each once, warnings and suggestions alike. */
  async lynisFindings(
    docker: Docker,
    container: Docker.Container,
  ): Promise<{ tests: string[]; index: number }> {
    const { stdout } = await run(
      "tar",
      ["-C", join(this.#folder, "tree"), "--owner=root:0", "--group=root:0", "-chf", "-", "usr", "etc/lynis"],
      { encoding: "buffer", maxBuffer: 64e6 },
    );
    await execIn(docker, container, ["mkdir", "-p", PLACE]);
    await container.putArchive(stdout, { path: PLACE });
    const { code, out, err } = await execIn(docker, container, ["sh", "-c", LYNIS]);
    await execIn(docker, container, ["rm", "-rf", PLACE]);
    if (code !== 0) throw new Error(`lynis ended with ${code}: ${err}${out}`);
    const tests = [...out.matchAll(/^(?:warning|suggestion)\[\]=([A-Z]+-\d+)\|/gm)].flatMap(
      ([, id]) => id ?? [],
    );
    return { tests: [...new Set(tests)].sort(), index: Number(/^hardening_index=(\d+)$/m.exec(out)?.[1]) };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const PLACE = "/var/tmp/nodewright-lynis";
/** It looks for its profile and its parts beside itself. */
const LYNIS = `set -e
cd ${PLACE}/usr/share/lynis
cp ../../sbin/lynis .
cp -r ../../../etc/lynis/. .
sh ./lynis audit system --quick --no-colors --no-log --report-file ${PLACE}/report >/dev/null 2>&1
cat ${PLACE}/report`;
