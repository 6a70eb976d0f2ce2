import { UserError } from "../../core/config/finding";

/** Throws a `UserError` that names every variable that is missing, before the engine makes anything. */
export function requireCredentials(environment: NodeJS.ProcessEnv, needsSpaces: boolean): void {
  const missing = [
    ...(environment.DIGITALOCEAN_TOKEN || environment.DIGITALOCEAN_ACCESS_TOKEN
      ? []
      : ["DIGITALOCEAN_TOKEN: an API token with write access (control panel, API, Tokens)"]),
    ...["SPACES_ACCESS_KEY_ID", "SPACES_SECRET_ACCESS_KEY"]
      .filter((name) => needsSpaces && !environment[name])
      .map(
        (name) =>
          `${name}: of a Spaces key (control panel, API, Spaces Keys); or write target.digitalocean.mirror, and no bucket is made`,
      ),
  ];
  if (missing.length === 0) return;
  throw new UserError(
    [
      "DigitalOcean wants to know who asks; set in the environment",
      ...missing.map((line) => `  ${line}`),
    ].join("\n"),
  );
}
