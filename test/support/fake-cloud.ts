import { z } from "zod";
import type { Finding } from "../../components/core/config/finding";
import { parseConfig } from "../../components/core/config/parse";
import type { Registry } from "../../components/core/config/registry";
import { bytesOf } from "../../components/core/config/units";
import { chooseMachine } from "../../components/core/hardware/choose-machine";
import { extraLine, hostCost } from "../../components/core/hardware/cost";
import { clusterName } from "../../components/core/naming";
import { addressOf } from "../../components/core/network/address";
import { buildPlan } from "../../components/core/plan/build-plan";
import { checkPlan } from "../../components/core/plan/checks";
import type { Plan, PlanInput } from "../../components/core/plan/plan";
import { registry as ours } from "../../components/registry";
import type { HostNeeds, Placed, Target, Traits } from "../../components/targets/target";
import { catalogOf, machine } from "../components/core/hardware/small-catalog";
import { releases } from "./releases";

/** Three machines: one for a monitor, one for most roles, one for those that ask for more. */
const CATALOG = catalogOf([
  machine("small", 20, { cores: 2, memory: "4 GB", ecc: { has: false, source: "the shop says so" } }),
  machine("middle", 300),
  machine("large", 700, { cores: 16, memory: "128 GB", clock: 3.4 }),
]);
const NETWORK = { ipv4: "10.90.0.0/16", ipv6: "fd90::/64" };

const config = z.strictObject({
  region: z.string().default("here"),
  zones: z.array(z.string()).min(1).default(["a", "b"]),
  admins: z.array(z.string()).default(["203.0.113.0/24"]),
});
type Config = z.output<typeof config>;

/** Members of a pool stand behind their balancer, validators and monitors behind no name at all. */
function place({ region, zones }: Config, needs: HostNeeds): Placed {
  const { stack, host, role, hardware, wishes, pooled, index } = needs;
  const chosen = chooseMachine(CATALOG, hardware, wishes);
  if ("problem" in chosen)
    return { problem: chosen.problem, ...(wishes.machine === undefined ? {} : { key: "machine" }) };
  const disk = { type: "fast", size: Math.ceil(bytesOf(hardware.disk) / bytesOf("1 GB")) };
  const isHidden = pooled || !role.named || role.name === "monitor";
  const { name, cores, memory, ecc } = chosen.machine;
  return {
    placement: {
      addresses: {
        public: isHidden ? "none" : "assigned",
        cluster: pooled ? "assigned" : addressOf(NETWORK, host),
      },
      clusterName: clusterName(stack, host),
      machine: name,
      has: { cores, memory, ecc: ecc.has },
      ...(pooled ? {} : { zone: `${region}-${zones[index % zones.length] ?? ""}` }),
      disk: pooled ? disk : { ...disk, device: "/dev/disk/by-id/data" },
      cost: hostCost(CATALOG, region, {
        machine: chosen.machine,
        disks: [disk],
        extras: isHidden ? [] : ["publicIpv4"],
      }),
    },
  };
}

/** A cloud of no provider: pure, and as able as the real ones. */
const cloud: Target<typeof config> = {
  name: "cloud",
  summary: "machines of no cloud",
  config,
  traits: {
    userDataBytes: 16_384,
    firewall: true,
    ownKernel: true,
    floors: true,
    scaling: true,
    names: "service",
    storesBundles: true,
  },
  where: ({ region, zones }) => `${region} (${zones.join(", ")})`,
  zones: ({ admins }, { addresses }) => ({
    cluster: [NETWORK.ipv4, NETWORK.ipv6],
    admin: addresses.public === "none" ? [NETWORK.ipv4, NETWORK.ipv6] : admins,
    probes: ["198.51.100.0/24"],
  }),
  mirror: (_, stack) => `https://mirror.example.org/${stack}`,
  place,
  sharedCost: ({ region }, { pools, names }) => [
    ...pools.map(({ name }) => ({
      ...extraLine(CATALOG, region, "loadBalancer"),
      what: `load balancer of ${name}`,
    })),
    ...(names ? [extraLine(CATALOG, region, "dnsZone")] : []),
  ],
  prices: { source: CATALOG.prices.source, date: CATALOG.prices.date },
  check: () => [],
  endpoint: () => undefined,
  load: () => {
    throw new Error("a cloud of no provider makes nothing");
  },
};

/** The project's registry with this cloud alone, with other traits where a test asks for them. */
export const cloudRegistry = (traits: Partial<Traits> = {}): Registry => ({
  ...ours,
  targets: [{ ...cloud, traits: { ...cloud.traits, ...traits } }],
});

export const SIGNING_KEY = "PUB_K1_6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGqET5BoDq63";

/** Every role, a read pool, and one host that takes writes. */
export const HOSTS = {
  seed: { role: "seed", count: 3 },
  producer: { role: "validator", producer: "alicealice11", signingKey: SIGNING_KEY },
  rpc: { role: "rpc", count: { min: 2, max: 6 } },
  writes: { role: "rpc" },
  history: { role: "archive" },
  watch: { role: "monitor" },
};

/** A whole stack on the cloud of no provider, without mistakes; `over` takes the place of its keys, settings of services join. */
export const cloudStack = ({
  services: { proxy, ...services } = {},
  ...over
}: {
  services?: Record<string, object>;
  [key: string]: unknown;
} = {}): Record<string, unknown> => ({
  network: "eos",
  target: { cloud: {} },
  domain: "nodes.example.org",
  hosts: HOSTS,
  sshKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk0"],
  services: { proxy: { tls: "off", ...proxy }, ...services },
  ...over,
});

interface Given {
  traits?: Partial<Traits>;
  relays?: NonNullable<PlanInput["relays"]>;
  evmBegin?: NonNullable<PlanInput["evmBegin"]>;
}

/** Everything that is said of a stack's keys, and its plan as far as there is one. */
export function judgeCloud(
  raw: Record<string, unknown>,
  { traits, ...asked }: Given = {},
): { findings: Finding[]; plan?: Plan } {
  const registry = cloudRegistry(traits);
  const { findings, config: read, whole } = parseConfig(raw, registry);
  if (!read) return { findings };
  const { plan, findings: unplaced } = buildPlan(
    { stack: "test", config: read, releases, ...asked },
    registry,
  );
  const isWhole = whole && !unplaced.some(({ severity }) => severity === "error");
  return {
    findings: [
      ...findings,
      ...unplaced,
      ...checkPlan({ plan, config: read, registry, releases, whole: isWhole }),
    ],
    plan,
  };
}

/** The plan of a stack without mistakes. */
export function cloudPlan(raw: Record<string, unknown> = cloudStack(), given: Given = {}): Plan {
  const { plan, findings } = judgeCloud(raw, given);
  const errors = findings.filter(({ severity }) => severity === "error");
  if (!plan || errors.length > 0)
    throw new Error(errors.map(({ path, message }) => `${path} ${message}`).join("\n"));
  return plan;
}
