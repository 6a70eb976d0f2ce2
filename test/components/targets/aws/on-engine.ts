import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../../../../components/core/plan/plan";
import { aws } from "../../../../components/targets/aws";
import { type AwsStack, awsStack } from "../../../lab/plugins/aws/aws-stack";

/** The engine makes what `plan` says at each of its runs. */
export async function onEngine(plan: () => Plan): Promise<AwsStack> {
  const folder = mkdtempSync(join(tmpdir(), "nodewright-artifact-"));
  const file = join(folder, "artifact");
  writeFileSync(file, "an artifact");
  const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  Object.assign(process.env, credentials);
  const environment = {
    ...credentials,
    // The state is written once at the end of each run, not at each of its many steps.
    PULUMI_EXPERIMENTAL: "true",
    PULUMI_SKIP_CHECKPOINTS: "true",
  };
  const secrets = (name: string) => pulumi.secret(`value of ${name}`);
  const program = async () => ({ ...aws.load()(plan(), secrets, () => file) });
  const test = await awsStack(program, environment, ["simulated-command"]);
  return {
    ...test,
    remove: () => {
      test.remove();
      rmSync(folder, { recursive: true, force: true });
      for (const name of Object.keys(credentials)) delete process.env[name];
    },
  };
}
