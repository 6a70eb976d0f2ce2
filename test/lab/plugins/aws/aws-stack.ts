import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { type OpenWorld, openWorld } from "../../../../lab/plugins/cloud/world";
import { type TestStack, testStack } from "../engine";

export interface AwsStack extends TestStack {
  readonly world: OpenWorld;
}

export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_REGION: "eu-central-1",
};

/** A stack on the real engine whose AWS is simulated, in a world of its own, beside other plugins that it needs. */
export async function awsStack(
  program: PulumiFn,
  environment: Record<string, string> = CREDENTIALS,
  others: readonly string[] = [],
): Promise<AwsStack> {
  const folder = mkdtempSync(join(tmpdir(), "nodewright-aws-"));
  const test = await testStack(program, { ...environment, HOME: folder, NODEWRIGHT_CLOUD_WORLD: folder }, [
    "aws",
    ...others,
  ]);
  return {
    ...test,
    world: openWorld(folder, "aws"),
    remove: () => {
      test.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
