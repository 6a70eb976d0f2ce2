import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { missingEngine, skipSuite, type TestStack, testStack } from "../engine";
import { missingDaemon, PREFIX, sweep, testDaemon, testImage } from "./test-daemon";

const SECRET = "a-private-key-that-must-not-be-seen";
const NAME = `${PREFIX}host`;

interface Variant {
  content: string;
  memory: number;
}

/** What a lab host is made of: two networks, a volume, a container with a secret upload; content changes are ignored. */
function program(image: string, variant: Variant): pulumi.automation.PulumiFn {
  return async () => {
    const labels = [{ label: "nodewright.stack", value: "plugins-test" }];
    const outside = new docker.Network(`${PREFIX}outside`, {
      name: `${PREFIX}outside`,
      labels,
      ipamConfigs: [{ subnet: "10.213.7.0/24" }],
    });
    const inside = new docker.Network(`${PREFIX}inside`, {
      name: `${PREFIX}inside`,
      labels,
      internal: true,
      ipv6: true,
      ipamConfigs: [{ subnet: "10.213.8.0/24", gateway: "10.213.8.1" }, { subnet: "fd00:213:8::/64" }],
    });
    const data = new docker.Volume(`${PREFIX}data`, { name: `${PREFIX}data`, labels });
    const host = new docker.Container(
      NAME,
      {
        name: NAME,
        image,
        hostname: "host-a",
        command: ["/bin/sleep", "600"],
        labels,
        restart: "unless-stopped",
        memory: variant.memory,
        stopSignal: "SIGKILL",
        securityOpts: ["seccomp=unconfined", "systempaths=unconfined"],
        cgroupnsMode: "private",
        tmpfs: { "/run": "rw,mode=755" },
        capabilities: { adds: ["NET_ADMIN"] },
        ports: [{ internal: 22, external: 38022, ip: "127.0.0.1" }],
        networksAdvanced: [
          { name: outside.name },
          {
            name: inside.name,
            ipv4Address: "10.213.8.10",
            ipv6Address: "fd00:213:8::a",
            aliases: ["host-a"],
          },
        ],
        volumes: [{ volumeName: data.name, containerPath: "/data" }],
        uploads: [
          { file: "/etc/first-boot", content: variant.content, permissions: "0640" },
          { file: "/data/key", content: pulumi.secret(SECRET), permissions: "0600" },
        ],
      },
      { ignoreChanges: ["uploads"] },
    );
    return { id: host.id, networks: host.networkDatas, mountpoint: data.mountpoint, scope: inside.scope };
  };
}

const missing = missingDaemon() ?? missingEngine();
const daemon = testDaemon();
const variant: Variant = { content: "first", memory: 64 };
let test: TestStack;

describe("an unmodified @pulumi/docker program on the engine", function () {
  this.timeout(180_000);

  before(async function () {
    if (missing) return skipSuite(this, missing);
    await sweep(daemon);
    const image = await testImage(daemon);
    test = await testStack(() => program(image, variant)());
  });

  after(async () => {
    if (missing) return;
    await test.stack.destroy();
    test.remove();
    await sweep(daemon);
  });

  createsAll();
  findsNothingToDo();
  repairs();
});

function createsAll() {
  it("previews without touching the daemon", async () => {
    const { changeSummary } = await test.stack.preview();
    expect(changeSummary).to.deep.equal({ create: 5 });
    expect(
      await daemon.listVolumes().then(({ Volumes }) => Volumes.some(({ Name }) => Name.startsWith(PREFIX))),
    ).to.equal(false);
  });

  it("creates everything, files in place and addresses known", async () => {
    const { outputs } = await test.stack.up();
    const networks: { networkName: string; ipAddress: string; globalIpv6Address: string }[] =
      outputs.networks?.value;
    const inside = networks.find(({ networkName }) => networkName === `${PREFIX}inside`);
    expect(inside).to.include({ ipAddress: "10.213.8.10", globalIpv6Address: "fd00:213:8::a" });
    expect(outputs.scope?.value).to.equal("local");
    expect(outputs.mountpoint?.value).to.be.a("string");
    expect(await output(["/bin/cat", "/etc/first-boot", "/data/key"])).to.equal(`first${SECRET}`);
    expect(await output(["/bin/stat", "-c", "%a %u", "/data/key"])).to.equal("600 0\n");
  });

  it("leaves the secret neither in the state nor in what the daemon tells", async () => {
    expect(test.state()).not.to.contain(SECRET);
    expect(JSON.stringify(await daemon.getContainer(NAME).inspect())).not.to.contain(SECRET);
  });
}

function findsNothingToDo() {
  it("finds nothing to do a second time, nor after a refresh", async () => {
    expect((await test.stack.up()).summary.resourceChanges).to.deep.equal({ same: 5 });
    expect((await test.stack.refresh()).summary.resourceChanges).to.deep.equal({ same: 5 });
    expect((await test.stack.preview()).changeSummary).to.deep.equal({ same: 5 });
  });

  it("ignores a change of an ignored property", async () => {
    variant.content = "second";
    expect((await test.stack.up()).summary.resourceChanges).to.deep.equal({ same: 5 });
  });
}

function repairs() {
  it("changes a limit in place", async () => {
    const { Id } = await daemon.getContainer(NAME).inspect();
    variant.memory = 96;
    expect((await test.stack.up()).summary.resourceChanges).to.deep.equal({ same: 4, update: 1 });
    const found = await daemon.getContainer(NAME).inspect();
    expect([found.Id, found.HostConfig.Memory]).to.deep.equal([Id, 96 * 1024 * 1024]);
  });

  it("starts a stopped container again after a refresh", async () => {
    await daemon.getContainer(NAME).stop({ t: 0 });
    expect((await test.stack.refresh()).summary.resourceChanges).to.deep.equal({ same: 4, update: 1 });
    expect((await test.stack.up()).summary.resourceChanges).to.deep.equal({ same: 4, update: 1 });
    expect((await daemon.getContainer(NAME).inspect()).State.Running).to.equal(true);
  });

  it("makes a container anew that somebody removed", async () => {
    await daemon.getContainer(NAME).remove({ force: true });
    const { summary } = await test.stack.up({ refresh: true });
    expect(summary.result).to.equal("succeeded");
    expect((await daemon.getContainer(NAME).inspect()).State.Running).to.equal(true);
  });
}

async function output(command: string[]): Promise<string> {
  const exec = await daemon.getContainer(NAME).exec({ Cmd: command, AttachStdout: true, Tty: true });
  const stream = await exec.start({ Tty: true });
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString().replaceAll("\r\n", "\n");
}
