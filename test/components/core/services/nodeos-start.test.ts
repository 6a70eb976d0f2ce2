import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { wax } from "../../../../components/core/networks/wax";
import { type NodeosSettings, nodeos } from "../../../../components/core/services/nodeos";
import { nodeosFiles } from "../../../../components/core/services/nodeos-files";
import type { ServiceContext } from "../../../../components/core/services/service";

const settings = nodeos.settings.parse({}) as NodeosSettings;
const NOBODY = { always: [], others: [], dnsSeeds: [] };
const context = { stack: "s", host: "h", role: "seed", network: wax, peers: NOBODY, settings } as Partial<
  ServiceContext<NodeosSettings>
> as ServiceContext<NodeosSettings>;
const listeners = nodeos.listeners(settings, {
  role: "seed",
  services: [],
  shares: false,
  writesForOthers: false,
});

const contentOf = (end: string) =>
  nodeosFiles(context, listeners).find(({ path }) => path.endsWith(end))?.content;

/** The start script in a folder of its own, with a nodeos and an agent that only say how they were called. */
class Host {
  readonly root = mkdtempSync(join(tmpdir(), "nodeos-start-"));
  constructor(nodeosScript: string, prepare = "exit 0") {
    for (const folder of ["data/snapshots", "etc", "bin", "run", "credentials"])
      mkdirSync(join(this.root, folder), { recursive: true });
    const script = contentOf("nodeos-start");
    const text = script?.format === "script" ? script.text : "";
    this.write(
      "start",
      text
        .replaceAll("/data/nodeos", join(this.root, "data"))
        .replaceAll("/etc/nodeos", join(this.root, "etc"))
        .replaceAll("/opt/nodewright/bin", join(this.root, "bin")),
    );
    this.write("etc/config.ini", "plugin = p\n");
    this.write("credentials/signing-key", "PVT_K1_secret");
    this.program("nodeos", nodeosScript);
    this.program(
      "nodewright-host",
      `echo "$@" >>${this.root}/calls
case $2 in
  prepare) printf '%s\\n' --snapshot "/a b.bin" >"$4"; ${prepare} ;;
  watch) exec sleep 60 ;;
esac`,
    );
  }
  write = (path: string, text: string) => writeFileSync(join(this.root, path), text);
  read = (path: string) => readFileSync(join(this.root, path), "utf8");
  has = (path: string) => existsSync(join(this.root, path));
  program(name: string, text: string) {
    this.write(`bin/${name}`, `#!/bin/sh\n${text}\n`);
    chmodSync(join(this.root, "bin", name), 0o755);
  }
  start(): ChildProcess {
    return spawn("sh", [join(this.root, "start"), "--disable-replay-opts"], {
      env: {
        ...process.env,
        RUNTIME_DIRECTORY: join(this.root, "run"),
        CREDENTIALS_DIRECTORY: join(this.root, "credentials"),
        PUBLIC_KEY: "PUB_K1_1",
      },
      stdio: "ignore",
    });
  }
}

describe("the start of nodeos", function () {
  this.timeout(60_000);
  const hosts: Host[] = [];
  const host = (nodeosScript: string, prepare?: string) => {
    const made = new Host(nodeosScript, prepare);
    hosts.push(made);
    return made;
  };
  const ended = async (child: ChildProcess) => (await once(child, "exit"))[0] as number;
  afterEach(() => {
    for (const { root } of hosts.splice(0)) rmSync(root, { recursive: true });
  });

  it("gives nodeos what the recovery says, and the key by a file on tmpfs alone", async () => {
    const made = host('printf "%s|" "$@" >"$(dirname "$0")/../called"; exit 3');
    expect(await ended(made.start())).to.equal(3);
    expect(made.read("called")).to.equal(
      `--config-dir|${made.root}/run|--data-dir|${made.root}/data|--disable-replay-opts|--snapshot|/a b.bin|`,
    );
    expect(made.read("run/config.ini")).to.equal(
      "plugin = p\nsignature-provider = PUB_K1_1=KEY:PVT_K1_secret\n",
    );
    expect(made.read("calls")).to.include("chain ended 3\n");
  });

  it("calls an end with status 0 that nobody asked for a failure", async () => {
    const made = host("exit 0");
    expect(await ended(made.start())).to.equal(70);
    expect(made.read("calls")).to.include("chain ended 0\n");
  });

  it("starts nothing where the chain cannot be started, and says so by its status", async () => {
    const made = host('touch "$(dirname "$0")/../called"', "exit 78");
    expect(await ended(made.start())).to.equal(78);
    expect(made.has("called")).to.equal(false);
  });

  it("passes one SIGTERM on and waits for the end, however long nodeos takes", async () => {
    const made = host(
      `trap 'echo TERM >>${"$"}(dirname "$0")/../terms; sleep 1; exit 0' TERM; touch "$(dirname "$0")/../up"; while :; do sleep 0.1; done`,
    );
    const child = made.start();
    while (!made.has("up")) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGTERM");
    expect(await ended(child)).to.equal(0);
    expect(made.read("terms")).to.equal("TERM\n");
    expect(made.read("calls")).to.include("chain ended 0 --asked\n");
  });

  it("lets a snapshot that is being written end first", async () => {
    const made = host(
      `trap 'ls "$(dirname "$0")/../" >"$(dirname "$0")/../seen"; exit 0' TERM; touch "$(dirname "$0")/../up"; while :; do sleep 0.1; done`,
    );
    made.write("data/snapshots/.lock", "");
    const writing = spawn("flock", [
      join(made.root, "data/snapshots/.lock"),
      "sh",
      "-c",
      `touch ${made.root}/holding; sleep 1; touch ${made.root}/written`,
    ]);
    while (!made.has("holding")) await new Promise((resolve) => setTimeout(resolve, 20));
    const child = made.start();
    while (!made.has("up")) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGTERM");
    await Promise.all([ended(child), once(writing, "exit")]);
    expect(made.read("seen")).to.include("written");
  });

  it("shows the chain's own APIs to the cluster, and those that control it to the host alone", () => {
    const config = contentOf("config.ini");
    const entries = config?.format === "ini" ? config.entries : [];
    const at = (category: string) =>
      entries.filter(
        ([key, value]) => key === "http-category-address" && `${value}`.startsWith(`${category},`),
      );
    expect(at("chain_ro").map(([, value]) => value)).to.deep.equal(["chain_ro,[::]:8888"]);
    for (const category of ["producer_ro", "producer_rw", "snapshot", "net_ro", "net_rw", "db_size"])
      expect(at(category).map(([, value]) => value)).to.deep.equal([`${category},127.0.0.1:8890`]);
  });
});
