import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../core/config/finding";

/** Those that the provider reads itself (pulumi-gcp, `credentials` and `accessToken` of its configuration). */
const VARIABLES = [
  "GOOGLE_CREDENTIALS",
  "GOOGLE_CLOUD_KEYFILE_JSON",
  "GCLOUD_KEYFILE_JSON",
  "GOOGLE_APPLICATION_CREDENTIALS",
  "GOOGLE_OAUTH_ACCESS_TOKEN",
];

/** Throws a UserError where the provider would find no credentials, before the engine creates anything. */
export function requireCredentials(environment: NodeJS.ProcessEnv = process.env): void {
  const isGiven = VARIABLES.some((name) => environment[name]);
  if (isGiven || existsSync(loginFile(environment)) || isOnGoogle()) return;
  throw new UserError(
    "target.gcp: no credentials for Google Cloud. Run `gcloud auth application-default login`, or set " +
      "GOOGLE_APPLICATION_CREDENTIALS to the path of a key file or GOOGLE_CREDENTIALS to its content",
  );
}

/** Where `gcloud auth application-default login` leaves its answer. */
function loginFile({ CLOUDSDK_CONFIG, APPDATA }: NodeJS.ProcessEnv): string {
  const windows = APPDATA === undefined ? undefined : join(APPDATA, "gcloud");
  const folder = CLOUDSDK_CONFIG ?? windows ?? join(homedir(), ".config", "gcloud");
  return join(folder, "application_default_credentials.json");
}

/** A machine of Google's gets credentials from its metadata server. */
function isOnGoogle(): boolean {
  try {
    return readFileSync("/sys/class/dmi/id/product_name", "utf8").includes("Google Compute Engine");
  } catch {
    return false;
  }
}
