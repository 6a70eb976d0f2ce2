import { deepStrictEqual } from "node:assert/strict";
import { find } from "../../../agent/chain/facts";
import { REVERSIBLE, STATE, STATE_FILE } from "../../../agent/chain/layout";
import { readRecovery } from "../../../agent/chain/record";
import { ChainHost } from "../snapshots/chain";

const FORKS = `${REVERSIBLE}/fork_db.dat`;
/** Heads of a database and of a code cache that nodeos closed. */
const closed = (magic: string, at: number): Buffer => {
  const head = Buffer.alloc(2048);
  head.write(magic, at, "latin1");
  return head;
};

describe("what is found of a chain whose state was closed", () => {
  let host: ChainHost;
  beforeEach(() => {
    host = new ChainHost();
    host.write(STATE_FILE, closed("EOSIODB2", 0));
    host.write(`${STATE}/code_cache.bin`, closed("EOSVMOC2", 512));
  });
  afterEach(() => host.remove());

  const doubts = async (plainFailures = 0) => {
    const record = { ...(await readRecovery(host.system)), plainFailures };
    return (await find(host.system, { ship: true, state: STATE }, record)).facts.doubts;
  };

  it("is nothing to doubt where its fork database is whole", async () => {
    host.write(FORKS, "some forks");
    deepStrictEqual(await doubts(3), []);
  });

  it("is a fork database that a full disk left empty, at the first start", async () => {
    host.write(FORKS, "");
    deepStrictEqual(await doubts(), ["the fork database (fork_db.dat) is empty"]);
  });

  it("is a fork database that is not there, once a start has failed", async () => {
    deepStrictEqual(await doubts(), []);
    deepStrictEqual(await doubts(1), ["there is no fork database (fork_db.dat)"]);
  });
});
