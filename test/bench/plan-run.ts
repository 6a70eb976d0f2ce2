import { printFindings } from "../../components/core/config/finding";
import { parseConfig } from "../../components/core/config/parse";
import { buildPlan } from "../../components/core/plan/build-plan";
import { checkPlan } from "../../components/core/plan/checks";
import type { Plan } from "../../components/core/plan/plan";
import { registry } from "../../components/registry";
import { renderAws } from "../../components/targets/aws/render";
import { renderDigitalOcean } from "../../components/targets/digitalocean/render";
import { renderDocker } from "../../components/targets/docker/render";
import { renderGcp } from "../../components/targets/gcp/render";
import { loadReleases } from "../../stacks/releases";
import { type BenchTarget, bigStack } from "./big-stack";

const RENDERERS: Record<BenchTarget, (plan: Plan) => unknown> = {
  aws: renderAws,
  digitalocean: renderDigitalOcean,
  docker: renderDocker,
  gcp: renderGcp,
};

/** What one process of the bench tells of itself. */
export interface PlanRun {
  hosts: number;
  /** From the keys of a stack file to everything that its target's engine code gets. */
  seconds: number;
  /** Time of the processor for the same. */
  cpuSeconds: number;
  /** Resident memory before it, with all modules loaded, and at its peak. */
  startMegabytes: number;
  peakMegabytes: number;
  /** Names that meet on one address. */
  errors: string[];
}

/** Plans and renders a stack of so many hosts; with 0 only loads what that takes. */
function run(target: BenchTarget, hosts: number): PlanRun {
  const startMegabytes = process.memoryUsage.rss() / 2 ** 20;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const errors = hosts === 0 ? [] : planAndRender(target, hosts);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    hosts,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    startMegabytes,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    errors,
  };
}

/** What hosts of one network come to at this size, where an address follows from a name; the plan is whole all the same. */
const MEETING = "gets the address of";

/** As `npm run plan` does, but on past names that meet on one address. */
function planAndRender(target: BenchTarget, hosts: number): string[] {
  const { config, findings: unread } = parseConfig(bigStack(target, hosts), registry);
  if (!config) throw new Error(printFindings(target, unread));
  const { releases } = loadReleases(config.releases);
  const { plan, findings } = buildPlan({ stack: "bench", config, releases }, registry);
  const checked = checkPlan({ plan, config, registry, releases, whole: true });
  RENDERERS[target](plan);
  const errors = [...unread, ...findings, ...checked].filter(({ severity }) => severity === "error");
  const wrong = errors.filter(({ message }) => !message.includes(MEETING));
  if (wrong.length > 0 || plan.hosts.length !== hosts)
    throw new Error(`${plan.hosts.length} hosts of ${hosts}\n${printFindings(target, wrong)}`);
  return errors.map(({ path, message }) => `${path} ${message}`);
}

const [target = "aws", hosts = "0"] = process.argv.slice(2);
process.stdout.write(JSON.stringify(run(target as BenchTarget, Number(hosts))));
