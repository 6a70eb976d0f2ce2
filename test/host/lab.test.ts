import { expect } from "chai";
import { Wallet } from "ethers";
import { parse } from "yaml";
import { emitBirth } from "../../cloud-init/emit/user-data";
import { allowedPorts, type Family, type Scanner, startScanner, type Zone } from "./port-scan";
import { need, TestLab, type UpReport } from "./test-lab";

const HOSTS = ["seed-a", "validator-a", "rpc-a"];
const MINUTES = 60_000;

describe("a lab on this machine", function () {
  this.timeout(20 * MINUTES);
  const lab = new TestLab();
  let report: UpReport;

  before("brings it up", async () => {
    report = await lab.up();
  });

  after("takes it down", async function () {
    this.timeout(5 * MINUTES);
    await lab.down();
  });

  describe("serves", () => {
    it("with every host and service well", () => {
      expect(report.hosts.map(({ name, state }) => `${name} ${state}`)).to.deep.equal(
        HOSTS.map((name) => `${name} serving`),
      );
      for (const { services } of report.hosts)
        for (const { state } of services) expect(state).to.match(/^active/);
    });

    it("and names what is a stand-in", () => {
      expect(report.standIns.map(({ host, service }) => `${host} ${service}`)).to.include.members([
        "rpc-a evm-node",
        "rpc-a evm-rpc-1",
        "rpc-a tx-wrapper",
      ]);
    });

    it("the native chain to the machine itself", async () => {
      const response = await fetch(`${need(report.endpoints.nodeos, "nodeos endpoint")}/v1/chain/get_info`);
      expect((await response.json()) as object).to.include.keys("head_block_num", "chain_id");
    });

    it("reads", async () => {
      expect(
        (await lab.rpc({ jsonrpc: "2.0", id: 7, method: "eth_chainId", params: [] })).answer,
      ).to.deep.equal({ jsonrpc: "2.0", id: 7, result: "0x3cc3" });
    });

    it("writes, signed by the client, and reads the receipt back", async () => {
      const { privateKey } = lab.keys.account;
      const ask = async (method: string, params: unknown[]) =>
        (await lab.rpc({ jsonrpc: "2.0", id: 1, method, params })).answer.result as string;
      const wallet = new Wallet(privateKey);
      const nonce = Number(await ask("eth_getTransactionCount", [wallet.address, "pending"]));
      const raw = await wallet.signTransaction({
        to: wallet.address,
        value: 1n,
        nonce,
        gasLimit: 21_000n,
        gasPrice: BigInt(await ask("eth_gasPrice", [])),
        chainId: 15555n,
        type: 0,
      });
      const hash = await ask("eth_sendRawTransaction", [raw]);
      let receipt: { status?: string } | undefined;
      for (let attempt = 0; attempt < 50 && !receipt; attempt++) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        receipt = (
          await lab.rpc({ jsonrpc: "2.0", id: 1, method: "eth_getTransactionReceipt", params: [hash] })
        ).answer.result as typeof receipt;
      }
      expect(receipt?.status).to.equal("0x1");
    });
  });

  describe("keeps its public endpoint to what it is for", () => {
    const REFUSED: [name: string, body: unknown, status: number, code: number][] = [
      ["an unknown method", { jsonrpc: "2.0", id: 3, method: "eth_nothing", params: [] }, 200, -32601],
      [
        "a method of the stand-in's own",
        {
          jsonrpc: "2.0",
          id: 3,
          method: "anvil_setBalance",
          params: ["0x0000000000000000000000000000000000000001", "0x1"],
        },
        200,
        -32601,
      ],
      [
        "a write behind a read",
        `{"jsonrpc":"2.0","id":3,"method":"eth_call","method":"eth_sendRawTransaction","params":[]}`,
        200,
        -32601,
      ],
      [
        "a body over the limit",
        { jsonrpc: "2.0", id: 3, method: "eth_call", params: ["0".repeat(300_000)] },
        413,
        -32600,
      ],
    ];
    for (const [name, body, status, code] of REFUSED) {
      it(`refuses ${name} with a JSON-RPC error`, async () => {
        const { status: got, answer } = await lab.rpc(body);
        expect({ status: got, code: (answer.error as { code: number } | undefined)?.code }).to.deep.equal({
          status,
          code,
        });
      });
    }
  });

  for (const name of HOSTS) {
    describe(`${name} was born by cloud-init`, () => {
      it("from the bytes that the plan gives any target", async () => {
        const { userData } = emitBirth(lab.plan, lab.host(name));
        expect(await lab.inHost(name, "cat", "/var/lib/cloud/instance/user-data.txt")).to.equal(userData);
      });

      it("which its own schema check accepts", async () => {
        const out = await lab.inHost(
          name,
          "cloud-init",
          "schema",
          "--config-file",
          "/var/lib/cloud/instance/user-data.txt",
        );
        expect(out).to.include("Valid");
      });

      it("to its end, with no error and no warning", async () => {
        const status = JSON.parse(await lab.inHost(name, "cloud-init", "status", "--format", "json")) as {
          status: string;
          errors: string[];
        };
        expect({ status: status.status, errors: status.errors }).to.deep.equal({
          status: "done",
          errors: [],
        });
        expect(
          await lab.inHost(
            name,
            "sh",
            "-c",
            "grep -E 'WARNING|ERROR|Traceback' /var/log/cloud-init.log /var/log/cloud-init-output.log || true",
          ),
        ).to.equal("");
      });

      it("into a system where every unit runs", async () => {
        expect((await lab.inHost(name, "systemctl", "is-system-running")).trim()).to.equal("running");
      });

      it("with unit files that systemd has nothing to say about", async () => {
        const units = lab.host(name).services.map(({ unit }) => `/etc/systemd/system/${unit}.service`);
        const { out, err } = await lab.tryInHost(
          name,
          "systemd-analyze",
          "verify",
          ...units,
          "/etc/systemd/system/nodewright-firewall.service",
        );
        expect(out + err).to.equal("");
      });
    });
  }

  describe("is closed to all that the plan does not open", () => {
    const scanners = new Map<Zone, Scanner>();
    before(async () => {
      const image = (await lab.container("seed-a").inspect()).Image;
      for (const zone of ["public", "cluster"] as const)
        scanners.set(zone, await startScanner(lab.docker, lab.plan, image, zone));
    });
    after(async () => {
      for (const scanner of scanners.values()) await scanner.remove();
    });

    for (const zone of ["public", "cluster"] as const) {
      for (const family of ["ipv4", "ipv6"] as const satisfies Family[]) {
        for (const name of HOSTS) {
          it(`${name} from ${zone} by ${family}`, async () => {
            const scanner = need(scanners.get(zone), zone);
            const host = lab.host(name);
            const open = await scanner.openPorts(host.addresses[zone][family], family);
            expect(open).to.deep.equal(allowedPorts(host, scanner.address[family], family));
          });
        }
      }
    }

    it("which leaves a validator nothing, a seed p2p, an rpc host the proxy, from outside", () => {
      const outside = HOSTS.map((name) => allowedPorts(lab.host(name), "203.0.113.7", "ipv4"));
      expect(outside).to.deep.equal([[9876], [], [80]]);
    });
  });

  describe("shows no secret", () => {
    const secrets = () => {
      const { ssh, hosts, secrets, account } = lab.keys;
      const bodies = (text: string) =>
        text.split("\n").filter((line) => line.length > 40 && !line.startsWith("-"));
      return [
        ...Object.values(secrets),
        account.privateKey,
        ...bodies(ssh.private),
        ...Object.values(hosts).flatMap((pair) => bodies(pair.private)),
      ];
    };
    const expectNone = (text: string) => {
      for (const secret of secrets()) expect(text.includes(secret), `${secret.slice(0, 8)}…`).to.equal(false);
    };

    it("in the engine's state", async () => {
      const { execFileSync } = await import("node:child_process");
      expectNone(execFileSync("grep", ["-r", "", lab.room.state], { maxBuffer: 2 ** 28 }).toString());
    });

    it("in the settings of the stack", async () => {
      const { readFileSync } = await import("node:fs");
      const text = readFileSync(lab.room.settings, "utf8");
      expectNone(text);
      expect((parse(text) as { config: Record<string, object> }).config["nodewright:secrets"]).to.have.keys(
        "secure",
      );
    });

    for (const name of HOSTS) {
      it(`in docker inspect, user data, bundle, units, argv or logs of ${name}`, async () => {
        expectNone(JSON.stringify(await lab.container(name).inspect()));
        expectNone(
          await lab.inHost(
            name,
            "sh",
            "-c",
            "cat /var/lib/cloud/instance/*.txt /etc/nodewright/bundle.json /etc/systemd/system/*.service",
          ),
        );
        expectNone(await lab.inHost(name, "sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"));
        expectNone(
          await lab.inHost(
            name,
            "sh",
            "-c",
            "journalctl --no-pager; cat /var/log/*.log /var/log/nodewright/*; find /etc /opt /data /var/lib/nodewright -type f -size -1M -exec cat {} + | tr '\\0' ' '",
          ),
        );
      });
    }
  });

  it("takes less than 2 GB of memory, all hosts together", async () => {
    const used = await Promise.all(
      HOSTS.map(async (name) => {
        const { memory_stats } = await lab.container(name).stats({ stream: false });
        return (
          memory_stats.usage -
          (memory_stats.stats.inactive_file ?? memory_stats.stats.total_inactive_file ?? 0)
        );
      }),
    );
    expect(used.reduce((sum, bytes) => sum + bytes, 0)).to.be.below(2 * 2 ** 30);
  });

  describe("run again", () => {
    it("changes nothing when nothing has changed", async () => {
      const { changes } = await lab.up();
      expect(Object.keys(changes)).to.deep.equal(["same"]);
    });

    it("refuses to run twice at once, and says who runs", async () => {
      const first = lab.start("up");
      const second = await new Promise<Awaited<ReturnType<typeof lab.run>>>((resolve) =>
        setTimeout(() => void lab.run("up").then(resolve), 1500),
      );
      expect(second.code).to.equal(1);
      expect(second.err).to.include("another run is under way for this lab: `npm run lab`, process");
      await new Promise((resolve) => first.on("close", resolve));
    });
  });

  describe("told another setting of nodeos", () => {
    it("changes the running host in place: its container, chain and other units stay", async () => {
      const identity = async () => ({
        container: (await lab.container("rpc-a").inspect()).Id,
        started: (await lab.container("rpc-a").inspect()).State.StartedAt,
        genesis: await firstBlock(lab),
        units: await startTimes(lab),
      });
      const before = await identity();
      lab.edit((config) => {
        need(config["nodewright:hosts"]?.["rpc-a"], "rpc-a").services = {
          nodeos: { options: { "http-max-response-time-ms": 123 } },
        };
      });
      const { changes } = await lab.up();
      const after = await identity();

      expect(changes).to.have.keys("same", "update");
      expect(changes.update).to.equal(1);
      expect(await lab.inHost("rpc-a", "cat", "/etc/nodeos/config.ini")).to.include(
        "http-max-response-time-ms = 123",
      );
      expect({ ...after, units: undefined }).to.deep.equal({ ...before, units: undefined });
      const restarted = Object.keys(after.units).filter((unit) => after.units[unit] !== before.units[unit]);
      expect(restarted).to.deep.equal(["nodeos.service"]);
    });
  });

  describe("restarted", () => {
    for (const name of HOSTS) {
      it(`${name} stops in order and comes back with a clean database`, async () => {
        const head = Number((await status(lab, name)).headBlock);
        await lab.container(name).restart({ t: 120 });
        await serves(lab, name, head);
        const log = await lab.inHost(name, "journalctl", "--no-pager", "-u", "nodeos");
        expect(log).not.to.match(/dirty|code=(killed|dumped)|Failed with result|timed out/i);
      });
    }

    it("all units of a host stop cleanly when told", async () => {
      const units = lab
        .host("rpc-a")
        .services.map(({ unit }) => `${unit}.service`)
        .reverse();
      await lab.inHost("rpc-a", "systemctl", "stop", ...units);
      for (const unit of units)
        expect(await lab.inHost("rpc-a", "systemctl", "show", "-P", "Result", unit)).to.equal(
          "success\n",
          unit,
        );
      await lab.inHost("rpc-a", "systemctl", "start", ...units.reverse());
      await serves(lab, "rpc-a", 0);
    });
  });
});

