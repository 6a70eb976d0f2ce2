import { OPERATOR_KEY } from "../../../core/naming";
import { HostKey, type Reach } from "../../../ssh/connection";
import { HostChanges } from "../../../ssh/host-changes";
import type { Told } from "../../../ssh/verified";
import type { Secrets } from "../../provisioner";
import type { HostArgs } from "../render";
import type { Host } from "./host";

interface Connected {
  reach: Reach;
  /** sha256 of the document that the host runs. */
  told: Told;
}

/** Brings secrets and documents to hosts, first to those that SSH to the others goes through. */
export function connectHosts(
  hosts: readonly HostArgs[],
  made: Record<string, Host>,
  secrets: Secrets,
): Record<string, Connected> {
  const connected: Record<string, Connected> = {};
  const doorsFirst = [...hosts].sort((left, right) => Number(right.isPublic) - Number(left.isPublic));
  for (const args of doorsFirst) {
    const machine = made[args.host.name];
    const { reachedThrough } = args.host;
    const through = reachedThrough === undefined ? undefined : connected[reachedThrough]?.reach;
    if (machine) connected[args.host.name] = connectHost(args, machine, through, secrets);
  }
  return connected;
}

function connectHost(
  { host, birth }: HostArgs,
  made: Host,
  through: Reach | undefined,
  secrets: Secrets,
): Connected {
  const opts = { parent: made, dependsOn: [made.attached] };
  const route = {
    host: made.publicIp ?? made.privateIp,
    privateKey: secrets(OPERATOR_KEY),
    ...(through ? { through } : {}),
  };
  const hostKey = new HostKey(host.name, { machine: made.id, ...route }, opts).value;
  const changes = new HostChanges(
    host.name,
    { host, birth, machine: made.id, route: { ...route, hostKey }, secrets },
    opts,
  );
  return { reach: { host: route.host, privateKey: route.privateKey, hostKey }, told: changes.told };
}
