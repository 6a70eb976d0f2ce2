import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PrivateKey } from "@wharfkit/antelope";
import { buildSync } from "esbuild";
import { z } from "zod";
import { beginAnew } from "../../../agent/chain/anew";
import { STATE } from "../../../agent/chain/layout";
import { etcdClient } from "../../../agent/failover/etcd-client";
import type { Group } from "../../../agent/failover/group";
import { groupOf } from "../../../agent/failover/run";
import type { FailoverStatus } from "../../../agent/failover/status";
import { BLOCK_LOG } from "../../../agent/snapshots/layout";
import { machine } from "../../../agent/system";
import type { FailoverSettings } from "../../../components/core/failover/settings";
import { DEFAULT_TIMING } from "../../../components/core/failover/timing";
import { nativeGenesis } from "../../../components/core/networks/native-genesis";
import { NODEOS_DATA } from "../../../components/core/services/nodeos-files";
import { STACK_AUTHORITY } from "../../../components/core/tls/certificate";
import { type Judgement, judge, signedIn, type Term } from "../../../lab/drills/failover/judge";
import { clockProgram } from "../../../lab/drills/failover/lab-clock";
import { until } from "../../../lab/drills/until";
import { PROJECT } from "../../../stacks/stack-file";
import { makeAuthority, readAuthority } from "../../../tls/authority";
import { issue } from "../../../tls/issue";
import { debianTree } from "../../support/debian-tree";
import { freePort } from "../../support/free-port";
import { nodeosProgram, type Program } from "../../support/real-nodeos";
import { TcpLink } from "./tcp-link";
import { Unit } from "./unit";

const statusSchema = z.object({ header: z.object({ member_id: z.string() }), leader: z.string() });
const MEMBERS = ["m0", "m1", "m2"];
export const HOSTS = ["a", "b"] as const;
export type HostName = (typeof HOSTS)[number];

/** A validator: its nodeos and its agent, and the links by which they reach the others. */
export interface LoopbackHost {
  name: HostName;
  folder: string;
  nodeos: Unit;
  agent: Unit;
  toEtcd: TcpLink[];
  toPeers: TcpLink;
  /** All of it stands still: its watchdog too. */
  isFrozen?: boolean;
  gate?: NodeJS.Timeout;
  settings: FailoverSettings;
}

/** Twice the defaults: with these, a machine with thirty programs at work on a core lets nobody keep a lease. */
const TIMING = {
  ...DEFAULT_TIMING,
  leaseSeconds: 20,
  fenceSeconds: 8,
  stopSeconds: 7,
  ageSeconds: 3,
  holdDownSeconds: 20,
  missedSlots: 20,
};
/** Seconds. On such a machine it may take several turns until one host keeps it. */
const PATIENCE = 600;

/**
 * A group of two validators and a relay, real nodeos and real etcd with TLS, as processes of this machine. Its guard does
 * what systemd does with the unit: it kills an agent that is not heard, and nodeos with it.
 */
export class LoopbackGroup {
  readonly folder = mkdtempSync(join(tmpdir(), "nodewright-failover-"));
  readonly memberNames = MEMBERS;
  private readonly members = new Map<string, Unit>();
  readonly hosts = new Map<HostName, LoopbackHost>();
  private readonly units: Unit[] = [];
  private readonly links: TcpLink[] = [];
  private readonly terms = new Map<number, Term>();
  private seed = { api: "", unit: undefined as Unit | undefined };
  private watching: NodeJS.Timeout | undefined;

  /** Undefined on a machine that has no etcd and can get none. */
  static async start(options: { fences: boolean }): Promise<LoopbackGroup | undefined> {
    const tree = await debianTree(["etcd-server"]);
    if (!tree) return undefined;
    const group = new LoopbackGroup();
    try {
      const nodeos = await nodeosProgram();
      if (!nodeos) return undefined;
      const ports = await group.startEtcd(tree.program("etcd"), tree.env);
      await group.startHosts(nodeos, ports, options.fences);
      return group;
    } catch (error) {
      await group.stop();
      throw error;
    }
  }

  host(name: HostName): LoopbackHost {
    const host = this.hosts.get(name);
    if (!host) throw new Error(`there is no host ${name}`);
    return host;
  }

