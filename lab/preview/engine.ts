import type { Plan } from "../../components/core/plan/plan";
import { CLOUDS } from "../engine/plugins";
import { type EngineSetup, prepareSetup } from "../engine/setup";

/** What a simulated cloud wants to see in place of credentials: it looks only whether something is there. */
export const NO_CREDENTIALS: Record<(typeof CLOUDS)[number], Record<string, string>> = {
  aws: { AWS_ACCESS_KEY_ID: "simulated", AWS_SECRET_ACCESS_KEY: "simulated" },
  gcp: { GOOGLE_CREDENTIALS: "simulated" },
  digitalocean: {
    DIGITALOCEAN_TOKEN: "simulated",
    SPACES_ACCESS_KEY_ID: "simulated",
    SPACES_SECRET_ACCESS_KEY: "simulated",
  },
};

export interface PreviewSetup {
  setup: EngineSetup;
  /** Whether the stack's cloud is a simulated one. */
  simulated: boolean;
}

/** The engine for a stack's own target: with the official plugins where they can be had, unless `simulate` is asked. */
export async function preparePreview(
  { target }: Plan,
  simulate: boolean,
  progress: (line: string) => void,
): Promise<PreviewSetup> {
  const cloud = CLOUDS.find((name) => name === target.name);
  if (!cloud) return { setup: await prepareSetup(progress), simulated: false };
  const setup = await prepareSetup(progress, { clouds: [cloud], simulate: simulate || "where missing" });
  if (!setup.simulated) return { setup, simulated: false };
  return { setup: { ...setup, env: { ...setup.env, ...NO_CREDENTIALS[cloud] } }, simulated: true };
}
