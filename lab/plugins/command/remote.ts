import type { Client, ClientChannel } from "ssh2";
import { resource } from "../resource";
import { commandSpec, type Execution, type Finished } from "./command";
import { dial } from "./dial";
import { failureOf } from "./local";
import { type RemoteInputs, remoteSchema } from "./schema";
import { withEnvironment } from "./shell-environment";

/** `command:remote:Command`: runs on a host, over a real SSH connection of its own. */
export const remoteCommand = resource(
  commandSpec<RemoteInputs>(remoteSchema, (state) => remoteSchema.strip().parse(state), runRemotely),
);

async function runRemotely({ connection }: RemoteInputs, execution: Execution): Promise<Finished> {
  const client = await dial(connection, execution);
  try {
    return await execute(client, `${connection.user}@${connection.host}:${connection.port}`, execution);
  } finally {
    client.end();
  }
}

function execute(client: Client, where: string, execution: Execution): Promise<Finished> {
  const delivered = withEnvironment(execution.command, execution.stdin, execution.environment);
  return new Promise((resolve, reject) => {
    const abort = () => client.destroy();
    execution.signal.addEventListener("abort", abort, { once: true });
    const lost = () => {
      execution.signal.removeEventListener("abort", abort);
      const cause = execution.signal.aborted ? "cancelled" : "the connection was lost";
      reject(new Error(`${where}: ${cause} while running ${JSON.stringify(execution.command)}`));
    };
    // Keepalive ends a connection to a dead host: this is where that is noticed.
    client.once("close", lost);
    client.exec(delivered.command, (error, channel) => {
      if (error) return reject(new Error(`${where} does not run commands: ${error.message}`));
      collect(channel, execution, (finished) => (finished ? resolve(finished) : lost()));
      // A command that does not read its input may end before all of it is written.
      channel.on("error", () => {});
      channel.end(delivered.stdin);
    });
  });
}

/** Gathers the output; ends with undefined when the channel closed without telling how the command ended. */
function collect(
  channel: ClientChannel,
  execution: Execution,
  done: (finished: Finished | undefined) => void,
): void {
  const texts = { stdout: "", stderr: "" };
  let end: { code: number | null; signalName: string | undefined } | undefined;
  channel.setEncoding("utf8").on("data", (text: string) => {
    texts.stdout += text;
    execution.show("stdout", text);
  });
  channel.stderr.setEncoding("utf8").on("data", (text: string) => {
    texts.stderr += text;
    execution.show("stderr", text);
  });
  channel.on("exit", (code: number | null, signalName?: string) => {
    end = { code, signalName };
  });
  channel.on("close", () => {
    done(end && { ...texts, failure: failureOf(end.code, end.signalName) });
  });
}
