import type * as command from "@pulumi/command";
import { OPERATOR_KEY } from "../../../core/naming";
import { connectionArgs } from "../../../ssh/connection";
import type { Secrets } from "../../provisioner";
import type { Machine } from "../config";

/**
 * A machine that does not answer fails after three dials, 45 s at most with the pauses between them. Unlike a cloud's
 * machine it is up already, so there is nothing to wait for.
 */
const DIALS = { dialErrorLimit: 2, perDialTimeout: 10 };

/** How a machine is reached: as the user of the stack file, with the stack's key, and only if it shows its own. */
export const connectionTo = (
  { address, port, user, hostKey }: Machine,
  secrets: Secrets,
): command.types.input.remote.ConnectionArgs => ({
  ...connectionArgs({ host: address, port, user, hostKey, privateKey: secrets(OPERATOR_KEY) }),
  ...DIALS,
});
