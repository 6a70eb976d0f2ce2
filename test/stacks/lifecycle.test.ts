import { join } from "node:path";
import { expect } from "chai";
import { CLOUDS } from "../../lab/engine/plugins";
import { PROJECT } from "../../stacks/stack-file";
import { issueAll } from "../../tls/host-secrets";
import { type Changes, CloudLife, samples, targetOf, writeNewerLock } from "./cloud-life";

const LOCK = join(PROJECT, "lab", "releases", "lock.json");

/** What a test must know of a cloud: where machines, data and the mirror's files are, and whose hand can go wrong where. */
interface Things {
  machine: string;
  disk: string;
  stored: string;
  /** An image that is not the one by default. */
  image: string;
  /** Whether what a pool's machines are made after cannot change: then another image makes another one of those. */
  fixed?: true;
  /** A hand in the console: one rule is gone, another is open to anybody. */
  spoil(life: CloudLife): void;
  /** What a refresh then finds. */
  found: Changes;
}

const THINGS: Readonly<Record<(typeof CLOUDS)[number], Things>> = {
  aws: {
    machine: "aws:ec2/instance:Instance",
    disk: "aws:ebs/volume:Volume",
    stored: "aws:s3/bucketObjectv2:BucketObjectv2",
    image: "ami-0123456789abcdef0",
    spoil: ({ world }) => {
      const token = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
      const [gone = "", open = ""] = world
        .ids(token)
        .filter((id) => world.get(token, id)?.inputs.description === "ssh");
      world.remove(token, gone);
      world.change(token, open, { cidrIpv4: "0.0.0.0/0" });
    },
    found: { delete: 1, update: 1 },
  },
  gcp: {
    machine: "gcp:compute/instance:Instance",
    disk: "gcp:compute/disk:Disk",
    stored: "gcp:storage/bucketObject:BucketObject",
    fixed: true,
    image: "projects/debian-cloud/global/images/debian-12-bookworm-v20260101",
    spoil: ({ world }) => {
      const token = "gcp:compute/firewall:Firewall";
      const [gone = "", open = ""] = world
        .ids(token)
        .filter((id) => String(world.get(token, id)?.inputs.name).includes("-ssh"));
      world.remove(token, gone);
      world.change(token, open, { sourceRanges: ["0.0.0.0/0"] });
    },
    found: { delete: 1, update: 1 },
  },
  digitalocean: {
    machine: "digitalocean:index/droplet:Droplet",
    disk: "digitalocean:index/volume:Volume",
    stored: "digitalocean:index/spacesBucketObject:SpacesBucketObject",
    image: "debian-13-x64",
    spoil: ({ world }) => {
      const token = "digitalocean:index/firewall:Firewall";
      const [gone = "", open = ""] = world.ids(token);
      world.remove(token, gone);
      world.change(token, open, { inboundRules: [] });
    },
    found: { delete: 1, update: 1 },
  },
};

const isCloud = (name: string): name is keyof typeof THINGS => CLOUDS.some((cloud) => cloud === name);

