import { Provider } from "@pulumi/aws/provider";
import type { AwsConfig } from "../config";
import { requireCredentials } from "../credentials";

/** The provider of a stack, from its target's settings. Throws a `UserError` where AWS could not know who asks. */
export function awsProvider(region: AwsConfig["region"], tags: Record<string, string>): Provider {
  requireCredentials(process.env);
  return new Provider("aws", { region, defaultTags: { tags } });
}
