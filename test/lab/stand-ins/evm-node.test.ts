import { readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { call, freePort, RICH, StandInHost, until } from "./stand-in-host";

/** Two block times and some: a chain that lives has grown. */
const WHILE_MS = 2_500;

describe("eos-evm-node's stand-in with a real anvil", () => {
  let host: StandInHost;
  before(async () => {
    host = await StandInHost.open();
  });
  after(() => host.close());

  /** Starts one on a chain folder of this name; `ready` once it serves. */
  const start = async (name: string, ship: number, ...more: string[]) => {
    const port = await freePort();
    const chainData = join(host.folder, name);
    const program = host.run([
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
    ]);
    const url = `http://127.0.0.1:${port}`;
    const head = async () => Number(await call(url, "eth_blockNumber"));
    return {
      program,
      url,
      head,
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

  it("stands still while nodeos is away, and goes on when it is back", async () => {
    const ship = await host.ship();
    const node = await start("waits", ship.port, birth(), "--ship-max-retry=1000", "--ship-delay-second=1");
    await node.ready;
    await until(async () => (await node.head()) >= 1);
    ship.close();
    await node.program.says("Trying to reconnect in 1 s");
    const still = await node.head();
    await sleep(WHILE_MS);
    expect(await node.head()).to.equal(still);
    await host.ship(ship.port);
    await until(async () => (await node.head()) > still);
    expect(await node.program.stop()).to.equal(0);
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
