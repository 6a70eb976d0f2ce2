import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Secrets } from "../../provisioner";
import { machineText, parseFacts } from "../facts";
import type { MachineArgs } from "../render";
import { connectionTo } from "./connection";

/** The facts of one machine, read before anything changes anywhere. Fails, with every reason, where it cannot be the host. */
export class Examination extends pulumi.ComponentResource {
  /** What the machine is, in a line. */
  readonly machine: pulumi.Output<string>;

  constructor(name: string, { machine, examination }: MachineArgs, secrets: Secrets) {
    super("nodewright:bare-metal:Examination", name, {});
    const facts = new command.remote.Command(
      `${name}-facts`,
      {
        connection: connectionTo(machine, secrets),
        // The clocks can be compared only now: a later examination, when the requirements change, leaves that out.
        create: `sh -s -- ${Math.round(Date.now() / 1000)}`,
        update: "sh -s",
        stdin: examination,
        logging: command.remote.Logging.Stderr,
        addPreviousOutputInEnv: false,
      },
      { parent: this, ignoreChanges: ["create"] },
    );
    this.machine = facts.stdout.apply((text) => (text === "" ? "" : machineText(parseFacts(text))));
    this.registerOutputs({ machine: this.machine });
  }
}
