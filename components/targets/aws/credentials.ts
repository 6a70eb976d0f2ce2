import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../core/config/finding";

/** Throws a `UserError` where AWS could not know who asks, before the engine creates anything. */
export function requireCredentials(environment: NodeJS.ProcessEnv): void {
  if (!hasCredentials(environment))
    throw new UserError(
      "target aws: no credentials. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE after `aws configure sso` or `aws configure`; nothing was changed",
    );
}

/** Where the provider itself looks, without asking anyone. It would say the same, but only when it creates. */
function hasCredentials(environment: NodeJS.ProcessEnv): boolean {
  const given = [
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
    ["AWS_PROFILE"],
    ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"],
    ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"],
    ["AWS_CONTAINER_CREDENTIALS_FULL_URI"],
  ];
  if (given.some((names) => names.every((name) => environment[name]))) return true;
  const folder = join(homedir(), ".aws");
  const files = [
    environment.AWS_SHARED_CREDENTIALS_FILE ?? join(folder, "credentials"),
    environment.AWS_CONFIG_FILE ?? join(folder, "config"),
  ];
  return files.some((file) => existsSync(file)) || isOnEc2();
}

/** A machine of EC2 may have a role of its own, which needs no variable. */
function isOnEc2(): boolean {
  const vendor = "/sys/class/dmi/id/sys_vendor";
  return existsSync(vendor) && readFileSync(vendor, "utf8").trim() === "Amazon EC2";
}
