import { userInfo } from "node:os";
import { type Command, InvalidArgumentError } from "commander";
import {
  FAILOVER_SETTINGS,
  type FailoverSettings,
  failoverSchema,
} from "../../components/core/failover/settings";
import { NODEOS_DATA } from "../../components/core/services/nodeos-files";
import { audit, log } from "../audit";
import { readText } from "../disk";
import { kernelGate } from "../failover/gate";
import { FAILOVER_AUDIT, FAILOVER_STATE, RUN_FOLDER } from "../failover/layout";
import { maintain, move } from "../failover/operator";
import { groupOf, runFailover } from "../failover/run";
import type { FailoverStatus } from "../failover/status";
import { failoverText } from "../failover/status-text";
import { settingsFrom } from "../settings-file";
import { HostError } from "../system";
import { say, sayJson, system } from "./terminal";

/** The commands about the turns that validators take. */
export function addFailoverCommands(program: Command): void {
  const failover = program.command("failover").description("Who of a group of validators produces.");
  failover
    .command("run")
    .description("Take part, as the unit does: hold or stand by, until SIGTERM.")
    .action(run);
  failover
    .command("status")
    .description("Tell who holds, how each host is, and what happened last.")
    .option("--json", "print one JSON value")
    .action(async ({ json }: { json?: true }) => {
      const text = await readText(system, FAILOVER_STATE);
      if (text === undefined)
        throw new HostError("nothing is known yet: systemctl status nodewright-failover");
      const status = JSON.parse(text) as FailoverStatus;
      if (json) sayJson(status);
      else say(failoverText(status));
    });
  addOrders(failover);
}

function addOrders(failover: Command): void {
  const orders = [
    ["move", "Let production move to a host that is ready, and wait until it has."],
    [
      "rejoin",
      "The same, and that host's chain counts, whatever was last made: blocks of others may be lost.",
    ],
  ] as const;
  for (const [kind, description] of orders)
    failover
      .command(`${kind} <host>`)
      .description(description)
      .action(async (host: string) => say(await move(await operated(), { kind, host, by: operator() })));
  failover
    .command("maintenance <host> <on|off>")
    .description("Take a host out, or let it in again. Where it holds, another takes over first.")
    .action(async (host: string, state: string) => {
      if (state !== "on" && state !== "off") throw new InvalidArgumentError("write on or off");
      say(await maintain(await operated(), { host, isOut: state === "on", by: operator() }));
    });
}

const operator = (): string => process.env.SUDO_USER ?? userInfo().username;

async function operated() {
  const settings = await failoverSettings();
  return { settings, store: groupOf(settings) };
}

/** The settings of this host. */
const failoverSettings = (): Promise<FailoverSettings> =>
  settingsFrom(system, FAILOVER_SETTINGS, failoverSchema, "this host takes turns with nobody");

async function run(): Promise<void> {
  const settings = await failoverSettings();
  const stop = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => stop.abort());
  await runFailover(
    {
      system,
      settings,
      gate: kernelGate(system, settings.gatePorts ?? []),
      folder: RUN_FOLDER,
      statusFile: FAILOVER_STATE,
      data: NODEOS_DATA,
      record: async (what) => {
        await audit(system, { action: "failover", step: settings.group, what }, FAILOVER_AUDIT);
        await log(system, [`failover of ${settings.group}: ${what}`]);
      },
      say,
    },
    stop.signal,
  );
}
