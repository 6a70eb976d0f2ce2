import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readAudit } from "../../../agent/audit";
import { copiesOf } from "../../../agent/evm/copies";
import { EVM_AUDIT } from "../../../agent/evm/layout";
import type { EvmSettings } from "../../../agent/evm/settings";
import { readSupervisor } from "../../../agent/evm/state";
import { superviseEvmNode } from "../../../agent/evm/supervise";
import { machine, type System } from "../../../agent/system";
import { lab } from "../../../components/core/networks/lab";
import { NativeLog } from "../../../lab/stand-ins/native-log";
import type { ShipServer } from "../../lab/stand-ins/ship-server";
import { StandInHost, until } from "../../lab/stand-ins/stand-in-host";
import { freePort } from "../../support/free-port";

describe("supervision of eos-evm-node, with its stand-in", () => {
  let host: StandInHost;
  let folder: string;
  let system: System;
  const running: (() => Promise<number>)[] = [];
  before(async () => {
    host = await StandInHost.open();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nodewright-evm-"));
    system = machine(folder);
    mkdirSync(join(folder, "data"), { recursive: true });
  });
  afterEach(async () => {
    for (const stop of running.splice(0)) await stop();
    rmSync(folder, { recursive: true, force: true });
  });
  after(() => host.close());

  /** A nodeos of which the chain API and the state history answer. */
  const nodeos = async (ship: ShipServer) => {
    const answers = {
      get "/v1/chain/get_info"() {
        const head = ship.chain.at(-1);
        return {
          chain_id: "c0ffee",
          head_block_num: head?.block_num,
          head_block_id: head?.block_id,
          head_block_time: new Date().toISOString().replace("Z", ""),
          last_irreversible_block_num: ship.lib,
        };
      },
    };
    const http = await host.http(answers);
    return { name: "this host", ship: `127.0.0.1:${ship.port}`, http: http.url };
  };

  const settingsFor = async (sources: EvmSettings["sources"]): Promise<EvmSettings> => {
    const { chainId, genesis } = lab.evm;
    writeFileSync(join(folder, "genesis.json"), readFileSync(host.genesis));
    return {
      exec: [
        ...host.command,
        ...["eos-evm-node", `--engine-port=127.0.0.1:${await freePort()}`, "--verbosity=4", "--stdout=1"],
        ...[`--chain-data=${join(folder, "data")}`, `--genesis-json=${host.genesis}`],
        ...["--ship-max-retry=1000", "--ship-delay-second=1"],
      ],
      chainData: "/data",
      genesis: "/genesis.json",
      evm: {
        chainId,
        nonce: String(genesis.nonce),
        timestamp: String(genesis.timestamp),
        mixHash: String(genesis.mixHash),
      },
      sources,
      patienceSeconds: 1,
      copies: 2,
      copyAfterHours: 0,
    };
  };

  /** Runs it until `stop`, which answers with its exit status. */
  const run = (settings: EvmSettings) => {
    const lines: string[] = [];
    const abort = new AbortController();
    const ended = superviseEvmNode({
      system,
      settings,
      signal: abort.signal,
      say: (line) => void lines.push(line),
    });
    const stop = () => {
      abort.abort();
      return ended;
    };
    running.push(stop);
    return {
      ended,
      stop,
      says: (text: string) =>
        until(() => {
          return lines.some((line) => line.includes(text));
        }),
      count: (text: string) => lines.filter((line) => line.includes(text)).length,
    };
  };

  const isOn = (ship: ShipServer) => () => {
    const log = NativeLog.follow(join(folder, "data/chaindata/native.log"));
    log.refresh();
    const head = ship.chain.at(-1);
    return log.all.at(-1)?.id === head?.block_id;
  };
  const damage = () => writeFileSync(join(folder, "data/chaindata/native.log"), "no page\n");

  it("waits for nodeos, follows it, and ends in order", async () => {
    const ship = await host.stillShip();
    ship.grow(10);
    const source = await nodeos(ship);
    const away = { ...source, http: "http://127.0.0.1:1" };
    const waits = run(await settingsFor([away]));
    await waits.says("waiting for state history: this host: its nodeos does not answer");
    expect(await waits.stop()).to.equal(0);
    const node = run(await settingsFor([source]));
    await until(isOn(ship));
    expect(await readSupervisor(system)).to.deep.include({ phase: "running", starts: 1 });
    expect(await node.stop()).to.equal(0);
    expect((await readSupervisor(system)).clean).to.deep.equal({ num: 12, id: ship.chain.at(-1)?.block_id });
  });

  it("takes its blocks from another nodeos while its own is away, and goes back", async () => {
    const [own, other] = [await host.stillShip(), await host.stillShip()];
    own.grow(10);
    other.grow(10);
    const [first, second] = [await nodeos(own), { ...(await nodeos(other)), name: "archive-a" }];
    const node = run(await settingsFor([first, second]));
    await until(isOn(own));
    const { port } = own;
    own.close();
    other.grow(5);
    await node.says("takes its blocks from archive-a");
    await until(isOn(other));
    const back = await host.stillShip(port);
    back.grow(20);
    await until(() => node.count("takes its blocks from this host") === 2);
    await until(isOn(back));
    expect(await node.stop()).to.equal(0);
    const told = (await readAudit(system)).map(({ what }) => what);
    expect(told).to.include("blocks come from archive-a in place of this host");
  });

  it("restores the newest irreversible copy when the database is damaged, and begins anew without one", async () => {
    const ship = await host.stillShip();
    ship.grow(30);
    ship.lib = 20;
    const source = await nodeos(ship);
    const settings = await settingsFor([source]);
    for (const lib of [20, 32]) {
      const node = run(settings);
      await node.says("takes its blocks");
      await until(isOn(ship));
      await node.stop();
      ship.lib = lib;
    }
    // A start after an orderly stop has made a copy at block 32; it is irreversible by now.
    const good = run(settings);
    await good.says("takes its blocks");
    expect(await copiesOf(system, settings)).to.have.length(2);
    await until(isOn(ship));
    await good.stop();
    damage();
    ship.grow(10);
    // No copy of the damaged one: as after a kill.
    const killed = run({ ...settings, copyAfterHours: 24 });
    await killed.says("restored the copy");
    await until(isOn(ship));
    await killed.stop();
    rmSync(join(folder, "data/copies"), { recursive: true });
    damage();
    const anew = run({ ...settings, copies: 0 });
    await anew.says("begun anew from the genesis");
    await until(isOn(ship));
    expect(await anew.stop()).to.equal(0);
    const records = await readAudit(system);
    expect(records.map(({ action, result }) => `${action} ${result}`)).to.deep.equal([
      "recovery ok",
      "recovery ok",
    ]);
    expect(readFileSync(join(folder, EVM_AUDIT), "utf8")).to.include("database");
  });

  it("goes on by itself after a fork beyond what eos-evm-node keeps", async () => {
    const ship = await host.stillShip();
    ship.grow(40);
    ship.lib = 20;
    process.env.EVM_STANDIN_KEPT_BLOCKS = "5";
    try {
      const node = run(await settingsFor([await nodeos(ship)]));
      await until(isOn(ship));
      ship.fork(10, "other");
      await node.says("ended by itself (fork)");
      await until(isOn(ship));
      expect(await node.stop()).to.equal(0);
      expect((await readSupervisor(system)).recoveries).to.deep.equal({ start: 1 });
    } finally {
      delete process.env.EVM_STANDIN_KEPT_BLOCKS;
    }
  });

  it("gives up where no history reaches back, says so, and tries all again when a person starts it", async () => {
    const ship = await host.stillShip();
    ship.grow(30);
    ship.traceBegin = 20;
    const settings = await settingsFor([await nodeos(ship)]);
    const node = run(settings);
    expect(await node.ended).to.equal(78);
    await node.says("no source of state history reaches back");
    expect(await readSupervisor(system)).to.include({ phase: "stopped" });
    ship.traceBegin = 2;
    const again = run(settings);
    await until(isOn(ship));
    expect(await again.stop()).to.equal(0);
  });

  it("starts nothing with the genesis of another chain", async () => {
    const ship = await host.stillShip();
    const settings = await settingsFor([await nodeos(ship)]);
    const edited = run({ ...settings, evm: { ...settings.evm, chainId: 17777 } });
    expect(await edited.ended).to.equal(78);
    await edited.says("chainId 15555 in place of 17777");
    const first = run(settings);
    await until(isOn(ship));
    await first.stop();
    // The stack was moved to another chain, and the data stayed.
    writeFileSync(join(folder, "genesis.json"), readFileSync(host.genesis, "utf8").replace("15555", "17777"));
    const moved = run({ ...settings, evm: { ...settings.evm, chainId: 17777 } });
    expect(await moved.ended).to.equal(78);
    await moved.says("the chain data in /data is of another chain");
  });
});
