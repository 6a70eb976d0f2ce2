import { UserError } from "../../components/core/config/finding";

/** Something on this machine must be fixed by its user; the message says what and how. Anything else is a bug. */
export class EngineSetupError extends UserError {
  override readonly name = "EngineSetupError";
}
