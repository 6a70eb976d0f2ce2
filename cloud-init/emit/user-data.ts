import { stringify } from "yaml";
import { UserError } from "../../components/core/config/finding";
import { dataOwner } from "../../components/core/naming";
import type { HostPlan, Plan } from "../../components/core/plan/plan";
import { agentReleases, documentFor } from "../document-for";
import { LOGIN } from "../login";
import { BOOTSTRAP, BOOTSTRAP_SCRIPT } from "../parts/bootstrap";
import { DATA_DISK, dataDiskScript } from "../parts/data-disk";
import { packageSources } from "../parts/package-mirror";
import { type Bundle, emitBundle, pack } from "./bundle";
import { firewallRuleset } from "./nftables";

export { LOGIN };
export const BUNDLE_PATH = "/etc/nodewright/bundle.json";

/** What a host gets at birth, and what later changes send. Holds no secret. */
export interface Birth {
  bundle: Bundle;
  userData: string;
  /** Whether the user data only names the bundle: it must then lie in the mirror, by its sha256. */
  byHash: boolean;
  /** Words of the command that runs the agent which the bundle pins; its own arguments follow. */
  agentCommand: string[];
}

/** The birth of one host. Its document stands in the user data where there is room, else in the mirror by its hash. */
export function emitBirth(plan: Plan, host: HostPlan): Birth {
  const bundle = emitBundle(documentFor(plan, host));
  const { runtime, agent } = agentReleases(host);
  const agentCommand = [BOOTSTRAP, plan.mirror, runtime.sha256, agent.sha256];
  const print = (byHash: boolean) =>
    `#cloud-config\n${stringify(cloudConfig(plan, host, bundle, agentCommand, byHash), { lineWidth: 0 })}`;
  const { storesBundles, userDataBytes } = plan.target.traits;
  // What the document alone takes may be too much: then the whole need not be printed to know.
  const isSurelyTooLong = storesBundles && bundle.packed.length > userDataBytes;
  const whole = isSurelyTooLong ? undefined : print(false);
  const fits = whole !== undefined && (!storesBundles || Buffer.byteLength(whole) <= userDataBytes);
  const byHash = !fits;
  const userData = fits ? whole : print(true);
  const bytes = Buffer.byteLength(userData);
  if (bytes > userDataBytes)
    throw new UserError(
      `${host.name}: its user data has ${bytes} bytes, and ${plan.target.name} takes ${userDataBytes}: fewer sshKeys would help`,
    );
  return { bundle, agentCommand, byHash, userData };
}

/** cloud-init's own keys (cloud-init 22.4 modules). Birth only: a later change of it reaches no host, the bundle does. */
const cloudConfig = (
  plan: Plan,
  host: HostPlan,
  bundle: Bundle,
  agentCommand: string[],
  byHash: boolean,
) => ({
  // A member of a pool keeps the name that the cloud gives it.
  ...(plan.pools.some(({ name }) => name === host.name) ? {} : { hostname: host.name }),
  ssh_pwauth: false,
  disable_root: true,
  // A target may give the host its key beforehand, so that it can be pinned; cloud-init makes one only where none is.
  ssh_deletekeys: false,
  ssh_genkeytypes: ["ed25519"],
  users: [
    {
      name: LOGIN,
      gecos: "nodewright operator",
      shell: "/bin/bash",
      lock_passwd: true,
      sudo: "ALL=(ALL) NOPASSWD:ALL",
      ssh_authorized_keys: plan.sshKeys,
    },
  ],
  // Before sshd or any service is up. The unit that the bundle brings loads the same rules at later boots.
  bootcmd: [
    ...packageSources(plan.packageMirror).bootcmd,
    [
      "cloud-init-per",
      "once",
      "nodewright-firewall",
      // Packed: as text it would take a quarter of what AWS allows.
      ...["sh", "-c", 'printf %s "$0" | base64 -d | gzip -d | nft -j -f -'],
      pack(JSON.stringify(firewallRuleset(host.firewall))),
    ],
  ],
  ...packageSources(plan.packageMirror).keys,
  packages: ["ca-certificates", "curl", "nftables", "sudo"],
  write_files: [
    script(BOOTSTRAP, BOOTSTRAP_SCRIPT),
    ...(host.disk?.device === undefined ? [] : [script(DATA_DISK, dataDiskScript())]),
    ...(byHash
      ? []
      : [{ path: BUNDLE_PATH, permissions: "0644", encoding: "gz+b64", content: bundle.packed }]),
  ],
  runcmd: [
    ...(byHash ? [[BOOTSTRAP, "fetch", plan.mirror, bundle.sha256, BUNDLE_PATH]] : []),
    // cloud-init goes on to the next command when one fails; without its disk a host must install nothing.
    [...mountedFirst(plan.stack, host), ...agentCommand, "provision"],
  ],
});

/** Packed: what AWS allows is short, and as text a script takes twice as much of it. */
const script = (path: string, text: string) => ({
  path,
  permissions: "0755",
  encoding: "gz+b64",
  content: pack(text),
});

const mountedFirst = (stack: string, { name, disk }: HostPlan): string[] =>
  disk?.device === undefined ? [] : [DATA_DISK, dataOwner(stack, name), disk.device];
