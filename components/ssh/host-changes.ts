import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Birth } from "../../cloud-init/emit/user-data";
import { secretName } from "../core/naming";
import type { HostPlan } from "../core/plan/plan";
import type { Secrets } from "../targets/provisioner";
import { connectionArgs, type Route } from "./connection";
import { AFTER_EARLIER_RUN } from "./earlier-run";
import { type Told, toldBy } from "./verified";

interface HostChangesArgs {
  host: HostPlan;
  birth: Birth;
  /** Changes when the machine is another one: it then needs its secrets anew. */
  machine: pulumi.Input<string>;
  route: Route;
  secrets: Secrets;
}

/** How long a first boot, with all downloads, may take. */
const BIRTH_SECONDS = 900;
/** How long a host may take from a change until it serves again. */
const HEALTHY_SECONDS = 300;

/** Everything that reaches a host after birth, on every target: its secrets, and its document, over SSH. */
export class HostChanges extends pulumi.ComponentResource {
  readonly told: Told;

  constructor(
    name: string,
    { host, birth, machine, route, secrets }: HostChangesArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("nodewright:ssh:HostChanges", name, {}, opts);
    const shared = {
      connection: connectionArgs(route),
      triggers: [machine],
      logging: command.remote.Logging.StdoutAndStderr,
    };
    // One after the other: each may be the first to bring a new agent, into the same folder.
    const delivered: command.remote.Command[] = [];
    for (const secret of host.secrets)
      delivered.push(
        new command.remote.Command(
          `${name}-secret-${secret}`,
          {
            ...shared,
            create: afterBirth([...birth.agentCommand, "secret", "put", secret]),
            stdin: secrets(secretName(host.name, secret)),
          },
          { parent: this, dependsOn: delivered.slice(-1) },
        ),
      );
    // The document is standard input: a change of it is an update, never a replacement.
    const document = new command.remote.Command(
      `${name}-document`,
      {
        ...shared,
        create: afterBirth(
          [...birth.agentCommand, "provision", "--bundle", "-", ...AFTER_EARLIER_RUN],
          [...birth.agentCommand, "wait", "--timeout", `${HEALTHY_SECONDS}s`],
        ),
        stdin: birth.bundle.packed,
      },
      { parent: this, dependsOn: delivered },
    );
    this.told = toldBy(document, birth.bundle.sha256);
    this.registerOutputs({ ...this.told });
  }
}

/**
 * `cloud-init status --wait` returns too early when a module fails (seen in 22.4.2), so the file that ends a boot is
 * waited for. The words are ours: hashes, paths and names, with nothing that a shell would take apart.
 */
const afterBirth = (...commands: readonly string[][]): string =>
  [
    `timeout ${BIRTH_SECONDS} sh -c 'until [ -e /var/lib/cloud/instance/boot-finished ]; do sleep 0.2; done'`,
    ...commands.map((words) => `sudo ${words.join(" ")}`),
  ].join(" && ");
