import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { lab } from "../../../components/core/networks/lab";
import { PRIVATE_KEY, StandInHost } from "./stand-in-host";

describe("command lines of the stand-ins", () => {
  let host: StandInHost;
  before(async () => {
    host = await StandInHost.open();
  });
  after(() => host.close());

  const refused: [args: string[], message: string][] = [
    [["eos-evm-node", "--chain-id=15555"], "unknown option '--chain-id=15555'"],
    [["eos-evm-node", "--chaindata=x"], "unknown option '--chaindata=x'"],
    [["eos-evm-node", "--plugin=trace_plugin"], "It is one of blockchain_plugin"],
    [["eos-evm-node", "--ship-max-retry=-1"], "Give a whole number"],
    [["eos-evm-node", "--stdout=maybe"], "Give 1 or 0"],
    [["eos-evm-node", "--engine-port=8080"], "8080: give ADDRESS:PORT"],
    [["eos-evm-node", "extra"], "too many arguments"],
    [["eos-evm-rpc", "--chain-data=x"], "unknown option '--chain-data=x'"],
    [["eos-evm-rpc", "--api-spec=eth,anvil"], "It is one of debug, engine"],
    [["eos-evm-rpc", "--http-port=127.0.0.1:99999"], "give ADDRESS:PORT"],
    [["eos-evm-miner", "--port=1"], "unknown option '--port=1'"],
    [["eos-evm-miner"], "Missing PRIVATE_KEY, MINER_ACCOUNT, RPC_ENDPOINTS"],
    [["nodeos"], "unknown command 'nodeos'"],
  ];
  for (const [args, message] of refused)
    it(`${args.join(" ")} ends with status 1`, async () => {
      const program = host.run(args);
      expect(await program.ended).to.equal(1);
      expect(program.output()).to.include(message);
    });

  const births: [what: string, genesis: string | undefined, message: string][] = [
    ["no genesis", undefined, "Genesis state not provided"],
    ["a genesis file that is not there", "", "Specified genesis file does not exist"],
    ["a nonce of 1000", JSON.stringify({ ...lab.evm.genesis, nonce: "0x3e8" }), "Invalid genesis nonce 1000"],
  ];
  for (const [what, genesis, message] of births)
    it(`a chain is not born from ${what}`, async () => {
      const file = join(host.folder, "refused.json");
      if (genesis) writeFileSync(file, genesis);
      const flags = genesis === undefined ? [] : [`--genesis-json=${genesis ? file : `${file}.absent`}`];
      const program = host.run(["eos-evm-node", `--chain-data=${join(host.folder, "unborn")}`, ...flags]);
      expect(await program.ended).to.equal(1);
      expect(program.output()).to.match(/^ INFO \[.* UTC\] stand-in: anvil /);
      expect(program.output()).to.include(message);
    });

  it("the miner does not print its key", async () => {
    const env = {
      PRIVATE_KEY,
      MINER_ACCOUNT: "evmminer1111",
      RPC_ENDPOINTS: "http://127.0.0.1:1",
      PORT: "1x",
    };
    const program = host.run(["eos-evm-miner"], env);
    expect(await program.ended).to.equal(1);
    expect(program.output()).to.include("PORT is no whole number").and.not.include(PRIVATE_KEY);
  });
});
