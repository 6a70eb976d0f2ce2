import { type Command, InvalidArgumentError } from "commander";
import { auditText, readAudit } from "../audit";
import { verificationText, verifiedLine } from "../report-text";
import { parseAddress, serve } from "../serve";
import { isHealthy, verifiedStatus } from "../status";
import { statusTable } from "../status-table";
import { waitUntilReady } from "../wait";
import { say, sayJson, system } from "./terminal";

/** The commands that only look. */
export function addLookCommands(program: Command): void {
  withJson(program, "status")
    .description("Tell how the host and its services are. Exit code 1 if something is not well.")
    .action(async ({ json }: { json?: true }) => {
      const status = await verifiedStatus(system);
      if (json) sayJson(status);
      else process.stdout.write(statusTable(status));
      if (!isHealthy(status)) process.exitCode = 1;
    });
  withJson(program, "verify")
    .description(
      "Look at all that the host is for: services, chain, peers, memory, disk, network. Exit code 1 if a check is not ok.",
    )
    .action(async ({ json }: { json?: true }) => {
      const { verification } = await verifiedStatus(system);
      if (json) sayJson(verification);
      else if (verification) say(verificationText(verification));
      if (verification?.verdict !== "ok") process.exitCode = 1;
    });
  withJson(program, "audit")
    .description("Tell what was ever changed on this host, when, why and by whom, oldest first.")
    .option("--last <count>", "only the newest records", count)
    .action(async ({ json, last }: { json?: true; last?: number }) => {
      const all = await readAudit(system);
      const records = last === undefined ? all : all.slice(-last);
      if (json) return sayJson(records);
      for (const record of records) say(`${record.time} ${auditText(record)}`);
    });
  addServe(program);
  addWait(program);
}

const withJson = (program: Command, name: string): Command =>
  program.command(name).option("--json", "print one JSON value");

function addServe(program: Command): void {
  program
    .command("serve")
    .description("Serve GET /status, /healthz and /metrics over HTTP until SIGTERM. Needs no privilege.")
    .requiredOption("--listen <address:port...>", "where to listen; may be given several times, IPv6 in [ ]")
    .action(async ({ listen }: { listen: string[] }) => {
      process.once("SIGTERM", () => process.exit(0));
      process.once("SIGINT", () => process.exit(0));
      await serve(system, listen.map(parseAddress));
    });
}

function addWait(program: Command): void {
  program
    .command("wait")
    .description(
      "Wait until cloud-init has ended, the last provision is good and every service does its work.",
    )
    .option("--timeout <time>", "how long at most: 300s, 5m", seconds, 300)
    .option("--json", "print the status as one JSON object at the end")
    .action(async ({ timeout, json }: { timeout: number; json?: true }) => {
      const status = await waitUntilReady(system, timeout, json ? () => {} : say);
      const waiting = status.services.filter(({ waitingFor }) => waitingFor.length > 0);
      const verified = await verifiedStatus(system);
      if (json) return sayJson(verified);
      say(["ready", ...waiting.map(({ unit, state }) => `${unit} is ${state}`)].join("; "));
      if (verified.verification) say(verifiedLine(verified.verification));
    });
}

function seconds(text: string): number {
  const [, number, unit = "s"] = /^(\d+)(s|m)?$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError("write it as 300s or 5m");
  return Number(number) * (unit === "m" ? 60 : 1);
}

function count(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("write it as a number from 1 on");
  return Number(text);
}
