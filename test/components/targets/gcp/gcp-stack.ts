import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { Files } from "../../../../components/targets/provisioner";
import { type OpenWorld, openWorld } from "../../../../lab/plugins/cloud/world";
import { type TestStack, testStack } from "../../../lab/plugins/engine";

export interface GcpStack extends TestStack {
  readonly world: OpenWorld;
}

const CREDENTIALS = { GOOGLE_CREDENTIALS: "test" };
const PLUGINS = ["gcp", "simulated-command"];

/** A stack on the real engine whose Google Cloud is simulated, in a world of its own. */
export async function gcpStack(program: (files: Files) => ReturnType<PulumiFn>): Promise<GcpStack> {
  const folder = mkdtempSync(join(tmpdir(), "nodewright-gcp-"));
  // An inline program runs in this process, so its environment is ours.
  const before = process.env.GOOGLE_CREDENTIALS;
  Object.assign(process.env, CREDENTIALS);
  const files: Files = (sha256) => {
    const path = join(folder, sha256);
    writeFileSync(path, sha256);
    return path;
  };
  const environment = {
    ...CREDENTIALS,
    NODEWRIGHT_CLOUD_WORLD: folder,
    // The state is written once at the end of each run, not at each of its many steps.
    PULUMI_EXPERIMENTAL: "true",
    PULUMI_SKIP_CHECKPOINTS: "true",
  };
  const test = await testStack(() => program(files), environment, PLUGINS);
  return {
    ...test,
    world: openWorld(folder, "gcp"),
    remove: () => {
      test.remove();
      rmSync(folder, { recursive: true, force: true });
      if (before === undefined) delete process.env.GOOGLE_CREDENTIALS;
      else process.env.GOOGLE_CREDENTIALS = before;
    },
  };
}