for (const sample of samples()) {
  const cloud = targetOf(sample);
  if (isCloud(cloud))
    describe(`the life of the sample ${sample}`, function () {
      this.timeout(600_000);
      const { machine, disk, stored, image, fixed, spoil, found } = THINGS[cloud];
      let life: CloudLife;
      const ids = (token: string) => life.world.ids(token);

      before(async () => {
        life = await CloudLife.open(sample);
      });
      after(() => life?.close());

      it("is previewed, and nothing is made", async () => {
        expect(await life.preview()).to.have.keys("create");
        expect(ids(machine)).to.deep.equal([]);
      });

      it("comes up with every host and its disk", async () => {
        expect(await life.up()).to.have.keys("create");
        const { hosts } = life.plan;
        expect(ids(machine)).to.have.length(hosts.length);
        expect(ids(disk)).to.have.length(hosts.length);
        const outputs = (await life.stack.outputs()).hosts?.value as Record<string, unknown>;
        expect(Object.keys(outputs)).to.have.members(hosts.map(({ name }) => name));
      });

      it("keeps no secret in plain text, and prints none", () => {
        const { ssh, secrets } = life.keys;
        // Of what has lines, each: the engine may print them apart.
        const values = [
          ssh.private,
          ...Object.values({ ...secrets, ...issueAll(life.plan, secrets, new Date()).values }),
        ]
          .flatMap((value) => value.split("\n"))
          .filter((line) => line.length > 40);
        expect(values).to.have.length.above(1);
        const everything = life.state() + life.printed;
        for (const value of values)
          expect(everything.includes(value), "a secret in plain text").to.equal(false);
      });

      it("is left alone by a second up, and a refresh sees no drift", async () => {
        expect(await life.up()).to.deep.equal({});
        expect(await life.refresh()).to.deep.equal({});
      });

      it("takes new versions as updates, beside the files themselves", async () => {
        const [machines, before] = [ids(machine), ids(stored)];
        life.set({ releases: writeNewerLock(life.folder, LOCK) });
        const previewed = await life.preview();
        const done = await life.up();
        expect(ids(machine)).to.deep.equal(machines);
        const come = ids(stored).filter((id) => !before.includes(id)).length;
        expect(come).to.be.above(0);
        for (const changes of [previewed, done]) {
          const { update = 0, ...others } = changes;
          expect(update).to.be.at.least(life.plan.hosts.length);
          // Each new file takes the place of an old one, which the stack no longer keeps.
          expect(others).to.deep.equal({ create: come, delete: come });
        }
      });

      it("would replace no machine for another image and other SSH keys", async () => {
        life.set({
          sshKeys: [life.keys.ssh.public, life.keys.hosts[life.plan.hosts[0]?.name ?? ""]?.public],
        });
        life.setTarget({ image });
        const changes = await life.preview();
        life.set({ sshKeys: [life.keys.ssh.public] });
        life.setTarget({ image: undefined });
        expect(changes.delete).to.equal(undefined);
        expect(changes.replace ?? 0).to.equal(fixed ? life.plan.pools.length : 0);
      });

      it("shows what somebody else changed, and mends it", async () => {
        const before = life.count();
        spoil(life);
        expect(await life.refresh()).to.deep.equal(found);
        expect(await life.up()).to.deep.equal({ create: found.delete, update: found.update });
        expect(life.count()).to.deep.equal(before);
        expect(await life.refresh()).to.deep.equal({});
      });

      const sized = (more: number) => {
        const host = life.plan.hosts.find(({ disk: each }) => each?.device !== undefined);
        const { hosts } = life.raw as { hosts: Record<string, object> };
        const size = `${(host?.disk?.size ?? 0) + more} GB`;
        life.set({ hosts: { ...hosts, [host?.group ?? ""]: { ...hosts[host?.group ?? ""], disk: size } } });
      };
      const sizes = () => ids(disk).map((id) => Number(life.world.get(disk, id)?.inputs.size));
      let grown: number[] = [];

      it("enlarges a data disk that is larger in the stack file in place, and tells its host", async () => {
        const before = sizes();
        const [machines, disks] = [ids(machine), ids(disk)];
        sized(100);
        // A document that is too long for user data lies in the mirror, by its hash: another one takes its place.
        const { update = 0, create = 0, delete: gone = 0, ...others } = await life.up();
        expect(gone).to.equal(create);
        grown = sizes();
        // Each host of the group has its disk and its document.
        const count = grown.filter((size, index) => size > (before[index] ?? 0)).length;
        expect(count).to.be.above(0);
        expect(update).to.be.at.least(2 * count);
        expect(others).to.deep.equal({});
        expect([ids(machine), ids(disk)]).to.deep.equal([machines, disks]);
      });

      it("makes none smaller, and keeps it as it is", async () => {
        sized(-100);
        const refused = await life.up().catch((cause: unknown) => String(cause));
        expect(refused).to.match(/smaller|shrunk|marked for protection/);
        expect(sizes()).to.deep.equal(grown);
        sized(100);
        expect(await life.refresh()).to.deep.equal({});
      });

      it("refuses to be destroyed while it is protected, and loses nothing", async () => {
        const before = life.count();
        const { status, said } = life.destroy();
        expect(status).not.to.equal(0);
        expect(said).to.match(/cannot be deleted\s+because it is protected/);
        expect(life.count()).to.deep.equal(before);
      });

      it("is destroyed once it is released, to the last thing", async () => {
        // And back to the versions it began with: their files are in the mirror still.
        life.set({ protect: false, releases: undefined });
        expect(await life.up()).not.to.include.any.keys("replace", "create-replacement", "delete-replaced");
        const { status, said } = life.destroy();
        expect(status, said).to.equal(0);
        expect(life.count()).to.deep.equal({});
      });
    });
}
