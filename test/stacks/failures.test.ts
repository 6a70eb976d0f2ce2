import { expect } from "chai";
import { CLOUDS } from "../../lab/engine/plugins";
import { CloudLife, rawOf } from "./cloud-life";

interface Things {
  sample: string;
  machine: string;
  /** What the cloud says of an account that may have no more. */
  said: RegExp;
  /** By which somebody may be known to the cloud, and what is said where nobody is. */
  credentials: RegExp;
  nobody: RegExp;
}

const THINGS: Readonly<Record<(typeof CLOUDS)[number], Things>> = {
  aws: {
    sample: "eos-aws",
    machine: "aws:ec2/instance:Instance",
    said: /VcpuLimitExceeded|InstanceLimitExceeded/,
    credentials: /^AWS_/,
    nobody: /no credentials.*AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/s,
  },
  gcp: {
    sample: "eos-gcp",
    machine: "gcp:compute/instance:Instance",
    said: /Quota 'INSTANCES' exceeded/,
    credentials: /^(GOOGLE|GCLOUD|CLOUDSDK)_/,
    nobody: /no credentials for Google Cloud.*GOOGLE_APPLICATION_CREDENTIALS/s,
  },
  digitalocean: {
    sample: "eos-digitalocean",
    machine: "digitalocean:index/droplet:Droplet",
    said: /will exceed your droplet limit/,
    credentials: /^(DIGITALOCEAN|SPACES)_/,
    nobody: /DIGITALOCEAN_TOKEN.*SPACES_ACCESS_KEY_ID/s,
  },
};

/** Small: what fails is one host of it. */
const HOSTS = { relays: { role: "seed", count: 2 }, watch: { role: "monitor" } };

/** The sample's own without what stands before a pool, of which there is none. */
function targetOf(sample: string, cloud: string) {
  const { balancer: _, ...own } =
    (rawOf(sample).target as Record<string, Record<string, unknown>>)[cloud] ?? {};
  return { [cloud]: own };
}

const refusal = (done: Promise<unknown>): Promise<string> =>
  done.then(
    () => "nothing was refused",
    (cause: Error) => cause.message,
  );

for (const cloud of CLOUDS)
  describe(`an up on ${cloud} that cannot end`, function () {
    this.timeout(600_000);
    const { sample, machine, said, credentials, nobody } = THINGS[cloud];
    let life: CloudLife;

    before(async () => {
      life = await CloudLife.open(sample, { hosts: HOSTS, target: targetOf(sample, cloud) });
    });
    after(() => life?.close());

    it("does not begin without credentials, and says which it needs", async () => {
      const kept = { ...process.env };
      for (const name of Object.keys(process.env)) if (credentials.test(name)) delete process.env[name];
      // Nobody's folder: where people log in, credentials may lie in the true one.
      process.env.HOME = life.folder;
      expect(await refusal(life.up())).to.match(nobody);
      Object.assign(process.env, kept);
      expect(life.count()).to.deep.equal({});
    });

    it("does not begin on a mistake in the stack file", async () => {
      life.set({ domain: "no domain" });
      const mistake = await refusal(life.up());
      expect(mistake).to.include('domain  "no domain" is no domain: write it like nodes.example.org');
      expect(mistake, "a stack trace").not.to.match(/\bat deploy\b/);
      life.set({ domain: "nodes.example.org" });
      expect(life.count()).to.deep.equal({});
    });

    it("stops where the account's quota ends, in the cloud's own words", async () => {
      life.world.limit(machine, 1);
      expect(await refusal(life.up())).to.match(said);
      expect(life.world.ids(machine)).to.have.length(1);
    });

    it("goes on from there once there is room, and makes nothing twice", async () => {
      const [first] = life.world.ids(machine);
      life.world.limit(machine, 100);
      await life.up();
      expect(life.world.ids(machine)).to.have.length(life.plan.hosts.length).and.to.include(first);
      expect(await life.up()).to.deep.equal({});
      expect(await life.refresh()).to.deep.equal({});
    });
  });
