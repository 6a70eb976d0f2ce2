import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { LOGIN } from "../../cloud-init/emit/user-data";

/** How the operator's machine reaches a host. */
export interface Reach {
  /** Name or address. */
  host: pulumi.Input<string>;
  port?: number;
  /** Default: the user that every host is born with. */
  user?: string;
  privateKey: pulumi.Input<string>;
  /** The one key that the host is known by, as in a `.pub` file. */
  hostKey: pulumi.Input<string>;
}

/** A host, and the one that SSH goes through where the outside cannot reach it. */
export interface Route extends Reach {
  through?: Reach;
}

/** Seconds for one dial, and how many may fail: a machine may take five minutes until it answers. */
const DIAL_SECONDS = 5;
const DIALS = 60;

/** The route as the SDK takes it. */
export function connectionArgs({
  through,
  ...reach
}: Omit<Route, "hostKey"> & { hostKey?: pulumi.Input<string> }): command.types.input.remote.ConnectionArgs {
  return { ...reachArgs(reach), ...(through ? { proxy: reachArgs(through) } : {}) };
}

const reachArgs = ({
  host,
  port = 22,
  user = LOGIN,
  privateKey,
  hostKey,
}: Omit<Reach, "hostKey"> & Partial<Reach>) => ({
  host,
  port,
  user,
  privateKey,
  ...(hostKey === undefined ? {} : { hostKey }),
  dialErrorLimit: DIALS,
  perDialTimeout: DIAL_SECONDS,
});

/**
 * The key of a host that made it itself, asked for at the first contact and pinned from then on. Nothing secret travels
 * before: the login proves itself by a signature. Whoever stands between in that one moment could give their own key;
 * where the key is known beforehand (bare metal, Docker), it is pinned from the start instead.
 */
export class HostKey extends pulumi.ComponentResource {
  readonly value: pulumi.Output<string>;

  constructor(
    name: string,
    { machine, ...route }: Omit<Route, "hostKey"> & { machine: pulumi.Input<string> },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("nodewright:ssh:HostKey", name, {}, opts);
    const asked = new command.remote.Command(
      `${name}-host-key`,
      {
        connection: connectionArgs(route),
        create: "cat /etc/ssh/ssh_host_ed25519_key.pub",
        triggers: [machine],
        logging: command.remote.Logging.None,
      },
      { parent: this },
    );
    this.value = asked.stdout.apply((text) => text.trim());
    this.registerOutputs({ value: this.value });
  }
}
