import { expect } from "chai";
import { minerSettings } from "../../../lab/stand-ins/miner-settings";
import { StartError } from "../../../lab/stand-ins/start-error";
import { PRIVATE_KEY } from "./stand-in-host";

const ENV = { PRIVATE_KEY, MINER_ACCOUNT: "evmminer1111", RPC_ENDPOINTS: "http://127.0.0.1:8888" };

describe("environment of the miner's stand-in", () => {
  it("has the defaults of the real one and keeps no key", () => {
    expect(minerSettings(ENV)).to.deep.equal({
      rpcEndpoints: ["http://127.0.0.1:8888"],
      port: 50305,
      account: "evmminer1111",
    });
  });

  it("parts endpoints by |", () => {
    const { rpcEndpoints } = minerSettings({ ...ENV, RPC_ENDPOINTS: "http://a:1|http://b:2" });
    expect(rpcEndpoints).to.deep.equal(["http://a:1", "http://b:2"]);
  });

  const refused: [what: string, change: Record<string, string | undefined>, message: RegExp][] = [
    [
      "nothing set",
      { PRIVATE_KEY: undefined, MINER_ACCOUNT: "", RPC_ENDPOINTS: undefined },
      /PRIVATE_KEY, MINER_ACCOUNT, RPC_ENDPOINTS/,
    ],
    ["endpoints parted by comma", { RPC_ENDPOINTS: "http://a:1,http://b:2" }, /parted by \|/],
    ["an endpoint without scheme", { RPC_ENDPOINTS: "127.0.0.1:8888" }, /no http URL/],
    ["an account in capitals", { MINER_ACCOUNT: "Miner" }, /MINER_ACCOUNT: Miner/],
    ["a permission with a space", { MINER_PERMISSION: "a b" }, /MINER_PERMISSION/],
    ["a port in words", { PORT: "http" }, /PORT is no whole number/],
    ["an expiry of 0", { EXPIRE_SEC: "0" }, /EXPIRE_SEC/],
    ["an unknown fee mode", { MINER_FEE_MODE: "free" }, /MINER_FEE_MODE/],
  ];
  for (const [what, change, message] of refused)
    it(`refuses ${what}`, () =>
      expect(() => minerSettings({ ...ENV, ...change })).to.throw(StartError, message));

  it("does not repeat a key that it refuses", () => {
    const call = () => minerSettings({ ...ENV, PRIVATE_KEY: "PVT_K1_secret" });
    expect(call).to.throw(StartError, "PRIVATE_KEY is no private key of this chain");
  });
});
