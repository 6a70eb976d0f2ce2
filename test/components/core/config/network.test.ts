import { expect } from "chai";
import { parseConfig } from "../../../../components/core/config/parse";
import { registry } from "../../../../components/registry";

const said = (network: unknown) =>
  parseConfig({ network, target: { docker: {} }, hosts: {} }, registry).findings.map(
    ({ path, message }) => `${path}: ${message}`,
  );

const OWN = { name: "my-chain", native: { chainId: "ab".repeat(32) } };
const GENESIS = { timestamp: "2023-04-05T02:18:09", mixHash: `0x04${"ab".repeat(31)}` };
const EVM = { chainId: 7, account: "eosio.evm", genesis: GENESIS };

const MISTAKES: [network: unknown, said: RegExp][] = [
  [undefined, /^network: is missing: one of eos, jungle, wax, exsat, lab$/],
  ["jungel", /^network: "jungel" is not one of them\. Did you mean jungle\?/],
  [{ preset: "waxx" }, /^network\.preset: "waxx" is not one of them\. Did you mean wax\?/],
  [{ presett: "wax" }, /^network\.presett: is no known key\. Did you mean preset\?/],
  [{ preset: "eos", evm: EVM }, /^network\.evm: is known of eos and cannot be another/],
  [{ preset: "jungle", evm: EVM }, /^network\.evm\.chainId: is 15557 on jungle: leave it out$/],
  [
    { preset: "wax", evm: { ...EVM, account: undefined } },
    /^network\.evm\.account: is missing: the native account that holds the EVM contract$/,
  ],
  [{ ...OWN, name: "wax" }, /^network\.name: "wax" is a preset: write it alone/],
  [{ ...OWN, name: "My" }, /^network\.name: "My" is no network name: /],
  [{ name: "my-chain" }, /^network\.native: is missing: a map of keys$/],
  [{ ...OWN, native: { chainId: "abc" } }, /^network\.native\.chainId: "abc" is no native chain id: 64 /],
  [
    { ...OWN, native: { chainid: "x" } },
    /^network\.native\.chainid: is no known key\. Did you mean chainId\?/,
  ],
  [{ ...OWN, peers: ["nobody"] }, /^network\.peers\[0\]: "nobody" is no peer: name:port$/],
  [{ ...OWN, evm: { ...EVM, chainId: 0 } }, /^network\.evm\.chainId: must be at least 1$/],
  [{ ...OWN, evm: { ...EVM, account: "Evm" } }, /^network\.evm\.account: "Evm" is no account name/],
  [
    { ...OWN, evm: { ...EVM, genesis: { ...GENESIS, mixHash: `0x${"0".repeat(64)}` } } },
    /^network\.evm\.genesis\.mixHash: .* names no block: write the id of the native block/,
  ],
  [
    { ...OWN, evm: { ...EVM, genesis: { ...GENESIS, mixHash: 7e76 } } },
    /^network\.evm\.genesis\.mixHash: is a number \(7e\+76\), must be text$/,
  ],
  [
    { ...OWN, evm: { ...EVM, genesis: { ...GENESIS, timestamp: "yesterday" } } },
    /^network\.evm\.genesis\.timestamp: "yesterday" is no time: write it as/,
  ],
  [
    { ...OWN, evm: { ...EVM, genesis: { ...GENESIS, mixhash: "x" } } },
    /^network\.evm\.genesis\.mixhash: is no known key\. Did you mean mixHash\?/,
  ],
];

describe("a mistake in the network of a stack file", () => {
  for (const [network, message] of MISTAKES) {
    it(`is told in one sentence: ${message.source.slice(1, 60)}`, () => {
      const sentences = said(network);
      expect(sentences).to.have.length(1, sentences.join("\n"));
      expect(sentences[0]).to.match(message);
    });
  }
});
