import { z } from "zod";
import type { Plan } from "../../core/plan/plan";
import { machinesAtMost, type QuotaQuestions } from "../quotas";

const answer = z.object({ account: z.object({ droplet_limit: z.number(), volume_limit: z.number() }) });

/** Throws without a token. */
export function quotasOf(plan: Plan, environment: NodeJS.ProcessEnv): QuotaQuestions {
  const token = environment.DIGITALOCEAN_TOKEN ?? environment.DIGITALOCEAN_ACCESS_TOKEN;
  if (!token) throw new Error("DIGITALOCEAN_TOKEN is not set");
  // The provider's own variable for another place of the API.
  const api = environment.DIGITALOCEAN_API_URL ?? "https://api.digitalocean.com";
  const droplets = machinesAtMost(plan).reduce((sum, { count }) => sum + count, 0);
  const volumes = plan.hosts.filter(({ disk }) => disk !== undefined).length;
  return {
    asks: [{ url: new URL("/v2/account", api), token, of: "DigitalOcean" }],
    read: ([answered]) => {
      const { account } = answer.parse(answered);
      return [
        { what: "droplets", limit: account.droplet_limit, takes: droplets },
        { what: "volumes", limit: account.volume_limit, takes: volumes },
      ];
    },
  };
}
