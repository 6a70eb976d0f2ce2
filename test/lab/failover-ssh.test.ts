import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import type { Plan } from "../../components/core/plan/plan";
import { until } from "../../lab/drills/until";
import { stackSsh } from "../../lab/failover-ssh";
import { debianTree } from "../support/debian-tree";
import { hostKey, keyPair, startServer, type TestServer, userKey } from "./plugins/command/ssh-server";

const HOST = "producers-1";

const UNREACHED = /^producers-1 cannot be reached by ssh, or is not the machine .*producers-1\.hostKey is$/;

/** A machine of one's own, known by a key. */
const planOf = (port: number, key: string): Plan =>
  ({
    stack: "metal",
    target: {
      name: "bare-metal",
      config: { hosts: { [HOST]: { address: "127.0.0.1", port, user: "root", hostKey: key } } },
    },
    hosts: [{ name: HOST }],
  }) as unknown as Plan;

describe("an order by the operator's own OpenSSH, with the key of the operator's agent", () => {
  const environment = { PATH: process.env.PATH, SSH_AUTH_SOCK: process.env.SSH_AUTH_SOCK };
  let folder: string;
  let agent: ChildProcess | undefined;
  let server: TestServer;

  before(async function () {
    const tree = await debianTree(["openssh-client"]);
    if (!tree) return this.skip();
    folder = mkdtempSync(join(tmpdir(), "nodewright-agent-"));
    process.env.PATH = `${dirname(tree.program("ssh"))}:${environment.PATH}`;
    const socket = join(folder, "agent");
    agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
    await until("the agent listens", async () => existsSync(socket));
    process.env.SSH_AUTH_SOCK = socket;
    const added = spawnSync("ssh-add", ["-"], { input: userKey.private, encoding: "utf8" });
    expect(added.status, added.stderr).to.equal(0);
    server = await startServer();
  });
  after(async () => {
    await server?.stop();
    agent?.kill();
    Object.assign(process.env, environment);
    if (environment.SSH_AUTH_SOCK === undefined) delete process.env.SSH_AUTH_SOCK;
    if (folder) rmSync(folder, { recursive: true });
  });

  const tell = async (key: string, words: readonly string[], port = server.port): Promise<number> =>
    (await stackSsh(planOf(port, key)))(HOST, words);
  const errorOf = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: Error) => error.message,
    );

  it("is carried out on the host, and its status comes back", async () => {
    expect(await tell(hostKey.public, ["exit", "3"])).to.equal(3);
    expect(server.commands).to.deep.equal(["exit 3"]);
  });

  it("is not told to a machine with another key than the stack file's", async () => {
    const told = server.commands.length;
    expect(await errorOf(tell(keyPair().public, ["true"]))).to.match(UNREACHED);
    expect(server.commands).to.have.length(told);
  });

  it("says which host does not answer", async () => {
    const { port } = server;
    await server.stop();
    expect(await errorOf(tell(hostKey.public, ["true"], port))).to.match(UNREACHED);
    server = await startServer();
  });
});
