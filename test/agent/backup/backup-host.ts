import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import type { BackupSettings } from "../../../agent/backup/settings";
import type { System } from "../../../agent/system";
import { BACKUP_SETTINGS } from "../../../components/core/services/backups";
import { SNAPSHOT_SETTINGS } from "../../../components/core/services/nodeos-files";
import { CHAIN_ID, ChainHost, NEWER } from "../snapshots/chain";

const CACHE = "/data/backup";
const RESTORE = `${CACHE}/restore`;
export const REPOSITORY = "/repository";
export const EVM_DATA = "/data/evm";

/** A host with a real chain's files and the real restic; systemd is played, and nodeos where it is asked. */
export class BackupHost extends ChainHost {
  /** What systemd was told: `stop nodeos.service`. */
  readonly units: string[] = [];
  private readonly snapshot = this.read(NEWER);
  private readonly nodeos: Server = createServer((request, response) => {
    if (request.url === "/chain/v1/chain/get_info")
      return void response.end(
        JSON.stringify({
          chain_id: CHAIN_ID,
          head_block_num: 159,
          head_block_time: "2026-11-22T01:32:22.000",
          last_irreversible_block_num: 159,
        }),
      );
    if (request.url !== "/control/v1/producer/create_snapshot") return void response.writeHead(404).end("{}");
    this.write(NEWER, this.snapshot);
    const head_block_id = /snapshot-(\w+)\.bin$/.exec(NEWER)?.[1];
    response.end(JSON.stringify({ head_block_id, head_block_num: 113, snapshot_name: NEWER }));
  });

  constructor(private readonly restic: { path: string; libraries: string }) {
    super();
    this.write("/credentials/backup-password", "a password of the test\n");
    this.write(`${EVM_DATA}/chaindata/mdbx.dat`, "what the EVM node has");
  }

  async up(): Promise<void> {
    this.nodeos.listen(0, "127.0.0.1");
    await once(this.nodeos, "listening");
    this.write(SNAPSHOT_SETTINGS, JSON.stringify({ ...this.urls, network: "lab", keep: 3 }));
    this.write(BACKUP_SETTINGS, JSON.stringify(this.settings()));
  }

  down(): void {
    this.nodeos.close();
    this.remove();
  }

  private get urls() {
    const at = `http://127.0.0.1:${(this.nodeos.address() as AddressInfo).port}`;
    return { api: `${at}/chain`, control: `${at}/control` };
  }

  settings = (changes: Partial<BackupSettings> = {}): BackupSettings => ({
    repository: REPOSITORY,
    region: "us-east-1",
    keep: { last: 2, daily: 0, weekly: 0, monthly: 0 },
    stack: "lab",
    host: "backup-a",
    ...this.urls,
    p2p: "127.0.0.1:9876",
    chainId: CHAIN_ID,
    units: ["evm-node", "nodeos"],
    evm: EVM_DATA,
    cache: CACHE,
    ...changes,
  });

  readonly host: System = {
    ...this.system,
    // restic brings files back below their whole path, which here begins with the folder that plays the host's root.
    path: (path) =>
      path.startsWith(`${RESTORE}/`)
        ? join(this.root, RESTORE, this.root, path.slice(RESTORE.length))
        : this.system.path(path),
    run: async (command, input) => {
      const [program, ...words] = command;
      if (program === "systemctl") {
        if (words[0] !== "is-active") this.units.push(words.join(" "));
        return { code: 0, stdout: Buffer.alloc(0), stderr: "" };
      }
      if (program !== "sh") return this.system.run(command, input);
      const { path, libraries } = this.restic;
      const env = [`PATH=${dirname(path)}:${process.env.PATH}`, `LD_LIBRARY_PATH=${libraries}`];
      return this.system.run(["env", ...env, ...command], input);
    },
    sleep: async () => {},
  };
}
