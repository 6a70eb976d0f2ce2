import { z } from "zod";
import { parseCidr } from "../network/address";
import { error, type Finding, warning } from "./finding";

/** A network of a person or a company is no larger: a registry gives out nothing wider in one piece. */
const WIDEST = { 4: 8, 6: 19 } as const;

/** One of them. */
export const adminNetwork = z.string().superRefine((text, context) => {
  const cidr = parseCidr(text);
  const complain = (message: string) => context.addIssue({ code: "custom", message });
  if (!cidr)
    complain("is no network: write it like 203.0.113.7/32 or 2001:db8:7::/48, with no bits set behind it");
  else if (cidr.bits < WIDEST[cidr.family])
    complain(`is wider than /${WIDEST[cidr.family]}: name the networks that you log in from`);
});

/** `admins` of a target: where SSH, and with it every later change, may come from. */
export const adminsSchema = z
  .array(adminNetwork)
  .default([])
  .describe(
    "Networks, IPv4 or IPv6, that SSH and later changes come from; yours among them. Default none: nobody gets in.",
  );

/** What keeps everybody out: no network to come from, or no key to come with. Paths are below the target. */
export function checkLogins(
  admins: readonly string[],
  { hosts, sshKeys }: { hosts: readonly unknown[]; sshKeys: readonly string[] },
): Finding[] {
  const empty = "is empty: nobody can log in by SSH";
  const remedy = "Add the network that you run pulumi from, like 203.0.113.7/32";
  const closed =
    hosts.length > 0
      ? error("admins", `${empty}, and no change would ever reach a host. ${remedy}`)
      : warning("admins", `${empty}. ${remedy}`);
  const keyless = error(
    "",
    "needs sshKeys, beside target: without one nobody could log in, and up itself finishes hosts over SSH. Add your public key, and its private half as the secret ssh/private-key",
  );
  return [...(admins.length > 0 ? [] : [closed]), ...(sshKeys.length > 0 ? [] : [keyless])];
}
