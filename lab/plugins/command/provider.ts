import { version } from "@pulumi/command/package.json";
import { z } from "zod";
import type { ProviderSpec } from "../provider";
import { localCommand } from "./local";
import { remoteCommand } from "./remote";

/** The project's own plugin `command`, for unmodified programs of `@pulumi/command`. It takes no configuration. */
export function commandProvider(): ProviderSpec<Record<string, never>> {
  return {
    name: "command",
    version,
    config: z.strictObject({}),
    resources: () => ({ "command:local:Command": localCommand, "command:remote:Command": remoteCommand }),
  };
}
