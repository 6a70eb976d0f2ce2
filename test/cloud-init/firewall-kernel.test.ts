import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { firewallRuleset, type Ruleset } from "../../cloud-init/emit/nftables";
import { runCommand } from "../../lab/docker/command";
import { type DebianTree, debianTree } from "../support/debian-tree";

const PORT = 9876;
const MOST = 10;

/** Opens connections from addresses in turn, keeps them, and prints how many came about. */
const CLIENT = `
const { connect, createServer } = require("node:net");
const server = createServer(() => {}).listen({ port: ${PORT}, host: "::" });
const opened = (host, localAddress) => new Promise((done) => {
  const socket = connect({ port: ${PORT}, host, localAddress });
  const end = (is) => () => done(is);
  socket.once("connect", end(true)).once("error", end(false));
  // The kernel asks again after 1 s and after 3 s: what is refused stays refused.
  // A connection that came about while this process waited for its turn is told before the timer's word counts.
  setTimeout(() => setImmediate(() => setImmediate(end(false))), 5_000).unref();
});
server.once("listening", async () => {
  const rows = JSON.parse(process.argv[2]);
  const answers = [];
  for (const { to, from, times } of rows) {
    const tries = Array.from({ length: times }, (_, index) => opened(to, from[index % from.length]));
    answers.push((await Promise.all(tries)).filter(Boolean).length);
  }
  console.log(JSON.stringify(answers));
  process.exit(0);
});
`;

/** What comes from this machine is let in before anything is counted, and the test has no other one. */
const withoutLoopback = ({ nftables }: Ruleset): Ruleset => ({
  nftables: nftables.filter(
    (command) => (command as { add?: { rule?: { comment?: string } } }).add?.rule?.comment !== "loopback",
  ),
});

describe("the limit of connections of one address, in a kernel", function () {
  this.timeout(300_000);
  let tree: DebianTree;
  let folder: string;

  before(async function () {
    const found = await debianTree(["nftables", "iproute2"]);
    if (!found || (await runCommand("unshare", ["--net", "true"])).status !== 0) return this.skip();
    tree = found;
    folder = mkdtempSync(join(tmpdir(), "nodewright-firewall-"));
  });
  after(() => folder && rmSync(folder, { recursive: true, force: true }));

  it("holds for each IPv4 address and each /64 by itself", async () => {
    const rules = join(folder, "rules.json");
    const client = join(folder, "client.cjs");
    const ruleset = firewallRuleset([
      { name: "p2p", protocol: "tcp", port: PORT, from: "anyone", perAddress: MOST },
    ]);
    writeFileSync(rules, JSON.stringify(withoutLoopback(ruleset)));
    writeFileSync(client, CLIENT);
    const rows = [
      { to: "127.0.0.1", from: ["127.0.0.2"], times: MOST + 5, some: MOST },
      { to: "127.0.0.1", from: ["127.0.0.2"], times: 2, some: 0 },
      { to: "127.0.0.1", from: ["127.0.0.3", "127.0.0.4"], times: 2 * MOST + 6, some: 2 * MOST },
      { to: "fd00:9::1", from: ["fd00:9::2", "fd00:9::3", "fd00:9::4"], times: MOST + 8, some: MOST },
      { to: "fd00:9::1", from: ["fd00:9:0:1::2"], times: MOST, some: MOST },
    ];
    const addresses = [...new Set(rows.flatMap(({ to, from }) => [to, ...from]))].filter((each) =>
      each.includes(":"),
    );
    // Libraries of the tree are for its own programs alone.
    const own = (name: string) => `LD_LIBRARY_PATH=${tree.env.LD_LIBRARY_PATH} ${tree.program(name)}`;
    const script = [
      `${own("ip")} link set lo up`,
      ...addresses.map((address) => `${own("ip")} -6 addr add ${address}/128 dev lo nodad`),
      `${own("nft")} -j -f ${rules}`,
      `exec ${process.execPath} ${client} '${JSON.stringify(rows)}'`,
    ].join(" && ");
    const { status, stdout, stderr } = await runCommand("unshare", ["--net", "sh", "-c", script]);
    expect(status, stderr).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal(rows.map(({ some }) => some));
  });
});
