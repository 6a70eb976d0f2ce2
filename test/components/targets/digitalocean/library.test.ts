import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Host } from "../../../../components/targets/digitalocean/provision/host";
import { Pool } from "../../../../components/targets/digitalocean/provision/pool";
import { TOKENS } from "../../../../lab/plugins/digitalocean/tokens";
import { missingEngine, skipSuite } from "../../../lab/plugins/engine";
import { type DigitalOceanStack, digitalOceanStack } from "./digitalocean-stack";

const missing = missingEngine();

/** Another program, with no plan: its own VPC and keys, and values that are known late. */
async function program() {
  const { SshKey, Vpc } = await import("@pulumi/digitalocean");
  const vpc = new Vpc("theirs", { name: "theirs", region: "ams3", ipRange: "10.200.0.0/24" });
  const key = new SshKey("theirs", { name: "theirs", publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk0" });
  const shared = {
    region: "ams3",
    vpc: vpc.id,
    image: "debian-12-x64",
    sshKeys: [key.fingerprint],
    userData: pulumi.interpolate`#cloud-config\nhostname: ${vpc.name}\n`,
  };
  const host = new Host("relay", {
    ...shared,
    name: "relay",
    size: "s-2vcpu-4gb",
    volumeName: "relay-data",
    volumeSize: 100,
    reserved: true,
    protect: false,
  });
  const pool = new Pool("readers", {
    ...shared,
    name: "readers",
    size: "s-2vcpu-4gb",
    tag: "readers",
    tags: ["readers"],
    min: 1,
    max: 3,
    servesPort: 80,
    probesPort: 9400,
  });
  return { address: host.address, inside: host.clusterAddress, balancer: pool.address };
}

describe("hosts on DigitalOcean in a program of somebody else", function () {
  this.timeout(120_000);
  let test: DigitalOceanStack;

  before(async function () {
    if (missing) return skipSuite(this, missing);
    test = await digitalOceanStack(program);
  });
  after(() => {
    if (!missing) test.remove();
  });

  it("are made, found and taken down without a plan", async () => {
    const { outputs } = await test.stack.up();
    expect(outputs.inside?.value).to.match(/^10\.200\.0\./);
    expect(test.world.ids(TOKENS.reservedIp)).to.deep.equal([outputs.address?.value]);
    const [droplet = ""] = test.world.ids(TOKENS.droplet);
    expect(test.world.get(TOKENS.droplet, droplet)?.inputs).to.include({ ipv6: true, resizeDisk: false });
    await test.stack.destroy();
    expect(test.world.ids(TOKENS.droplet)).to.deep.equal([]);
  });
});
