import * as pulumi from "@pulumi/pulumi";
import { relaysFrom } from "./outputs";

/** The public relays of the stacks that this one names, as plain data: a plan is made of what is known, not of promises. */
export async function relaysOf(
  stacks: readonly string[],
  network: string,
): Promise<Record<string, readonly string[]>> {
  const found = await Promise.all(
    stacks.map(async (stack): Promise<[string, string[]]> => {
      const reference = new pulumi.StackReference(stack, { name: stack });
      return [stack, relaysFrom(stack, network, await outputsOf(reference))];
    }),
  );
  return Object.fromEntries(found);
}

async function outputsOf(reference: pulumi.StackReference): Promise<Record<string, unknown>> {
  const names = ["schema", "network", "relays"];
  const values = await Promise.all(names.map((name) => reference.getOutputDetails(name)));
  return Object.fromEntries(names.map((name, index) => [name, values[index]?.value]));
}
