import { OPERATOR_KEY } from "../../../core/naming";
import { HostKey, type Reach, type Route } from "../../../ssh/connection";
import { HostChanges } from "../../../ssh/host-changes";
import type { Told } from "../../../ssh/verified";
import type { Secrets } from "../../provisioner";
import type { MachineArgs } from "../render";
import type { Host } from "./host";

/** A host that is made, with what the plan says of it. */
export interface Made {
  args: MachineArgs;
  host: Host;
}

/** Sends every host what reaches it after birth; answers what each one tells, by name. */
export function sendChanges(made: readonly Made[], secrets: Secrets): Record<string, Told> {
  const privateKey = secrets(OPERATOR_KEY);
  const doors = new Map<string, Reach>();
  /** Doors before those that stand behind them. */
  const inOrder = [...made].sort((left, right) => Number(isHidden(left)) - Number(isHidden(right)));
  const sent = inOrder.map((each): [string, Told] => {
    const { args, host } = each;
    const { name, reachedThrough } = args.host;
    const through = reachedThrough === undefined ? undefined : doors.get(reachedThrough);
    const reach = {
      host: host.publicAddress ?? args.address,
      privateKey,
      ...(through ? { through } : {}),
    };
    const key = new HostKey(name, { ...reach, machine: host.instanceId }, { parent: host });
    const route: Route = { ...reach, hostKey: key.value };
    if (!through) doors.set(name, route);
    const changes = new HostChanges(
      name,
      { host: args.host, birth: args.birth, machine: host.instanceId, route, secrets },
      { parent: host },
    );
    return [name, changes.told];
  });
  return Object.fromEntries(sent);
}

const isHidden = ({ args }: Made): boolean => args.host.reachedThrough !== undefined;
