import { join, relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ChainBringUp } from "../components/chain/chain-bring-up";
import type { ChainPlan } from "../components/core/plan/plan";
import { chainNow, stepLines } from "./chain-now";
import { PROJECT } from "./stack-file";

/**
 * The resource that brings the chain up once `after` is known. Every action is told before anything is pushed: a preview
 * ends with that. `folder`: the project's, from which the section names its files.
 */
export async function bringUpChain(
  { section, isBorn }: ChainPlan,
  after: pulumi.Input<unknown>[],
  folder: string,
): Promise<ChainBringUp> {
  const { steps } = await chainNow(section, { isBorn, folder, mustSign: !pulumi.runtime.isDryRun() });
  if (steps.length > 0) await pulumi.log.info(stepLines(steps).join("\n"));
  const program = relative(folder, join(PROJECT, "stacks/chain.ts"));
  const create = `node --require tsx/cjs ${program} up${isBorn ? " --born" : ""}`;
  return new ChainBringUp("chain", { section, steps, create, dir: folder, after });
}
