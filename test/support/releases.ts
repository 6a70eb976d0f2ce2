import type { Release } from "../../components/core/releases";

const hash = (digit: string) => digit.repeat(64);
const release = (name: string, programs: string[], extra: Partial<Release> = {}): Release => ({
  name,
  version: "1.2.3",
  sha256: hash("a"),
  format: "tar.gz",
  keep: [],
  needs: [],
  programs: Object.fromEntries(
    programs.map((program) => [program, { path: `bin/${program}`, args: [], env: {} }]),
  ),
  source: { kind: "npm", package: name },
  ...extra,
});

/** Releases with fixed hashes: plans and documents made from them are the same today and tomorrow. */
export const releases: Release[] = [
  release("nodeos", ["nodeos", "cleos"]),
  release("node", ["node"], { sha256: hash("b") }),
  release("anvil", ["anvil"], { sha256: hash("c") }),
  release("nodewright-host", [], {
    sha256: hash("d"),
    format: "file",
    programs: { "nodewright-host": { path: "nodewright-host.js", args: [], env: {}, interpreter: "node" } },
    source: { kind: "project", entry: "agent/main.ts" },
  }),
  release("nodewright-edge", [], {
    sha256: hash("f"),
    format: "file",
    programs: { "nodewright-edge": { path: "nodewright-edge.js", args: [], env: {}, interpreter: "node" } },
    source: { kind: "project", entry: "edge/main.ts" },
  }),
  release("stand-ins", [], {
    sha256: hash("e"),
    format: "file",
    needs: ["anvil"],
    standIn: "no public build exists",
    programs: Object.fromEntries(
      ["eos-evm-node", "eos-evm-rpc", "eos-evm-miner"].map((name) => [
        name,
        { path: "stand-ins.js", args: [name], env: {}, interpreter: "node" },
      ]),
    ),
    source: { kind: "project", entry: "lab/stand-ins/main.ts" },
  }),
];