  /** The group as the quorum has it, by a way of the test's own. */
  async view(): Promise<Group> {
    const view = await groupOf(this.direct()).read();
    for (const { term, host } of view.history) this.terms.set(term, { term, host });
    return view;
  }

  member(name: string): Unit {
    const unit = this.members.get(name);
    if (!unit) throw new Error(`there is no member ${name}`);
    return unit;
  }

  /** The member that leads, as any of them says. */
  async leader(): Promise<string> {
    let leader: string | undefined;
    await until("etcd has a leader", async () => {
      const { etcd } = this.direct();
      const answers = await Promise.allSettled(
        etcd.endpoints.map(async (endpoint) =>
          statusSchema.parse(
            await etcdClient({ ...etcd, endpoints: [endpoint] }, 2_000)("/v3/maintenance/status", {}),
          ),
        ),
      );
      const found = answers.findIndex(
        (each) => each.status === "fulfilled" && each.value.header.member_id === each.value.leader,
      );
      leader = MEMBERS[found];
      return leader !== undefined;
    });
    return leader ?? "";
  }

  store() {
    return groupOf(this.direct());
  }

  status(name: HostName): FailoverStatus {
    return JSON.parse(readFileSync(join(this.host(name).folder, "status.json"), "utf8")) as FailoverStatus;
  }

  /** Head of the relay's chain: what the world sees. */
  async head(): Promise<number> {
    const answer = await fetch(`${this.seed.api}/v1/chain/get_info`, {
      method: "POST",
      signal: AbortSignal.timeout(5_000),
    });
    return ((await answer.json()) as { head_block_num: number }).head_block_num;
  }

  /** Until somebody holds, and the relay gets blocks from now on. */
  async produces(what: string): Promise<HostName> {
    let holder: HostName | undefined;
    let from: number | undefined;
    const isProducing = async () => {
      const view = await this.view();
      holder = view.holder?.host as HostName | undefined;
      const head = await this.head();
      from ??= head;
      return holder !== undefined && head >= from + 4;
    };
    await until(what, isProducing, { seconds: PATIENCE });
    if (!holder) throw new Error("nobody holds");
    return holder;
  }

  /** Until a host says, from now on, that it could take over or holds: what it said before is kept for a while. */
  async isReady(name: HostName): Promise<void> {
    const begun = Date.now();
    const isReady = async () => {
      const state = (await this.view()).hosts.get(name);
      return state?.hindrances.length === 0 && Date.parse(state.time) >= begun;
    };
    await until(`${name} is ready`, isReady, { seconds: PATIENCE });
  }

  judge(): Judgement {
    const signed = HOSTS.flatMap((name) => signedIn(name, this.log(name, "nodeos")));
    return judge(
      signed,
      [...this.terms.values()].sort((a, b) => a.term - b.term),
    );
  }

