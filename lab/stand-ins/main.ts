#!/usr/bin/env node
import { Command } from "commander";
import { evmMiner } from "./eos-evm-miner";
import { evmNode } from "./eos-evm-node";
import { evmRpc } from "./eos-evm-rpc";
import { StartError } from "./start-error";

// Stand-ins for programs that have no public build, under their names and with their command lines: the first argument
// names the program, `main.js eos-evm-node --ship-endpoint=…`. Exit status: 0 ended in order, 1 anything else.
new Command("stand-ins")
  .description("Programs of the lab in the place of eos-evm-node, eos-evm-rpc and eos-evm-miner.")
  .addCommand(evmNode())
  .addCommand(evmRpc())
  .addCommand(evmMiner())
  .parseAsync()
  .catch((cause: unknown) => {
    process.stderr.write(`${cause instanceof StartError ? cause.message : (cause as Error).stack}\n`);
    process.exit(1);
  });