type NodeosStatus = { name: string; healthy: boolean; headBlock?: number };

async function status(lab: TestLab, name: string): Promise<NodeosStatus> {
  const { services } = JSON.parse(
    (await lab.tryInHost(name, "/opt/nodewright/bin/nodewright-host", "status", "--json")).out,
  ) as { services: NodeosStatus[] };
  return need(
    services.find((each) => each.name === "nodeos"),
    "nodeos",
  );
}

/** Waits until all of a host is well again and its chain has gone past a block. */
async function serves(lab: TestLab, name: string, head: number): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const { code } = await lab
      .tryInHost(name, "/opt/nodewright/bin/nodewright-host", "status")
      .catch(() => ({ code: -1 }));
    const at = code === 0 ? (await status(lab, name)).headBlock : undefined;
    if (at !== undefined && at > head) return;
    if (attempt > 120)
      throw new Error(
        `${name} did not come back: ${(await lab.tryInHost(name, "/opt/nodewright/bin/nodewright-host", "status")).out}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function firstBlock(lab: TestLab): Promise<string> {
  const { addresses } = lab.host("rpc-a");
  const response = await fetch(`http://${addresses.cluster.ipv4}:8888/v1/chain/get_block`, {
    method: "POST",
    body: JSON.stringify({ block_num_or_id: 2 }),
  });
  return ((await response.json()) as { id: string }).id;
}

/** When each unit of nodewright last started. */
async function startTimes(lab: TestLab): Promise<Record<string, string>> {
  const units = lab.host("rpc-a").services.map(({ unit }) => `${unit}.service`);
  const times = await Promise.all(
    units.map(async (unit) => [
      unit,
      await lab.inHost("rpc-a", "systemctl", "show", "-P", "ExecMainStartTimestampMonotonic", unit),
    ]),
  );
  return Object.fromEntries(times) as Record<string, string>;
}
