import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import type { Plan } from "../../components/core/plan/plan";
import type { AwsConfig } from "../../components/targets/aws/config";
import { elasticAddresses } from "../../components/targets/aws/shared";
import type { Quota, Quotas } from "./quotas";

const LIMIT_MS = 20_000;
const run = promisify(execFile);

/** Asks for one cloud's limits. Throws where it does not answer. */
type Asking = (plan: Plan, environment: NodeJS.ProcessEnv) => Promise<Quota[]>;

const CLOUDS: Readonly<Record<string, Asking>> = { aws: ofAws, gcp: ofGoogle, digitalocean: ofDigitalOcean };

/**
 * Asks the stack's cloud, with the operator's credentials, what its account may have: DigitalOcean by its API, the others
 * by their own commands, which know every way to log in. Reads, and changes nothing. Undefined where the target is no cloud.
 */
export async function askQuotas(plan: Plan, environment: NodeJS.ProcessEnv): Promise<Quotas | undefined> {
  const asking = CLOUDS[plan.target.name];
  if (!asking) return undefined;
  try {
    return { limits: await asking(plan, environment) };
  } catch (cause) {
    return { unasked: reasonOf(cause) };
  }
}

/** In one line, and without what was sent: commands may print it among their arguments. */
function reasonOf(cause: unknown): string {
  const { code, path, stderr, message } = cause as NodeJS.ErrnoException & { stderr?: string };
  if (code === "ENOENT") return `the command ${path ?? ""} is not installed`;
  const [line = ""] = (stderr ?? message)
    .trim()
    .split("\n")
    .filter((each) => each !== "");
  return line.slice(0, 200);
}

async function answerOf(
  command: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<unknown> {
  const { stdout } = await run(command, words, { env: environment, timeout: LIMIT_MS });
  return JSON.parse(stdout);
}

interface Machines {
  machine: string;
  count: number;
  /** Virtual ones, all together. */
  cores: number;
}

/** Every machine, with pools at their largest. */
const machines = ({ hosts, pools }: Plan): Machines[] =>
  [
    ...hosts.map((host) => ({ host, count: 1 })),
    ...pools.map(({ member, max }) => ({ host: member, count: max })),
  ].map(({ host: { machine, has }, count }) => ({ machine, count, cores: count * (has?.cores ?? 0) }));

const awsQuota = z.object({ Quota: z.object({ Value: z.number() }) });
/** Codes of Service Quotas, of the service ec2. */
const STANDARD_CORES = "L-1216C47A";
const ELASTIC_ADDRESSES = "L-0263D0A3";
/** Families that count together as "Standard" (EC2 User Guide, On-Demand Instance quotas). */
const STANDARD = /^[acdhimrtz]\d/;

async function ofAws(plan: Plan, environment: NodeJS.ProcessEnv): Promise<Quota[]> {
  const config = plan.target.config as AwsConfig;
  const limitOf = async (code: string): Promise<number> => {
    const words = ["service-quotas", "get-service-quota", "--service-code", "ec2", "--quota-code", code];
    const more = ["--region", config.region, "--output", "json"];
    return awsQuota.parse(await answerOf("aws", [...words, ...more], environment)).Quota.Value;
  };
  const standard = machines(plan).filter(({ machine }) => STANDARD.test(machine));
  const [cores, addresses] = await Promise.all([limitOf(STANDARD_CORES), limitOf(ELASTIC_ADDRESSES)]);
  return [
    {
      what: `vCPUs of standard instances in ${config.region} (${STANDARD_CORES})`,
      limit: cores,
      takes: standard.reduce((sum, { cores: own }) => sum + own, 0),
    },
    {
      what: `Elastic IPs in ${config.region} (${ELASTIC_ADDRESSES})`,
      limit: addresses,
      takes: elasticAddresses(config, plan),
    },
  ];
}

const googleRegion = z.object({
  quotas: z.array(z.object({ metric: z.string(), limit: z.number(), usage: z.number() })),
});

async function ofGoogle(plan: Plan, environment: NodeJS.ProcessEnv): Promise<Quota[]> {
  const { project, region } = plan.target.config as { project: string; region: string };
  const words = ["compute", "regions", "describe", region, "--project", project, "--format", "json"];
  const { quotas } = googleRegion.parse(await answerOf("gcloud", words, environment));
  const takes = new Map<string, number>();
  for (const { machine, cores } of machines(plan)) {
    // A family has a metric of its own where the region lists one: `N2_CPUS`; the others share `CPUS`.
    const own = `${machine.split("-")[0]?.toUpperCase()}_CPUS`;
    const metric = quotas.some((quota) => quota.metric === own) ? own : "CPUS";
    takes.set(metric, (takes.get(metric) ?? 0) + cores);
  }
  return quotas.flatMap(({ metric, limit, usage }) => {
    const taken = takes.get(metric);
    return taken === undefined ? [] : [{ what: `${metric} in ${region}`, limit, used: usage, takes: taken }];
  });
}

const account = z.object({
  account: z.object({ droplet_limit: z.number(), volume_limit: z.number() }),
});

async function ofDigitalOcean(plan: Plan, environment: NodeJS.ProcessEnv): Promise<Quota[]> {
  const token = environment.DIGITALOCEAN_TOKEN ?? environment.DIGITALOCEAN_ACCESS_TOKEN;
  if (!token) throw new Error("DIGITALOCEAN_TOKEN is not set");
  // The provider's own variable for another place of the API.
  const api = environment.DIGITALOCEAN_API_URL ?? "https://api.digitalocean.com";
  const answer = await fetch(new URL("/v2/account", api), {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  if (!answer.ok) throw new Error(`DigitalOcean answered ${answer.status} to GET /v2/account`);
  const { account: limits } = account.parse(await answer.json());
  const droplets = machines(plan).reduce((sum, { count }) => sum + count, 0);
  const volumes = plan.hosts.filter(({ disk }) => disk !== undefined).length;
  return [
    { what: "droplets", limit: limits.droplet_limit, takes: droplets },
    { what: "volumes", limit: limits.volume_limit, takes: volumes },
  ];
}
