import type { Command } from "commander";
import { evmSettings } from "../evm/settings";
import { FIRST, readSupervisor, writeSupervisor } from "../evm/state";
import { superviseEvmNode } from "../evm/supervise";
import { say, sayJson, system } from "./terminal";

/** The commands about this host's EVM node. */
export function addEvmNodeCommands(program: Command): void {
  const evmNode = program.command("evm-node").description("The EVM node of this host.");
  evmNode
    .command("run")
    .description(
      "Run eos-evm-node as its unit does: wait for nodeos, choose a source, recover. Ends with 78 when it gives up.",
    )
    .action(async () => {
      const stop = new AbortController();
      for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => stop.abort());
      const settings = await evmSettings(system);
      process.exitCode = await superviseEvmNode({ system, settings, signal: stop.signal, say });
    });
  evmNode
    .command("status")
    .description("Tell what the supervisor does, what it tried and why it waits.")
    .option("--json", "print one JSON value")
    .action(async ({ json }: { json?: true }) => {
      const state = await readSupervisor(system);
      if (json) return sayJson(state);
      const recoveries = Object.entries(state.recoveries).map(([step, count]) => `${step} ${count}`);
      say(`${state.phase} since ${state.since}: ${state.detail}`);
      say(`starts ${state.starts}, recoveries: ${recoveries.join(", ") || "none"}`);
      say(`last fault: ${state.lastFault ? `${state.lastFault.fault} at ${state.lastFault.time}` : "none"}`);
      say(`newest copy of the chain data: ${state.copyTime ?? "none"}`);
    });
  evmNode
    .command("forget")
    .description(
      "Forget which genesis and native chain the chain data was born from: after a person has put other data there.",
    )
    .action(async () => {
      const { genesis: _, nativeChainId: __, ...rest } = await readSupervisor(system);
      await writeSupervisor(system, { ...FIRST, ...rest });
      say("forgotten: the next start takes what the host's document says");
    });
}