  log(name: HostName, unit: "nodeos" | "agent"): string {
    const file = join(this.host(name).folder, `${unit}.log`);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  async stop(): Promise<void> {
    clearInterval(this.watching);
    await Promise.all(this.units.map((unit) => unit.stop()));
    await Promise.all(this.links.map((link) => link.close()));
    if (process.env.KEEP_LOOPBACK === undefined) rmSync(this.folder, { recursive: true, force: true });
  }

  private direct(): FailoverSettings {
    const { settings } = this.host("a");
    return { ...settings, etcd: { ...settings.etcd, endpoints: this.endpoints } };
  }

  private endpoints: string[] = [];

  private unit(options: ConstructorParameters<typeof Unit>[0]): Unit {
    const unit = new Unit(options);
    this.units.push(unit);
    unit.start();
    return unit;
  }

  private async startEtcd(program: string, env: Record<string, string>): Promise<number[]> {
    const now = new Date();
    const pems = makeAuthority("loopback", now);
    const { authority } = readAuthority(pems, now);
    if (!authority) throw new Error("no authority");
    const identity = issue(
      authority,
      "loopback",
      {
        host: "m",
        names: ["localhost"],
        addresses: ["127.0.0.1"],
        authority: STACK_AUTHORITY,
        secrets: { identity: "identity", authority: "authority" },
      },
      now,
    );
    const [ca, pem] = [join(this.folder, "ca.pem"), join(this.folder, "identity.pem")];
    writeFileSync(ca, pems.certificate);
    writeFileSync(pem, identity.pem, { mode: 0o600 });
    const ports = await Promise.all(
      MEMBERS.map(async () => ({ client: await freePort(), peer: await freePort() })),
    );
    const tls = ["--trusted-ca-file", ca, "--cert-file", pem, "--key-file", pem, "--client-cert-auth"];
    const cluster = MEMBERS.map((name, at) => `${name}=http://127.0.0.1:${ports[at]?.peer}`).join(",");
    for (const [at, name] of MEMBERS.entries()) {
      const [client, peer] = [
        `https://127.0.0.1:${ports[at]?.client}`,
        `http://127.0.0.1:${ports[at]?.peer}`,
      ];
      const words = [
        ...["--name", name, "--data-dir", join(this.folder, name), "--initial-cluster", cluster],
        ...["--listen-client-urls", client, "--advertise-client-urls", client],
        ...["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer],
        // A loaded machine: etcd's own 100 ms and 1 s would change leaders all the time.
        ...["--heartbeat-interval", "200", "--election-timeout", "2000", ...tls],
      ];
      const log = join(this.folder, `${name}.log`);
      this.members.set(name, this.unit({ name, command: () => [program, ...words], env, log }));
    }
    this.endpoints = ports.map(({ client }) => `https://127.0.0.1:${client}`);
    return ports.map(({ client }) => client);
  }

  private async startHosts(nodeos: Program, etcd: readonly number[], fences: boolean): Promise<void> {
    const key = PrivateKey.generate("K1");
    const genesis = join(this.folder, "genesis.json");
    const born = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString().slice(0, -1);
    writeFileSync(genesis, JSON.stringify(nativeGenesis(born, String(key.toPublic()))));
    const agent = this.bundle();
    const seed = { api: await freePort(), p2p: await freePort() };
    this.seed = {
      api: `http://127.0.0.1:${seed.api}`,
      unit: this.startNodeos(nodeos, "seed", genesis, { ...seed, words: [] }).unit,
    };
    for (const name of HOSTS) {
      const toPeers = await TcpLink.to(seed.p2p);
      const toEtcd = await Promise.all(etcd.map((port) => TcpLink.to(port)));
      this.links.push(toPeers, ...toEtcd);
      const api = await freePort();
      const started = this.startNodeos(nodeos, name, genesis, {
        api,
        p2p: await freePort(),
        words: [
          ...["--p2p-peer-address", `127.0.0.1:${toPeers.port}`, "--producer-name", "eosio"],
          // One key for both: this chain has no contract that would let a producer have two.
          ...["--signature-provider", `${key.toPublic()}=KEY:${key.toWif()}`],
          ...["--pause-on-startup", "--enable-stale-production", "--max-irreversible-block-age", "2"],
        ],
      });
      const settings = this.settings(
        name,
        api,
        toEtcd.map(({ port }) => port),
        String(key.toPublic()),
      );
      const settingsFile = join(started.folder, "settings.json");
      writeFileSync(settingsFile, JSON.stringify(settings));
      this.hosts.set(name, {
        name,
        folder: started.folder,
        nodeos: started.unit,
        toEtcd,
        toPeers,
        settings,
        agent: this.startAgent(agent, started, fences ? [settingsFile] : [settingsFile, "unfenced"]),
      });
    }
    this.watching = setInterval(() => this.watch(), 200);
  }

  private settings(name: HostName, api: number, etcd: readonly number[], key: string): FailoverSettings {
    const pem = join(this.folder, "identity.pem");
    return {
      stack: "loopback",
      group: "validator",
      producer: "eosio",
      host: name,
      hosts: HOSTS.map((host) => ({ name: host, key, domain: host })),
      primary: "a",
      etcd: {
        endpoints: etcd.map((port) => `https://127.0.0.1:${port}`),
        ca: join(this.folder, "ca.pem"),
        certificate: pem,
        key: pem,
      },
      timing: TIMING,
      nodeos: {
        api: `http://127.0.0.1:${api}`,
        chain: `http://127.0.0.1:${api}`,
        maxIrreversibleAgeSeconds: 2,
      },
      diskFloorPercent: 0.01,
      minimumPeers: 1,
    };
  }

  private startNodeos(
    { path, args, env }: Program,
    name: string,
    genesis: string,
    { api, p2p, words }: { api: number; p2p: number; words: string[] },
  ): { folder: string; unit: Unit } {
    const folder = join(this.folder, name);
    // As on a host whose root this folder is.
    const data = join(folder, NODEOS_DATA);
    mkdirSync(data, { recursive: true });
    const plugins = ["chain", "chain_api", "net", "net_api", "http", "producer", "producer_api"];
    const all = [
      ...plugins.flatMap((plugin) => ["--plugin", `eosio::${plugin}_plugin`]),
      ...["--data-dir", data, "--config-dir", join(folder, "config")],
      ...["--http-server-address", `127.0.0.1:${api}`, "--p2p-listen-endpoint", `127.0.0.1:${p2p}`],
      ...["--chain-state-db-size-mb", "256", "--http-validate-host", "0", "--p2p-max-nodes-per-host", "10"],
      ...["--connection-cleanup-period", "2", "--resource-monitor-not-shutdown-on-threshold-exceeded"],
      ...words,
    ];
    const unit = this.unit({
      name,
      // What a kill leaves is replayed from the block log, as the ladder of a host does it.
      before: async () => void (await beginAnew(machine(folder), { state: STATE }, undefined)),
      command: () => [
        path,
        ...args,
        ...all,
        ...(existsSync(join(folder, BLOCK_LOG)) ? ["--hard-replay-blockchain"] : ["--genesis-json", genesis]),
      ],
      env,
      log: join(folder, "nodeos.log"),
    });
    return { folder, unit };
  }

  /** The agent with its guard: what ends it, but in order, ends a nodeos that may produce. */
  private startAgent(program: string, host: { folder: string; unit: Unit }, words: string[]): Unit {
    const producing = join(host.folder, "producing");
    const clock = join(host.folder, "clock.cjs");
    writeFileSync(clock, clockProgram(join(host.folder, "clock-ms")));
    return this.unit({
      name: "agent",
      command: () => {
        rmSync(join(host.folder, "beat"), { force: true });
        return [process.execPath, program, ...words];
      },
      env: {
        NODE_OPTIONS: `--require=${clock}`,
        NOTIFY_SOCKET: host.folder,
        PATH: `${join(this.folder, "bin")}:${process.env.PATH}`,
      },
      log: join(host.folder, "agent.log"),
      onEnd: (code) => {
        if (code !== 0 && existsSync(producing)) host.unit.signal("SIGKILL");
        rmSync(producing, { force: true });
      },
    });
  }

  /** systemd's watchdog. */
  private watch(): void {
    for (const { folder, agent, isFrozen } of this.hosts.values()) {
      if (isFrozen) continue;
      // Until it is ready it has nothing to watch.
      const beat = statSync(join(folder, "beat"), { throwIfNoEntry: false });
      if (!beat) continue;
      const patienceMs = Number(readFileSync(join(folder, "watchdog"), "utf8")) / 1000;
      // A file that is being written says nothing yet.
      if (patienceMs > 0 && Date.now() - beat.mtimeMs > patienceMs) agent.signal("SIGKILL");
    }
  }

  /** The agent in one file, and what stands for systemd's program to be heard. */
  private bundle(): string {
    const bin = join(this.folder, "bin");
    mkdirSync(bin);
    const notify = join(bin, "systemd-notify");
    writeFileSync(
      notify,
      `#!/bin/sh
for word; do
  case $word in WATCHDOG_USEC=*) echo "\${word#*=}" >"$NOTIFY_SOCKET/watchdog" ;; esac
done
exec touch "$NOTIFY_SOCKET/beat"
`,
    );
    chmodSync(notify, 0o755);
    const outfile = join(this.folder, "agent.js");
    buildSync({
      entryPoints: [join(PROJECT, "test/agent/failover/agent-program.ts")],
      absWorkingDir: PROJECT,
      bundle: true,
      platform: "node",
      format: "cjs",
      outfile,
    });
    return outfile;
  }
}

export const seconds = (count: number): Promise<void> => pause(count * 1000);
