import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { printIni } from "../../cloud-init/emit/ini";
import { readText } from "../disk";
import { PROGRAMS } from "../layout";
import type { NodeosUrls } from "../snapshots/nodeos-api";
import { HostError, type System } from "../system";

/** A second nodeos on this host, on ports that were free, for as long as a drill takes. */
export interface ScratchNode {
  urls: NodeosUrls;
  /** Its last words, when it ended by itself. */
  ended(): Promise<string | undefined>;
  stop(): Promise<void>;
}

interface Scratch {
  /** Holds `blocks` already; becomes the node's data folder. */
  folder: string;
  snapshot: string;
  /** `address:port` of the node that it follows. */
  peer: string;
}

const CONFIG = "/etc/nodeos/config.ini";
/** Settings of the host's own nodeos that the other one shares: what it needs to hold the same chain. */
const SHARED = /^(chain-state-db-size-mb|read-mode)\s*=\s*(.+)$/;
const PLUGINS = ["chain", "chain_api", "net", "http", "producer", "producer_api"];

export async function startScratchNode(
  system: System,
  { folder, snapshot, peer }: Scratch,
): Promise<ScratchNode> {
  const [http, p2p] = [await freePort(), await freePort()];
  const shared = ((await readText(system, CONFIG)) ?? "").split("\n").flatMap((line): [string, string][] => {
    const [, key, value] = SHARED.exec(line) ?? [];
    return key !== undefined && value !== undefined ? [[key, value]] : [];
  });
  const address = `127.0.0.1:${http}`;
  const entries: [string, string | number | boolean][] = [
    ...PLUGINS.map((name): [string, string] => ["plugin", `eosio::${name}_plugin`]),
    ...shared,
    ["http-server-address", address],
    ["http-validate-host", false],
    // The host's own node: relays let in one connection an address, which that one has.
    ["p2p-peer-address", peer],
    ["p2p-listen-endpoint", `127.0.0.1:${p2p}`],
  ];
  await writeFile(system.path(`${folder}/config.ini`), printIni(entries));
  const log = system.path(`${folder}/nodeos.log`);
  const out = openSync(log, "w");
  const child = spawn(
    system.path(`${PROGRAMS}/nodeos`),
    [
      "--config-dir",
      system.path(folder),
      "--data-dir",
      system.path(folder),
      "--snapshot",
      system.path(snapshot),
    ],
    { stdio: ["ignore", out, out] },
  );
  child.on("error", () => {});
  return {
    // One address for all: categories are for the node that others ask.
    urls: { api: `http://${address}`, control: `http://${address}` },
    ended: async () =>
      child.exitCode === null && child.signalCode === null
        ? undefined
        : ((await readText(system, `${folder}/nodeos.log`)) ?? "").trim().split("\n").slice(-3).join("\n"),
    stop: () => stopped(child),
  };
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const end = once(child, "exit");
  child.kill("SIGTERM");
  await end;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new HostError("no port is free on loopback");
  return address.port;
}
