import { commandSpec } from "../command/command";
import { type RemoteInputs, remoteSchema } from "../command/schema";
import { resource } from "../resource";

/** What a host that is not there shows as its own key: well formed, and of no key that anyone has. */
const HOST_KEY = `ssh-ed25519 ${Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from("ssh-ed25519"),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32, 7),
]).toString("base64")}`;

/** `command:remote:Command` without a host: checked like the real one, and then taken for done. */
export const simulatedCommand = resource(
  commandSpec<RemoteInputs>(
    remoteSchema,
    (state) => remoteSchema.strip().parse(state),
    async (_inputs, { command }) => ({
      stdout: command.startsWith("cat /etc/ssh/ssh_host_") ? HOST_KEY : "",
      stderr: "",
      failure: undefined,
    }),
  ),
);
