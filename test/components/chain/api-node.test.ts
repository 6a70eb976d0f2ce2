import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { PrivateChain, UNHURRIED } from "../../support/private-chain";
import { type RealNodeos, realNodeos } from "../../support/real-nodeos";
import { SampleChain } from "./sample-chain";

const MINUTES = 60_000;

/** As on every chain that is not one's own: the node that is asked makes no blocks, and sees a transaction once one has it. */
describe("a chain that is reached through a node which makes no blocks", function () {
  this.timeout(15 * MINUTES);
  const folder = mkdtempSync(join(tmpdir(), "nodewright-api-node-"));
  let node: PrivateChain;
  let api: RealNodeos;
  let sample: SampleChain;

  before(async function () {
    const start = await realNodeos();
    const started = await PrivateChain.start("producera", "producerb");
    if (!started || !start) return this.skip();
    node = started;
    api = await start({
      folder: join(folder, "api"),
      words: [...UNHURRIED, "--read-only-threads", "0", "--p2p-peer-address", node.p2p],
    });
    sample = await SampleChain.on(node);
  });
  after(async () => {
    await api?.stop();
    await node?.stop();
    sample?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it("comes to its declared state in one run, and a second one pushes nothing", async () => {
    const section = sample.section({ endpoint: api.url });
    const { transactions, genesis } = await sample.up(section);
    expect(transactions).to.have.length.above(25);
    expect(new Set(transactions.map(({ id, title }) => id ?? title)).size).to.equal(transactions.length);
    expect(genesis?.mixHash).to.match(/^0x[0-9a-f]{64}$/);
    expect((await sample.up(section)).transactions).to.deep.equal([]);
  });
});
