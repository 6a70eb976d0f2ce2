import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { PrivateKey } from "@wharfkit/antelope";
import { expect } from "chai";
import { parse, stringify } from "yaml";
import { parseConfig } from "../../components/core/config/parse";
import { buildPlan } from "../../components/core/plan/build-plan";
import type { Plan } from "../../components/core/plan/plan";
import { registry as ours } from "../../components/registry";
import { bareMetal } from "../../components/targets/bare-metal";
import { fetchReleases } from "../../lab/releases/fetch";
import { sshKeyPair } from "../../lab/ssh-key";
import { loadReleases } from "../../stacks/releases";
import { MIRROR } from "../../stacks/stack-file";
import { missingEngine, skipSuite, type TestStack, testStack } from "../lab/plugins/engine";
import { BareMachine, OPERATOR } from "./bare-machine";

const MINUTES = 60_000;
/** The machine of this test is a container: settings of the kernel would be the ones of the machine below it. */
const registry = {
  ...ours,
  targets: [{ ...bareMetal, traits: { ...bareMetal.traits, ownKernel: false } }],
};
const signing = PrivateKey.generate("K1");

interface Settings {
  /** Hosts, by name, with what differs from a good machine. */
  hosts: Record<string, { belowFloor?: string; machine?: object }>;
  admins: string[];
  sshKeys: string[];
  mirror: string;
}

