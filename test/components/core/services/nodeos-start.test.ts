import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { wax } from "../../../../components/core/networks/wax";
import type { NodeosSettings } from "../../../../components/core/services/nodeos";
import { NO_SNAPSHOT, nodeosFiles } from "../../../../components/core/services/nodeos-files";
import type { ServiceContext } from "../../../../components/core/services/service";

const settings: NodeosSettings = { p2pPort: 9876, httpPort: 8888, shipPort: 8999, options: {} };
const context = { stack: "s", host: "h", network: wax, peers: [], settings } as Partial<
  ServiceContext<NodeosSettings>
> as ServiceContext<NodeosSettings>;

const contentOf = (end: string, given = context) =>
  nodeosFiles(given, []).find(({ path }) => path.endsWith(end))?.content;

/** The start script in a folder of its own, with a nodeos that only says how it was called. */
class Host {
  readonly root = mkdtempSync(join(tmpdir(), "nodeos-start-"));
  constructor(chain: "public" | "private") {
    for (const folder of ["data/blocks", "etc", "bin", "run"]) this.folder(folder);
    const script = contentOf("nodeos-start");
    const text = script?.format === "script" ? script.text : "";
    writeFileSync(
      join(this.root, "start"),
      text
        .replaceAll("/data/nodeos", join(this.root, "data"))
        .replaceAll("/etc/nodeos", join(this.root, "etc"))
        .replaceAll("/opt/nodewright/bin", join(this.root, "bin")),
    );
    this.write("etc/config.ini", "");
    this.write("bin/nodeos", '#!/bin/sh\necho "$@"\n');
    chmodSync(join(this.root, "bin/nodeos"), 0o755);
    if (chain === "private") this.write("etc/genesis.json", "{}");
  }
  folder = (path: string) => mkdirSync(join(this.root, path), { recursive: true });
  write = (path: string, text: string) => writeFileSync(join(this.root, path), text);
  has = (path: string) => existsSync(join(this.root, path));
  start() {
    const { status, stdout, stderr } = spawnSync("sh", [join(this.root, "start")], {
      env: { ...process.env, RUNTIME_DIRECTORY: join(this.root, "run") },
      encoding: "utf8",
    });
    const flags = stdout.match(/--(snapshot|genesis-json) \S+/g) ?? [];
    return { status, stderr, flags: flags.map((flag) => flag.replace(`${this.root}/`, "")) };
  }
  snapshot(name = "snapshot-02.bin") {
    this.folder("data/snapshots");
    this.write(`data/snapshots/${name}`, "snapshot");
  }
  state() {
    this.folder("data/state");
    this.write("data/state/shared_memory.bin", "state");
  }
}

describe("the start of nodeos", () => {
  const hosts: Host[] = [];
  const host = (chain: "public" | "private") => {
    const made = new Host(chain);
    hosts.push(made);
    return made;
  };
  afterEach(() => {
    for (const { root } of hosts.splice(0)) rmSync(root, { recursive: true });
  });

  it("refuses a public chain with nothing to start from, and says what to do", () => {
    const { status, stderr, flags } = host("public").start();
    expect(status).to.equal(NO_SNAPSHOT);
    expect(flags).to.deep.equal([]);
    expect(stderr).to.match(/no state, no block log and no snapshot .* Put a snapshot, .*data\/snapshots;/);
  });

  it("makes the folder for the snapshot, and takes it from there", () => {
    const fresh = host("public");
    fresh.start();
    expect(fresh.has("data/snapshots")).to.equal(true);
    fresh.snapshot();
    expect(fresh.start()).to.deep.include({
      status: 0,
      flags: ["--snapshot data/snapshots/snapshot-02.bin"],
    });
  });

  it("takes the snapshot of the highest block, and no packed one", () => {
    const fresh = host("public");
    for (const name of ["snapshot-0a.bin", "snapshot-1b.bin", "snapshot-ff.bin.zst"]) fresh.snapshot(name);
    expect(fresh.start().flags).to.deep.equal(["--snapshot data/snapshots/snapshot-1b.bin"]);
  });

  it("takes no snapshot where there is a state", () => {
    const running = host("public");
    running.state();
    running.snapshot();
    expect(running.start()).to.deep.include({ status: 0, flags: [] });
  });

  it("replays a block log that stands alone", () => {
    const restored = host("public");
    restored.write("data/blocks/blocks.log", "blocks");
    expect(restored.start()).to.deep.include({ status: 0, flags: [] });
  });

  it("begins again where a load broke off, and goes on where it did not", () => {
    const broken = host("public");
    broken.snapshot();
    broken.start();
    broken.state();
    expect(broken.start().flags).to.deep.equal(["--snapshot data/snapshots/snapshot-02.bin"]);
    expect(broken.has("data/state")).to.equal(false);
    broken.state();
    broken.write("data/blocks/blocks.log", "blocks");
    expect(broken.start().flags).to.deep.equal([]);
    expect(broken.has("data/state/shared_memory.bin")).to.equal(true);
    // Long after: the log has not grown since that start, and the state stays.
    expect(broken.start().flags).to.deep.equal([]);
    expect(broken.has("data/state/shared_memory.bin")).to.equal(true);
  });

  it("gives a private chain its genesis, once, and never a snapshot", () => {
    const lab = host("private");
    lab.snapshot();
    expect(lab.start().flags).to.deep.equal(["--genesis-json etc/genesis.json"]);
    lab.write("data/blocks/blocks.log", "blocks");
    expect(lab.start().flags).to.deep.equal([]);
  });
});

describe("the state of nodeos", () => {
  const size = (given: NodeosSettings) => {
    const config = contentOf("config.ini", { ...context, settings: given });
    return config?.format === "ini"
      ? config.entries.find(([key]) => key === "chain-state-db-size-mb")?.[1]
      : undefined;
  };
  it("is as large as the network asks for, or as the stack file says", () => {
    expect(size(settings)).to.equal(131_072);
    expect(size({ ...settings, stateSize: "2 GB" })).to.equal(2048);
  });
  it("has no genesis on a public chain", () => expect(contentOf("genesis.json")).to.equal(undefined));
});
