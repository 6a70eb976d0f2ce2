import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { NOT_STARTED } from "../../components/core/services/nodeos-files";
import { chainEnded } from "../chain/ended";
import { prepareChain, StoppedError } from "../chain/prepare";
import { watchChain } from "../chain/watch";
import { peerArguments } from "../peers/list";
import { say, system } from "./terminal";

/** EX_TEMPFAIL: systemd starts the unit again, and it goes on once there is room, or from the beginning. */
const LATER = 75;

/** What the start of nodeos runs, as its user. Nothing here is for a person's hand. */
export function addChainCommands(program: Command): void {
  const chain = program.command("chain").description("What the unit of nodeos runs around it.");
  chain
    .command("prepare")
    .description(
      "Make the chain on the disk startable, or say why it is not; one step of the recovery a call.",
    )
    .requiredOption("--arguments <file>", "where to write nodeos' arguments, one a line")
    .action(async ({ arguments: file }: { arguments: string }) => {
      try {
        const words = [...(await prepareChain(system, say)), ...(await peerArguments(system))];
        await writeFile(file, words.map((word) => `${word}\n`).join(""));
      } catch (error) {
        if (!(error instanceof StoppedError)) throw error;
        console.error(`nodeos was not started: ${error.message}`);
        process.exitCode = error.kind === "ladder" ? NOT_STARTED : LATER;
      }
    });
  chain
    .command("watch")
    .description("Wait beside nodeos until its chain goes on, and end a recovery.")
    .action(() => watchChain(system, say));
  chain
    .command("ended <code>")
    .description("Note how nodeos ended.")
    .option("--asked", "it was told to")
    .action((code: string, { asked }: { asked?: true }) => chainEnded(system, Number(code), asked === true));
}
