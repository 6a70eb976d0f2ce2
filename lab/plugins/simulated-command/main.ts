import { commandProvider } from "../command/provider";
import { runPlugin } from "../run";
import { simulatedCommand } from "./remote";

/** Beside simulated clouds, whose hosts nobody can log in to. Local commands run as ever. */
void runPlugin({
  ...commandProvider(),
  resources: () => ({ ...commandProvider().resources({}), "command:remote:Command": simulatedCommand }),
});
