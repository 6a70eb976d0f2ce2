import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect } from "chai";
import { containerResource } from "../../../../lab/plugins/docker/container";
import { networkResource } from "../../../../lab/plugins/docker/network";
import { remoteImageResource } from "../../../../lab/plugins/docker/remote-image";
import { volumeResource } from "../../../../lab/plugins/docker/volume";
import type { Properties } from "../../../../lab/plugins/value";
import { failureOf, testCall } from "../call";
import { skipSuite } from "../engine";
import { missingDaemon, PREFIX, sweep, testDaemon, testImage } from "./test-daemon";

const daemon = testDaemon();
const containers = containerResource(daemon);
const networks = networkResource(daemon);
const volumes = volumeResource(daemon);
const images = remoteImageResource(daemon);
const labels = [{ label: "nodewright.stack", value: "resources-test" }];
const name = `${PREFIX}one`;
let image: string;

describe("docker resources on a real daemon", function () {
  this.timeout(60_000);

  before(async function () {
    const missing = missingDaemon();
    if (missing) return skipSuite(this, missing);
    image = await testImage(daemon);
  });
  beforeEach(() => sweep(daemon));
  after(async () => {
    if (!missingDaemon()) await sweep(daemon);
  });

  retriedContainers();
  failingContainers();
  retriedNetworks();
  volumesAndImages();
});

function host(inputs: Properties = {}): Properties {
  return { name, image, labels, command: ["/bin/sleep", "300"], stopSignal: "SIGKILL", ...inputs };
}

async function exists(): Promise<boolean> {
  const all = await daemon.listContainers({ all: true });
  return all.some((container) => container.Names.includes(`/${name}`));
}

function retriedContainers() {
  it("replaces a container that an interrupted run of its own left", async () => {
    const first = await containers.create(testCall(), host());
    const second = await containers.create(testCall(), host());
    expect(second.id).not.to.equal(first.id);
  });

  it("leaves a container alone that is not its own", async () => {
    const { id } = await containers.create(testCall(), host({ labels: [{ label: "other", value: "x" }] }));
    const message = await failureOf(containers.create(testCall(), host()));
    expect(message).to.contain(
      `container "${name}" exists already and does not carry this resource's labels`,
    );
    expect((await daemon.getContainer(id).inspect()).State.Running).to.equal(true);
  });

  it("takes a removed one for gone, and removes it a second time without an error", async () => {
    const { id } = await containers.create(testCall(), host({ destroyGraceSeconds: 1 }));
    await containers.delete(testCall(), id, host({ destroyGraceSeconds: 1 }));
    expect(await containers.read(testCall(), id, host())).to.equal(undefined);
    await containers.delete(testCall(), id, host({ destroyGraceSeconds: 1 }));
  });
}

function failingContainers() {
  /** A daemon of labs has no default network, and without a network nothing is published. */
  const onNetwork = async (): Promise<Properties> => {
    await networks.create(testCall(), { name: `${PREFIX}net`, labels });
    return { networksAdvanced: [{ name: `${PREFIX}net` }] };
  };

  it("says which container publishes a wanted port, and leaves nothing behind", async () => {
    const published = { ...(await onNetwork()), ports: [{ internal: 22, external: 38023, ip: "127.0.0.1" }] };
    await containers.create(testCall(), host({ name: `${PREFIX}other`, ...published }));
    expect(await failureOf(containers.create(testCall(), host(published)))).to.contain(
      `38023/tcp by ${PREFIX}other`,
    );
    expect(await exists()).to.equal(false);
  });

  it("says that another program has the port", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => holder.once("listening", resolve));
    const { port } = holder.address() as AddressInfo;
    const message = await failureOf(
      containers.create(
        testCall(),
        host({ ...(await onNetwork()), ports: [{ internal: 22, external: port, ip: "127.0.0.1" }] }),
      ),
    );
    holder.close();
    expect(message).to.match(new RegExp(`in use by another program of the machine.*${port}`));
    expect(await exists()).to.equal(false);
  });

  it("removes what ended at once, what is not healthy, and what was cancelled", async () => {
    expect(await failureOf(containers.create(testCall(), host({ command: ["/bin/false"] })))).to.contain(
      "with exit code 1",
    );
    const healthcheck = { tests: ["CMD", "/bin/false"], interval: "100ms", retries: 1 };
    expect(await failureOf(containers.create(testCall(), host({ healthcheck, wait: true })))).to.contain(
      "did not become healthy",
    );
    const call = testCall();
    call.abort();
    await failureOf(containers.create(call, host()));
    expect(await exists()).to.equal(false);
  });

  it("names an image that is not there", async () => {
    expect(await failureOf(containers.create(testCall(), host({ image: "no-such-image:1" })))).to.contain(
      'no image "no-such-image:1"',
    );
  });

  it("refuses to import", async () => {
    const { id } = await containers.create(testCall(), host());
    expect(await failureOf(containers.read(testCall(), id, undefined))).to.contain("cannot be imported");
  });
}

