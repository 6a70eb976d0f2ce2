import * as pulumi from "@pulumi/pulumi";
import type { ChainNetwork } from "../components/core/networks/network";
import { RELAY_OUTPUTS, relaysFrom } from "./outputs";

/** The public relays of the stacks that this one names, as plain data: a plan is made of what is known, not of promises. */
export async function relaysOf(
  stacks: readonly string[],
  network: ChainNetwork,
): Promise<Record<string, readonly string[]>> {
  const found = await Promise.all(
    [...new Set(stacks)].map(async (stack): Promise<[string, string[]]> => {
      // The engine itself refuses a stack that it does not know, and says of it no more than this name.
      const reference = new pulumi.StackReference(`peersOf ${stack}`, { name: stack });
      return [stack, relaysFrom(stack, network, await outputsOf(reference))];
    }),
  );
  return Object.fromEntries(found);
}

async function outputsOf(reference: pulumi.StackReference): Promise<Record<string, unknown>> {
  const values = await Promise.all(RELAY_OUTPUTS.map((name) => reference.getOutputDetails(name)));
  return Object.fromEntries(RELAY_OUTPUTS.map((name, index) => [name, values[index]?.value]));
}
