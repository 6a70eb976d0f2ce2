import { existsSync } from "node:fs";
import { Command } from "commander";
import { UserError } from "../components/core/config/finding";
import { PROGRAMS } from "../components/core/services/service";
import { planOf } from "../stacks/load";
import { told } from "../stacks/told";
import { inTurn } from "./failover-hosts";
import { stackSsh } from "./failover-ssh";
import { roomOf } from "./room";
import { labSsh } from "./ssh";

interface Options {
  to?: string;
  rejoin?: string;
  maintenance?: string;
  off?: true;
  status?: true;
  json?: true;
}

const program = new Command("npm run failover --")
  .description(
    "Says which host of a group of validators produces, and moves production, by way of its hosts.",
  )
  .argument("<stack>", "name of a stack (stacks/config/Pulumi.<stack>.yaml), or path of a stack file")
  .option(
    "--status",
    "who holds, how each host is, what happened last (what is done where nothing is asked for)",
  )
  .option(
    "--to <host>",
    "let production move there: drained, moved and looked at; no slot is signed by two hosts",
  )
  .option("--maintenance <host>", "take a host out; where it holds, another takes over first")
  .option("--off", "with --maintenance: let it in again")
  .option(
    "--rejoin <host>",
    "that host's chain counts, and it produces: blocks that only others have are lost",
  )
  .option("--json", "with --status: print one JSON value")
  .action(run);

/** What the agent of a host is told, one order at a time. */
function orderOf({ to, rejoin, maintenance, off, status, json }: Options): string[] {
  const orders = [
    ...(to === undefined ? [] : [["move", to]]),
    ...(rejoin === undefined ? [] : [["rejoin", rejoin]]),
    ...(maintenance === undefined ? [] : [["maintenance", maintenance, off ? "off" : "on"]]),
    ...(status ? [["status", ...(json ? ["--json"] : [])]] : []),
  ];
  if (orders.length > 1) throw new UserError("one of --status, --to, --maintenance and --rejoin at a time");
  if (off && maintenance === undefined) throw new UserError("--off goes with --maintenance HOST");
  return orders[0] ?? ["status", ...(json ? ["--json"] : [])];
}

/** By whichever host of the group answers: what it is told goes through the group's quorum, not through that host. */
async function run(stack: string, options: Options): Promise<void> {
  const order = orderOf(options);
  const { plan } = planOf(stack);
  const hosts = inTurn(plan, options.to ?? options.rejoin ?? options.maintenance);
  const words = ["sudo", `${PROGRAMS}/nodewright-host`, "failover", ...order];
  const room = roomOf(stack);
  const onHost = existsSync(room.plan)
    ? (host: string) => labSsh(room, host, words)
    : await stackSsh(plan).then((reach) => (host: string) => reach(host, words));
  const failed: string[] = [];
  for (const host of hosts) {
    try {
      process.exitCode = await onHost(host);
      return;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failed.push(error.message);
    }
  }
  throw new UserError(`no host of the group can be reached:\n${failed.join("\n")}`);
}

program.parseAsync().then(() => process.exit(), told);
