import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { type OpenWorld, openWorld } from "../../../../lab/plugins/cloud/world";
import { type TestStack, testStack } from "../../../lab/plugins/engine";

export interface DigitalOceanStack extends TestStack {
  readonly world: OpenWorld;
}

const CREDENTIALS: Record<string, string> = {
  DIGITALOCEAN_TOKEN: "test",
  SPACES_ACCESS_KEY_ID: "test",
  SPACES_SECRET_ACCESS_KEY: "test",
};

/** A stack on the real engine whose DigitalOcean is simulated, in a world of its own. */
export async function digitalOceanStack(program: PulumiFn): Promise<DigitalOceanStack> {
  const folder = mkdtempSync(join(tmpdir(), "nodewright-digitalocean-"));
  const plugins = ["digitalocean", "simulated-command"];
  const test = await testStack(program, { ...CREDENTIALS, NODEWRIGHT_CLOUD_WORLD: folder }, plugins);
  return {
    ...test,
    world: openWorld(folder, "digitalocean"),
    remove: () => {
      test.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An inline program runs in this process, so its environment is ours. Answers with what puts it back. */
export function giveCredentials(over: Record<string, string> = {}): () => void {
  const wanted = { ...CREDENTIALS, ...over };
  const before = Object.keys(wanted).map((key) => [key, process.env[key]] as const);
  Object.assign(process.env, wanted);
  return () => {
    for (const [key, value] of before)
      if (value === undefined) delete process.env[key];
      else process.env[key] = value;
  };
}
