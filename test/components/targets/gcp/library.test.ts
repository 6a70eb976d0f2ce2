import { Provider } from "@pulumi/gcp/provider";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Host } from "../../../../components/targets/gcp/provision/host";
import { Network } from "../../../../components/targets/gcp/provision/network";
import { TOKENS } from "../../../../lab/plugins/gcp/tokens";
import { missingEngine, skipSuite } from "../../../lab/plugins/engine";
import { type GcpStack, gcpStack } from "./gcp-stack";

const missing = missingEngine();

/** Another team's program: no plan and no stack file, only the components. */
async function program() {
  const provider = new Provider("cloud", { project: "their-project", region: "europe-west4" });
  const network = new Network(
    "net",
    { name: "theirs", region: "europe-west4", hosts: "10.1.0.0/20", nat: false },
    { provider },
  );
  const host = new Host(
    "node",
    {
      name: "their-node",
      zone: pulumi.output("europe-west4-c"),
      machineType: "n2-highmem-8",
      image: "projects/debian-cloud/global/images/family/debian-12",
      userData: pulumi.secret("#cloud-config\n"),
      subnetwork: network.hosts,
      isPublic: true,
      serviceAccount: "123456789012-compute@developer.gserviceaccount.com",
      dataDiskName: "their-node-data",
      dataDiskType: "pd-ssd",
      dataDiskSize: pulumi.output(500),
      protect: false,
    },
    { provider, dependsOn: [network] },
  );
  return { address: host.address, publicAddress: host.publicAddress };
}

describe("a program of another team, with components of the Google Cloud target", function () {
  this.timeout(120_000);
  let test: GcpStack;

  before(async function () {
    if (missing) return skipSuite(this, missing);
    test = await gcpStack(program);
  });
  after(() => {
    if (!missing) test.remove();
  });

  it("makes a host, finds nothing to do a second time, and takes it down", async () => {
    const { outputs } = await test.stack.up();
    expect(outputs.address?.value).to.match(/^10\.1\./);
    expect(outputs.publicAddress?.value).to.match(/^\d+\.\d+\.\d+\.\d+$/);
    expect(test.state()).not.to.contain("#cloud-config");
    expect((await test.stack.up()).summary.resourceChanges).to.have.keys("same");
    await test.stack.destroy();
    for (const token of Object.values(TOKENS)) expect(test.world.ids(token), token).to.deep.equal([]);
  });
});
