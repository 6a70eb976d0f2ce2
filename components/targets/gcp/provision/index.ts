import { Provider } from "@pulumi/gcp/provider";
import * as pulumi from "@pulumi/pulumi";
import type { Files, Provisioner } from "../../provisioner";
import { requireCredentials } from "../credentials";
import { type GcpStack, type GroupArgs, type MachineArgs, renderGcp } from "../render";
import { Account } from "./account";
import { type Made, sendChanges } from "./changes";
import { Host } from "./host";
import { Mirror } from "./mirror";
import { Network } from "./network";
import { Pool } from "./pool";
import { createZones } from "./zones";

/** What all machines of a stack stand on. */
interface Ground {
  network: Network;
  mirror: Mirror | undefined;
  accounts: ReadonlyMap<string, Account>;
  region: string;
  protect: boolean;
  provider: Provider;
}

/** Creates everything of a plan in one project and region of Google Cloud. Throws a UserError without credentials. */
export const provisionGcp: Provisioner = (plan, secrets, files) => {
  requireCredentials();
  const stack = renderGcp(plan);
  const ground = layGround(stack, plan.protect, files);
  const made = stack.hosts.map((args): Made => ({ args, host: createHost(args, ground) }));
  const pools = new Map(stack.pools.map((args) => [args.pool.name, createPool(args, ground)]));
  const { network, provider } = ground;
  const nameServers = createZones(stack, { network: network.id, made, pools }, { provider });
  const told = sendChanges(made, secrets);
  return {
    hosts: Object.fromEntries(
      made.map(({ args, host }) => {
        const { name, role } = args.host;
        const outside = host.publicAddress === undefined ? {} : { public: host.publicAddress };
        const addresses = { ...outside, cluster: host.address };
        const { bundle = "", verification } = told[name] ?? {};
        return [
          name,
          { role, machine: host.machine, addresses, bundle, ...(verification ? { verification } : {}) },
        ];
      }),
    ),
    balancers: Object.fromEntries([...pools].map(([name, { address }]) => [name, address])),
    ...(nameServers ? { nameServers } : {}),
  };
};

function layGround(stack: GcpStack, protect: boolean, files: Files): Ground {
  const { project, region, labels, network: range, mirror: bucket } = stack;
  const provider = new Provider("gcp", { project, region });
  const { pools, ...always } = range;
  const network = new Network(
    "network",
    { ...always, ...(pools === undefined ? {} : { pools }), region },
    { provider },
  );
  const mirror = bucket && new Mirror("mirror", { ...bucketArgs(bucket, files), labels }, { provider });
  const accounts = new Map(
    stack.accounts.map(({ key, ...args }) => [
      key,
      new Account(
        key,
        { ...args, project, network: network.id, ...(mirror ? { bucket: mirror.bucket } : {}) },
        { provider },
      ),
    ]),
  );
  return { network, mirror, accounts, region, protect, provider };
}

const bucketArgs = ({ name, location, files, bundles }: NonNullable<GcpStack["mirror"]>, pathOf: Files) => ({
  bucket: name,
  location,
  objects: Object.fromEntries([
    ...files.map((sha256) => [sha256, new pulumi.asset.FileAsset(pathOf(sha256))]),
    ...bundles.map(({ sha256, json }) => [sha256, new pulumi.asset.StringAsset(json)]),
  ]),
});

/** The account that a machine runs as, and what must be there before its first boot. */
function accountOf(key: string, { accounts, network, mirror, provider }: Ground) {
  const account = accounts.get(key);
  if (!account) throw new Error(`no service account ${key} is rendered`);
  const dependsOn = [...network.wayOut, ...(mirror ? [mirror] : []), ...account.rights];
  return { serviceAccount: account.email, opts: { provider, dependsOn } };
}

function createHost(args: MachineArgs, ground: Ground): Host {
  const { serviceAccount, opts } = accountOf(args.account, ground);
  const { name, zone, machineType, image, address, isPublic, isBareMetal, labels, boot, data } = args;
  return new Host(
    args.host.name,
    {
      ...{ name, zone, machineType, image, address, isPublic, isBareMetal, labels, serviceAccount },
      userData: args.birth.userData,
      subnetwork: ground.network.hosts,
      bootDiskType: boot.type,
      bootDiskSize: boot.size,
      dataDiskName: data.name,
      dataDiskType: data.type,
      dataDiskSize: data.size,
      ...(data.iops === undefined ? {} : { dataDiskIops: data.iops }),
      ...(data.throughput === undefined ? {} : { dataDiskThroughput: data.throughput }),
      protect: ground.protect,
    },
    opts,
  );
}

function createPool(args: GroupArgs, ground: Ground): Pool {
  const { serviceAccount, opts } = accountOf(args.account, ground);
  const { name, zones, machineType, image, isBareMetal, labels, disk, pool, https } = args;
  if (!ground.network.pools) throw new Error(`no subnet for ${pool.name} is rendered`);
  return new Pool(
    pool.name,
    {
      ...{ name, zones, machineType, image, isBareMetal, labels, serviceAccount },
      region: ground.region,
      min: pool.min,
      max: pool.max,
      userData: args.birth.userData,
      subnetwork: ground.network.pools,
      diskType: disk.type,
      diskSize: disk.size,
      ...(disk.iops === undefined ? {} : { diskIops: disk.iops }),
      ...(disk.throughput === undefined ? {} : { diskThroughput: disk.throughput }),
      port: pool.serves.port,
      healthPort: pool.probes.port,
      ...(https ? { https } : {}),
    },
    opts,
  );
}
