import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../../support/free-port";
import { nodeosProgram } from "../../support/real-nodeos";

const PATIENCE_MS = 240_000;

/** A keosd with an unlocked wallet that holds these keys. */
export interface Keosd {
  url: string;
  stop(): Promise<void>;
}

/** The keosd of nodeos' package, on loopback. Undefined where it cannot be unpacked. */
export async function realKeosd(folder: string, keys: readonly string[]): Promise<Keosd | undefined> {
  const program = await nodeosProgram();
  if (!program) return undefined;
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  const log = openSync(join(folder, "keosd.log"), "a");
  const at = ["--http-server-address", `127.0.0.1:${port}`, "--unlock-timeout", "86400"];
  const folders = ["--wallet-dir", folder, "--data-dir", folder, "--config-dir", folder];
  const child = spawn(program.path, ["keosd", ...at, ...folders], {
    env: { ...process.env, ...program.env },
    stdio: ["ignore", log, log],
  });
  const url = `http://127.0.0.1:${port}`;
  const call = async (name: string, body: unknown): Promise<void> => {
    const answer = await fetch(`${url}/v1/wallet/${name}`, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`keosd refuses ${name}: ${await answer.text()}`);
  };
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const end = once(child, "exit");
    child.kill("SIGTERM");
    await end;
  };
  const end = Date.now() + PATIENCE_MS;
  // What it is created with is its password, and of no use here.
  for (let isUp = false; !isUp; await pause(250)) {
    isUp = await call("create", "default").then(
      () => true,
      () => false,
    );
    if (!isUp && (Date.now() > end || child.exitCode !== null)) {
      await stop();
      throw new Error(`keosd does not answer: see ${folder}/keosd.log`);
    }
  }
  for (const key of keys) await call("import_key", ["default", key]);
  return { url, stop };
}
