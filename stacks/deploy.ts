import * as pulumi from "@pulumi/pulumi";
import { printFindings, UserError } from "../components/core/config/finding";
import { parseConfig } from "../components/core/config/parse";
import { named, type Registry } from "../components/core/config/registry";
import type { StackConfig } from "../components/core/config/schema";
import { networkOf } from "../components/core/networks/choice";
import type { ChainNetwork } from "../components/core/networks/network";
import { standInsOnPublicChain } from "../components/core/plan/checks/stand-ins";
import { registry as ours } from "../components/registry";
import type { Files, Provisioned } from "../components/targets/provisioner";
import { bringUpChain } from "./chain-resource";
import { evmBeginOf } from "./evm-begin";
import { type Loaded, loadPlan } from "./load";
import { stackOutputs } from "./outputs";
import { quietPromises } from "./quiet-promises";
import { relaysOf } from "./relays";
import { stackSecrets } from "./secrets";
import { artifactPath, nodewrightKeys, PROJECT } from "./stack-file";

export interface DeployOptions {
  /** Where artifacts lie on this machine. */
  files?: Files;
  /** What stack files can name. */
  registry?: Registry;
  /** The project's folder. */
  folder?: string;
}

/** The program of every stack: configuration to plan, plan to resources. */
export async function deploy({
  files = artifactPath,
  registry = ours,
  folder = PROJECT,
}: DeployOptions = {}): Promise<Record<string, unknown>> {
  quietPromises();
  const stack = pulumi.getStack();
  const { plan, findings } = await planned(stack, engineConfig(), registry, folder);
  if (!plan) throw new UserError(printFindings(`stack ${stack}`, findings));
  for (const { path, message } of findings) await pulumi.log.warn(`${path}: ${message}`);
  const standIns = standInsOnPublicChain(plan);
  if (standIns !== undefined && !pulumi.runtime.isDryRun())
    throw new UserError(`stack ${stack}: ${standIns}`);
  const provision = named(registry.targets, plan.target.name).load();
  const secrets = await stackSecrets(plan);
  const provisioned = provision(plan, secrets, files);
  const chain = plan.chain && (await bringUpChain(plan.chain, hostsOf(provisioned), folder));
  return { ...stackOutputs(plan, provisioned), ...(chain ? { chain: chain.outcome } : {}) };
}

/** What is known once the hosts are up: how each was found at the end of its change. */
const hostsOf = ({ hosts }: Provisioned): pulumi.Input<unknown>[] =>
  Object.values(hosts).flatMap(({ bundle, verification }) => [bundle, verification]);

/** Pulumi prints the stack of every error but its own: what the user must mend is told without one, and once. */
export const toldPlainly = <Value>(work: Promise<Value>): Promise<Value> =>
  work.catch((cause: unknown) => {
    throw cause instanceof UserError ? new pulumi.RunError(cause.message) : cause;
  });

/** A stack's plan, or all that is wrong with it. The stacks and the chain that it names are read only where its file has no mistake. */
export async function planned(
  stack: string,
  raw: Record<string, unknown>,
  known: Registry,
  folder?: string,
): Promise<Loaded> {
  const { config, whole } = parseConfig(raw, known);
  const asked = config && whole ? await askedOf(config, networkOf(config.network, known.networks)) : {};
  return loadPlan(stack, raw, { registry: known, ...asked, ...(folder === undefined ? {} : { folder }) });
}

/** What a plan is made of that stands in no file. */
async function askedOf({ peersOf, chain }: StackConfig, network: ChainNetwork) {
  const relays = await relaysOf(peersOf, network);
  const evmBegin = chain && !network.birth ? await evmBeginOf(chain, network) : undefined;
  return { relays, ...(evmBegin ? { evmBegin } : {}) };
}

/** The engine gives each key as text; maps and lists as JSON. */
function engineConfig(): Record<string, unknown> {
  const parse = (value: string): unknown => {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  };
  const keys = Object.entries(pulumi.runtime.allConfig());
  return nodewrightKeys(Object.fromEntries(keys.map(([key, value]) => [key, parse(value)])));
}
