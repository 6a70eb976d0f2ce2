import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { NativeLog } from "../../../lab/stand-ins/native-log";
import { freePort } from "../../support/free-port";
import type { ShipServer } from "./ship-server";
import { call, RICH, StandInHost, until } from "./stand-in-host";

describe("eos-evm-node's stand-in with a real anvil", () => {
  let host: StandInHost;
  before(async () => {
    host = await StandInHost.open();
  });
  after(() => host.close());

  /** Starts one on a chain folder of this name; `ready` once it serves. */
  const start = async (name: string, ship: number, ...more: string[]) => launch(name, ship, {}, ...more);

  const launch = async (name: string, ship: number, env: NodeJS.ProcessEnv, ...more: string[]) => {
    const port = await freePort();
    const chainData = join(host.folder, name);
    const args = [
      "eos-evm-node",
      "--plugin=blockchain_plugin",
      `--ship-endpoint=127.0.0.1:${ship}`,
      "--ship-core-account=evmevmevmevm",
      `--engine-port=127.0.0.1:${port}`,
      `--chain-data=${chainData}`,
      "--verbosity=4",
      "--stdout=1",
      "--nocolor=1",
      ...more,
    ];
    const program = host.run(args, env);
    const url = `http://127.0.0.1:${port}`;
    const head = async () => Number(await call(url, "eth_blockNumber"));
    return {
      program,
      url,
      head,
      chainData,
      state: join(chainData, "chaindata", "state.json"),
      ready: program.says("is served at"),
    };
  };
  const birth = () => `--genesis-json=${host.genesis}`;

  it("gives up with status 0 when nodeos is not there", async () => {
    const { program } = await start("alone", await freePort(), birth());
    expect(await program.ended).to.equal(0);
    expect(program.output()).to.include("Max retry reached. No more reconnections.");
  });

  it("serves the genesis' chain, and keeps it over a restart", async () => {
    const ship = await host.ship();
    const first = await start("kept", ship.port, birth());
    await first.ready;
    expect(await call(first.url, "eth_chainId")).to.equal("0x3cc3");
    expect(await call(first.url, "eth_getBalance", RICH, "latest")).to.equal("0xde0b6b3a7640000");
    expect(await call(first.url, "eth_accounts")).to.deep.equal([]);
    await until(async () => (await first.head()) >= 2);
    const known = (await call(first.url, "eth_getBlockByNumber", "0x2", false)) as { hash: string };
    expect(await first.program.stop()).to.equal(0);

    const second = await start("kept", ship.port);
    await second.ready;
    expect(await second.head()).to.be.at.least(2);
    expect(await call(second.url, "eth_getBlockByNumber", "0x2", false)).to.have.property("hash", known.hash);
    expect(await call(second.url, "eth_getBalance", RICH, "latest")).to.equal("0xde0b6b3a7640000");
    expect(await second.program.stop()).to.equal(0);
  });

  it("starts again from a state file that a kill has torn", async () => {
    const ship = await host.ship();
    const first = await start("torn", ship.port, birth());
    await first.ready;
    await first.program.stop();
    truncateSync(first.state, Math.floor(readFileSync(first.state).length / 2));
    const second = await start("torn", ship.port);
    await second.ready;
    expect(await call(second.url, "eth_getBalance", RICH, "latest")).to.equal("0xde0b6b3a7640000");
    await second.program.stop();
  });

  it("answers but stands still while nodeos is away, and goes on when it is back", async () => {
    const ship = await host.stillShip();
    ship.grow(10);
    const retries = ["--ship-max-retry=1000", "--ship-delay-second=1"];
    const node = await start("waits", ship.port, birth(), ...retries);
    await node.ready;
    await until(async () => (await node.head()) === 5);
    const { port } = ship;
    ship.close();
    await node.program.says("Trying to reconnect in 1 s");
    expect(await node.head()).to.equal(5);
    const back = await host.stillShip(port);
    back.grow(14);
    await until(async () => (await node.head()) === 7);
    expect(await node.program.stop()).to.equal(0);
  });

  /** Native ids behind the EVM chain, by number, as the chain folder keeps them. */
  const idsOf = (chainData: string): Record<number, string> => {
    const log = NativeLog.follow(join(chainData, "chaindata", "native.log"));
    log.refresh();
    return Object.fromEntries(log.all.map(({ num, id }) => [num, id]));
  };
  const isSame = (chainData: string, ship: ShipServer) => () => {
    const known = idsOf(chainData);
    return ship.chain.slice(1).every(({ block_num, block_id }) => known[block_num] === block_id);
  };

  for (const depth of [1, 10, 400])
    it(`ends on the right chain after a fork of ${depth} blocks`, async () => {
      const ship = await host.stillShip();
      ship.grow(depth + 10);
      const node = await start(`fork-${depth}`, ship.port, birth());
      await until(isSame(node.chainData, ship));
      ship.fork(depth, "other");
      await until(isSame(node.chainData, ship));
      expect(node.program.output()).to.include("Fork at Block").and.include("Removing forked");
      expect(await node.program.stop()).to.equal(0);
    });

  it("ends with status 0 at a fork beyond what it keeps, and goes on from its last irreversible block", async () => {
    const ship = await host.stillShip();
    ship.grow(40);
    ship.lib = 20;
    const name = "beyond";
    const node = await launch(name, ship.port, { EVM_STANDIN_KEPT_BLOCKS: "5" }, birth());
    await until(isSame(node.chainData, ship));
    ship.fork(10, "other");
    expect(await node.program.ended).to.equal(0);
    expect(node.program.output()).to.include("Unable to find fork block");
    const again = await launch(name, ship.port, { EVM_STANDIN_KEPT_BLOCKS: "5" });
    await again.program.says("start block #21");
    await until(isSame(again.chainData, ship));
    expect(await again.program.stop()).to.equal(0);
  });

  it("ends with status 0 when state history does not reach back, or a block is gone", async () => {
    const ship = await host.stillShip();
    ship.grow(20);
    ship.traceBegin = 10;
    const short = await start("short", ship.port, birth());
    expect(await short.program.ended).to.equal(0);
    expect(short.program.output()).to.include("Start block not available in SHiP");
    ship.traceBegin = 2;
    ship.missing.add(7);
    const holed = await start("holed", ship.port, birth());
    expect(await holed.program.ended).to.equal(0);
    expect(holed.program.output()).to.include("Block #7 not available in SHiP");
  });

  it("ends with status 1 and the library's words when its database is damaged", async () => {
    const ship = await host.ship();
    const first = await start("damaged", ship.port, birth());
    await first.ready;
    await until(async () => (await first.head()) >= 2);
    await first.program.stop();
    writeFileSync(join(first.chainData, "chaindata", "native.log"), "no page\n");
    const second = await start("damaged", ship.port);
    expect(await second.program.ended).to.equal(1);
    expect(second.program.output()).to.include("mdbx::exception");
  });

  it("ends with status 0 and takes anvil along when nodeos goes and no retry is allowed", async () => {
    const ship = await host.ship();
    const node = await start("quits", ship.port, birth());
    await node.ready;
    ship.close();
    expect(await node.program.ended).to.equal(0);
    const gone = await call(node.url, "eth_chainId").then(
      () => false,
      () => true,
    );
    expect(gone).to.equal(true);
  });

  it("ends with status 1 when its port is taken", async () => {
    const ship = await host.ship();
    const busy = await host.ship();
    const node = await start("busy", ship.port, birth(), `--engine-port=127.0.0.1:${busy.port}`);
    expect(await node.program.ended).to.equal(1);
    expect(node.program.output()).to.include("anvil ended with status");
  });
});