function retriedNetworks() {
  const network = {
    name: `${PREFIX}net`,
    labels,
    internal: true,
    ipamConfigs: [{ subnet: "10.213.9.0/24" }],
  };

  it("keeps a network that an interrupted run left, and refuses one with other settings or labels", async () => {
    const { id } = await networks.create(testCall(), network);
    expect((await networks.create(testCall(), network)).id).to.equal(id);
    expect(await failureOf(networks.create(testCall(), { ...network, internal: false }))).to.contain(
      "with other settings",
    );
    expect(await failureOf(networks.create(testCall(), { ...network, labels: [] }))).to.contain(
      "does not carry",
    );
  });

  it("says with which network a subnet overlaps", async () => {
    await networks.create(testCall(), network);
    const message = await failureOf(
      networks.create(testCall(), { name: `${PREFIX}net2`, ipamConfigs: [{ subnet: "10.213.9.128/25" }] }),
    );
    expect(message).to.contain(`10.213.9.128/25 overlaps with network ${PREFIX}net`);
  });

  it("is imported by its id with inputs that describe it", async () => {
    const { id } = await networks.create(testCall(), network);
    const observed = await networks.read(testCall(), id, undefined);
    expect(observed?.inputs).to.deep.include({ name: network.name, internal: true, labels });
  });

  it("says which container still uses it, and is gone twice without an error", async () => {
    const { id } = await networks.create(testCall(), network);
    const user = await containers.create(testCall(), host({ networksAdvanced: [{ name: network.name }] }));
    expect(await failureOf(networks.delete(testCall(), id, {}))).to.contain(`still used by ${name}`);
    await containers.delete(testCall(), user.id, {});
    await networks.delete(testCall(), id, {});
    await networks.delete(testCall(), id, {});
    expect(await networks.read(testCall(), id, network)).to.equal(undefined);
  });
}

function volumesAndImages() {
  const volume = { name: `${PREFIX}vol`, labels };

  it("keeps a volume and its data that an interrupted run left, and refuses another's", async () => {
    const first = await volumes.create(testCall(), volume);
    expect(await volumes.create(testCall(), volume)).to.deep.equal(first);
    expect(await failureOf(volumes.create(testCall(), { ...volume, labels: [] }))).to.contain(
      "does not carry",
    );
    expect(await volumes.read(testCall(), first.id, volume)).to.deep.equal({
      inputs: {},
      outputs: first.outputs,
    });
    await volumes.delete(testCall(), first.id, volume);
    await volumes.delete(testCall(), first.id, volume);
  });

  it("uses an image that the daemon has, and keeps it when told so", async () => {
    const { id, outputs } = await images.create(testCall(), { name: image, keepLocally: true });
    expect(id).to.equal(`${String(outputs.imageId)}${image}`);
    await images.delete(testCall(), id, { name: image, keepLocally: true });
    expect(await images.read(testCall(), id, { name: image })).to.not.equal(undefined);
  });

  it("says that an image is neither there nor to be had", async () => {
    const message = await failureOf(images.create(testCall(), { name: "127.0.0.1:1/no-such-image:1" }));
    expect(message).to.match(
      /has no image "127.0.0.1:1\/no-such-image:1" and could not pull it \(.+\): load or build it/,
    );
  });
}
