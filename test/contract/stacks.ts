import type { Finding } from "../../components/core/config/finding";
import { parseConfig } from "../../components/core/config/parse";
import { buildPlan } from "../../components/core/plan/build-plan";
import { checkPlan } from "../../components/core/plan/checks";
import type { Plan } from "../../components/core/plan/plan";
import type { Role } from "../../components/core/roles/role";
import { registry } from "../../components/registry";
import { releases } from "../support/releases";

const ADMINS = ["203.0.113.0/28", "203.0.113.64/26", "2001:db8:7::/48"];

/** The least settings that a target takes, for hosts of these names. A target that is registered needs a line here. */
const LEAST: Readonly<Record<string, (hosts: readonly string[]) => Record<string, unknown>>> = {
  aws: () => ({ region: "eu-central-1", admins: ADMINS }),
  "bare-metal": (hosts) => ({
    cluster: { ipv4: "10.20.0.0/16", ipv6: "fd20::/64" },
    admins: ADMINS,
    mirror: "https://mirror.example.org",
    hosts: Object.fromEntries(hosts.map((name, index) => [name, machine(index)])),
  }),
  digitalocean: () => ({ region: "fra1", admins: ADMINS }),
  docker: () => ({}),
  gcp: () => ({ project: "example-nodes", region: "europe-west3", admins: ADMINS }),
};

const machine = (index: number) => ({
  address: `198.51.100.${10 + index}`,
  hostKey: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk${index}`,
  os: "debian-12",
  addresses: { public: { ipv4: `198.51.100.${10 + index}` }, cluster: { ipv4: `10.20.0.${10 + index}` } },
});

/** Keys of a role's own that its hosts must have. One that is missing here shows as a mistake in the stack. */
const SETTINGS: Readonly<Record<string, Record<string, unknown>>> = {
  validator: {
    producer: "alicealice11",
    signingKey: "PUB_K1_6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGqET5BoDq63",
  },
  rpc: { services: { proxy: { tls: "off" } } },
};

type Count = number | { min: number; max: number };

/** A stack with one host of that role, and of what it cannot be without; with a `count`, a group or a pool of it. */
export function leastStack(target: string, role: Role, count?: Count) {
  const least = LEAST[target];
  if (!least)
    throw new Error(`target ${target} has no line in test/contract/stacks.ts: add the least it takes`);
  // A relay is also what SSH goes through to hosts that the world does not reach.
  const others = [...new Set(["seed", ...requiredBy(role)])].filter((name) => name !== role.name);
  const host = (name: string) => ({ role: name, ...SETTINGS[name] });
  const hosts = {
    subject: { ...host(role.name), ...(count ? { count } : {}) },
    ...Object.fromEntries(others.map((name) => [`other-${name}`, host(name)])),
    // Members of a pool hold no key: somebody else must take what clients sign.
    ...(count ? { "other-fixed": host(role.name) } : {}),
  };
  const names = Object.keys(hosts).flatMap((name) =>
    name === "subject" && count ? [name, `${name}-1`, `${name}-2`] : [name],
  );
  return {
    network: "eos",
    domain: "nodes.example.org",
    target: { [target]: least(names.filter((name) => name !== "subject" || !count)) },
    hosts,
    sshKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk0"],
  };
}

/** Roles that a stack must have for this one to work, and those that they need in turn. */
function requiredBy({ requires }: Role, known: readonly string[] = []): string[] {
  const direct = registry.roles.filter(
    ({ name }) => !known.includes(name) && requires.some(({ role }) => role === name),
  );
  const seen = [...known, ...direct.map(({ name }) => name)];
  return [...new Set([...seen, ...direct.flatMap((role) => requiredBy(role, seen))])];
}

/** The plan of a stack's keys, and everything that is said of them. */
export function judgeStack(
  raw: Record<string, unknown>,
  stack = "contract",
): { plan?: Plan; findings: Finding[] } {
  const { findings, config, whole } = parseConfig(raw, registry);
  if (!config) return { findings };
  const { plan, findings: unplaced } = buildPlan({ stack, config, releases }, registry);
  const checked = checkPlan({ plan, config, registry, releases, whole: whole && unplaced.length === 0 });
  return { plan, findings: [...findings, ...unplaced, ...checked] };
}

export const targetsWithoutLine = (): string[] =>
  registry.targets.map(({ name }) => name).filter((name) => LEAST[name] === undefined);
export const linesWithoutTarget = (): string[] =>
  Object.keys(LEAST).filter((name) => registry.targets.every((target) => target.name !== name));
