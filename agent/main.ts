#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { BundleError } from "./bundle";
import { addBackupCommands } from "./commands/backup";
import { addCertificateCommands } from "./commands/certificate";
import { addChainCommands } from "./commands/chain";
import { addChangeCommands } from "./commands/change";
import { addEvmNodeCommands } from "./commands/evm-node";
import { addFailoverCommands } from "./commands/failover";
import { addLookCommands } from "./commands/look";
import { addPreflightCommand } from "./commands/preflight";
import { addSnapshotCommands } from "./commands/snapshots";
import { RefusedError } from "./guard";
import { LockedError } from "./lock";
import { reasonOf } from "./steps/step";
import { HostError } from "./system";
import { TimeoutError } from "./wait";

const EXITS = `
Exit codes: 0 done; 1 something failed, its reason was printed; 2 wrong use, or a bundle or host that is refused (nothing
was changed); 3 another process works on this host; 4 the time was over.`;

const program = new Command("nodewright-host")
  .description("Makes this host what its document says, and tells how it is.")
  .addHelpText("after", EXITS)
  .exitOverride();
addChangeCommands(program);
addLookCommands(program);
addEvmNodeCommands(program);
addPreflightCommand(program);
addChainCommands(program);
addFailoverCommands(program);
addSnapshotCommands(program);
addBackupCommands(program);
addCertificateCommands(program);

function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof BundleError || error instanceof RefusedError) return 2;
  if (error instanceof LockedError) return 3;
  return error instanceof TimeoutError ? 4 : 1;
}

const EXPECTED = [HostError, BundleError, RefusedError, LockedError, TimeoutError];

// Whoever reads the output may leave (a lost SSH connection); the work goes on to its end.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

program.parseAsync().catch((error: unknown) => {
  process.exitCode = exitCode(error);
  if (error instanceof CommanderError) return;
  const isExpected = error instanceof Error && EXPECTED.some((kind) => error instanceof kind);
  console.error(`nodewright-host: ${isExpected ? error.message : reasonOf(error)}`);
});