describe("a machine of one's own, over SSH", function () {
  this.timeout(10 * MINUTES);
  let machine: BareMachine;
  let test: TestStack;
  let settings: Settings;

  function plan(): Plan {
    const { hosts, admins, sshKeys } = settings;
    const given = {
      address: machine.address,
      user: OPERATOR,
      hostKey: machine.hostKey.public,
      os: "debian-12",
      addresses: { cluster: { ipv4: machine.address } },
    };
    const written = {
      network: "lab",
      target: {
        "bare-metal": {
          cluster: { ipv4: machine.subnet },
          admins,
          mirror: `file://${settings.mirror}`,
          hosts: Object.fromEntries(
            Object.entries(hosts).map(([name, { machine: changes }]) => [name, { ...given, ...changes }]),
          ),
        },
      },
      hosts: Object.fromEntries(
        Object.entries(hosts).map(([name, { belowFloor }]) => [
          name,
          {
            role: "validator",
            producer: "eosio",
            signingKey: signing.toPublic().toString(),
            ...(belowFloor === undefined ? {} : { belowFloor, memory: "4 GB", disk: "20 GB" }),
          },
        ]),
      ),
      protect: false,
      sshKeys,
    };
    const { config, findings } = parseConfig(parse(stringify(written)) as Record<string, unknown>, registry);
    if (!config || findings.length > 0) throw new Error(JSON.stringify(findings));
    const { releases } = loadReleases(config.releases);
    return buildPlan({ stack: "metal", config, releases }, registry).plan;
  }

  const program = async () => {
    const values: Record<string, string> = { "ssh/private-key": machine.login.private };
    const secrets = (name: string) => pulumi.secret(values[name] ?? signing.toString());
    return bareMetal.load()(plan(), secrets, (sha256) => join(MIRROR, sha256));
  };

  /** Runs an update that must fail; gives what the engine said of it. */
  async function refusal(): Promise<string> {
    const said: string[] = [];
    const onEvent = ({ diagnosticEvent: event }: EngineEvent) => {
      if (event?.severity === "error") said.push(event.message);
    };
    await test.stack.up({ onEvent }).then(
      () => expect.fail("the update went through"),
      () => undefined,
    );
    return said.join("\n");
  }

  before("a machine", async function () {
    const missing = missingEngine();
    if (missing) return skipSuite(this, missing);
    machine = new BareMachine();
    settings = {
      hosts: { "validator-a": {} },
      admins: [machine.operator],
      sshKeys: [machine.login.public],
      mirror: machine.mirror,
    };
    const { releases } = plan().hosts[0] ?? { releases: [] };
    await fetchReleases({ releases, mirror: MIRROR, progress: () => {} });
    await machine.start();
    test = await testStack(program);
  });

  after("gone", async function () {
    this.timeout(2 * MINUTES);
    test?.remove();
    await machine?.remove();
  });

  describe("that cannot be the host", () => {
    let before: string[];
    let silent: Server;
    const look = async () => [
      ...(await machine.changedPaths()),
      (await machine.tryRun("nft", "list", "tables")).out,
    ];
    beforeEach(async () => {
      before = await look();
    });
    afterEach("is as it was", async () => {
      expect(await look()).to.deep.equal(before);
    });
    after(() => {
      silent?.close();
    });

    it("previews without touching it", async () => {
      const { changeSummary } = await test.stack.preview();
      expect(changeSummary).to.deep.equal({ create: 6 });
    });

    it("is refused with every reason at once", async () => {
      await machine.run(
        "systemd-run",
        "--unit=taken",
        "systemd-socket-activate",
        "--listen=8888",
        "/bin/cat",
      );
      const said = await refusal();
      await machine.run("systemctl", "stop", "taken");
      expect(said).to.match(
        /refused: port 8888 \(http\) is taken by systemd-socket-\S* \(taken\.service\): stop it/,
      );
      expect(said).to.match(/refused: memory is [\d.]+ GB: validator needs 64 GB \(TrustEVM deployment plan/);
      expect(said).to.match(/refused: no ECC: unknown is all/);
      expect(said).to.match(/refused: \/data has room for [\d.]+ GB: validator needs 2 TB/);
    });

    it("is refused when another machine answers in its place", async () => {
      settings.hosts = {
        "validator-a": {
          belowFloor: "a test that is soon over",
          machine: { hostKey: sshKeyPair().public },
        },
      };
      expect(await refusal()).to.match(/shows the key SHA256:\S+, but connection.hostKey pins SHA256:/);
    });

    it("keeps every other machine from being changed: one that says nothing, in the time that is stated", async () => {
      silent = createServer().listen(0, "127.0.0.1");
      await new Promise((resolve) => silent.once("listening", resolve));
      const { port } = silent.address() as AddressInfo;
      settings.hosts = {
        "validator-a": { belowFloor: "a test that is soon over" },
        "validator-b": {
          belowFloor: "a test that is soon over",
          machine: { address: "127.0.0.1", port, addresses: { cluster: { ipv4: machine.nobody } } },
        },
      };
      expect(await refusal()).to.match(/after 3 dials: no answer within 10 s/);
    });
  });

  describe("that is good enough", () => {
    before(() => {
      settings.hosts = { "validator-a": { belowFloor: "a test that is soon over" } };
    });

    it("is left half made where its mirror has nothing, and says what was missing", async () => {
      settings.mirror = "/srv/nowhere";
      expect(await refusal()).to.match(/open file \/srv\/nowhere/);
      settings.mirror = machine.mirror;
    });

    it("becomes the host in the next run, with what was refused before", async () => {
      const { outputs } = await test.stack.up();
      const { hosts } = outputs as unknown as {
        hosts: { value: Record<string, { machine: string; bundle: string }> };
      };
      expect(hosts.value["validator-a"]?.machine).to.match(/\d+ cores .* GB, debian-12 \(/);
      expect(hosts.value["validator-a"]?.bundle).to.match(/^[0-9a-f]{64}$/);
    });

    it("serves, with its secret, behind its firewall, and knows the names of the stack", async () => {
      expect(await machine.run("systemctl", "is-active", "nodeos.service")).to.equal("active\n");
      expect(await machine.run("nft", "list", "table", "inet", "nodewright")).to.include("policy drop");
      expect(await machine.run("getent", "ahosts", "validator-a.metal.internal")).to.include(machine.address);
      expect(await machine.run("getent", "hosts", "localhost")).to.match(/^(::1|127\.0\.0\.1)\s/);
      expect(await machine.run("sudo", "-u", "nodewright", "sudo", "-n", "id", "-u")).to.equal("0\n");
      expect(test.state()).not.to.include(signing.toString());
    });

    it("serves again after a restart, with firewall and names", async () => {
      await machine.restart();
      expect(await machine.run("systemctl", "is-active", "nodeos.service")).to.equal("active\n");
      expect(await machine.run("nft", "list", "table", "inet", "nodewright")).to.include("policy drop");
      expect(await machine.run("getent", "ahosts", "validator-a.metal.internal")).to.include(machine.address);
    });

    it("has nothing to do a second time, nor after a refresh", async () => {
      const { summary } = await test.stack.up({ refresh: true });
      expect(Object.keys(summary.resourceChanges ?? {})).to.deep.equal(["same"]);
    });

    it("takes a change in place: no resource is replaced", async () => {
      settings.sshKeys = [machine.login.public, sshKeyPair().public];
      const { changeSummary } = await test.stack.preview();
      expect(changeSummary).to.deep.equal({ same: 5, update: 1 });
      await test.stack.up();
      expect(
        (await machine.run("cat", "/home/nodewright/.ssh/authorized_keys")).trim().split("\n"),
      ).to.have.length(2);
    });

    it("refuses a firewall that would lock the operator out", async () => {
      settings.admins = ["192.0.2.0/24"];
      expect(await refusal()).to.match(
        /would lock you out: target\.bare-metal\.admins has no network with your address/,
      );
      expect(await machine.run("nft", "list", "table", "inet", "nodewright")).not.to.include("192.0.2.0");
      settings.admins = [machine.operator];
      await test.stack.up();
    });

    it("stops signing when its stack is gone", async () => {
      await test.stack.destroy();
      expect((await machine.tryRun("systemctl", "is-active", "nodeos.service")).out).to.equal("inactive\n");
      expect((await machine.tryRun("systemctl", "is-enabled", "nodeos.service")).out).to.equal("disabled\n");
    });

    it("is the host again, with its data, when the stack comes back", async () => {
      await test.stack.up();
      expect(await machine.run("systemctl", "is-active", "nodeos.service")).to.equal("active\n");
    });
  });
});
