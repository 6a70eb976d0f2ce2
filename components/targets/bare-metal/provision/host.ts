import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { secretName } from "../../../core/naming";
import { type Told, toldBy } from "../../../ssh/verified";
import type { Secrets } from "../../provisioner";
import type { MachineArgs } from "../render";
import { connectionTo } from "./connection";

interface BareMetalHostArgs {
  args: MachineArgs;
  /** Whether the host refuses to be taken out of the stack: its data is on it. */
  protect: boolean;
  secrets: Secrets;
}

/** One host on a machine that is there already: one command makes it and changes it, then each secret has its own. */
export class BareMetalHost extends pulumi.ComponentResource {
  readonly told: Told;

  constructor(
    name: string,
    { args, protect, secrets }: BareMetalHostArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("nodewright:bare-metal:Host", name, {}, opts);
    const { host, machine, birth, shell, change, stop, putSecret } = args;
    const shared = {
      connection: connectionTo(machine, secrets),
      logging: command.remote.Logging.StdoutAndStderr,
      addPreviousOutputInEnv: false,
    };
    // The script is standard input, the machine's identity with it: any change is an update, never a replacement.
    const document = new command.remote.Command(
      `${name}-document`,
      { ...shared, create: shell, delete: stop, stdin: change },
      { parent: this, protect },
    );
    const machineKey = machine.hostKey.split(" ")[1];
    for (const secret of host.secrets)
      new command.remote.Command(
        `${name}-secret-${secret}`,
        {
          ...shared,
          create: putSecret(secret),
          stdin: secrets(secretName(host.name, secret)),
          // Another machine needs its secrets anew.
          triggers: [machineKey],
        },
        { parent: this, dependsOn: [document] },
      );
    this.told = toldBy(document, birth.bundle.sha256);
    this.registerOutputs({ ...this.told });
  }
}
