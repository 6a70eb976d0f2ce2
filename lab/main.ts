import { Command } from "commander";
import { UserError } from "../components/core/config/finding";
import { labClean } from "./clean";
import { labDown } from "./down";
import { takeTurn } from "./only-one";
import { roomOf } from "./room";
import { labSsh } from "./ssh";
import { labStatus } from "./status";
import { summary } from "./summary";
import { labUp } from "./up";

interface Options {
  stack: string;
  json?: boolean;
}

const interrupted = new AbortController();

const program = new Command("npm run lab")
  .description(
    "A whole TrustEVM chain on this machine: real hosts, born by cloud-init through the Pulumi engine.",
  )
  .enablePositionalOptions();

const verb = (name: string, description: string) =>
  program.command(name).description(description).option("--stack <name or file>", "stack to bring up", "lab");

verb("up", "brings the lab up, or to what its stack file says now")
  .option("--json", "print status, changes and timings as JSON")
  .action((options: Options) =>
    exclusively(options, "npm run lab", async (room) => {
      const { changes, timings, proof } = await labUp(room, interrupted.signal);
      const status = await labStatus(room);
      if (options.json) return print({ ...status, changes, timings, proof });
      const other = options.stack === "lab" ? "" : ` -- --stack ${options.stack}`;
      process.stdout.write(
        `\n  nodewright lab is serving\n\n${summary(status, (each) => `npm run lab:${each}${other}`)}\n`,
      );
    }),
  );

verb("status", "shows hosts, services and endpoints")
  .option("--json", "print as JSON")
  .action(async (options: Options) => {
    const status = await labStatus(roomOf(options.stack));
    if (options.json) return print(status);
    process.stdout.write(`${summary(status, (each) => `npm run lab:${each}`)}\n`);
  });

verb("down", "removes hosts, networks, chain and keys; keeps caches").action((options: Options) =>
  exclusively(options, "npm run lab:down", async (room) => labDown(room, interrupted.signal)),
);

verb("clean", "removes the lab and everything that was cached").action((options: Options) =>
  exclusively(options, "npm run lab:clean", async (room) => labClean(room, interrupted.signal)),
);

verb("ssh", "opens a shell on a host, or runs a command there")
  .argument("<host>", "a host of the lab")
  .argument("[command...]", "a command to run in place of a shell, with its own options")
  .passThroughOptions()
  .action(async (host: string, command: string[], options: Options) => {
    process.exitCode = await labSsh(roomOf(options.stack), host, command);
  });

const print = (value: unknown) => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);

async function exclusively(
  { stack }: Options,
  doing: string,
  work: (room: ReturnType<typeof roomOf>) => Promise<void>,
): Promise<void> {
  const room = roomOf(stack);
  const done = await takeTurn(room.folder, doing);
  try {
    await work(room);
  } finally {
    done();
  }
}

// The first Ctrl-C lets the engine end in order; the next run goes on from there. A second one ends at once.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (interrupted.signal.aborted) process.exit(130);
    process.stderr.write("\n  stopping in order; once more to stop at once\n");
    interrupted.abort();
  });
}

program.parseAsync().catch((cause: unknown) => {
  const message =
    cause instanceof UserError
      ? cause.message
      : cause instanceof Error
        ? process.env.DEBUG
          ? cause.stack
          : cause.message
        : String(cause);
  process.stderr.write(
    interrupted.signal.aborted ? "\ninterrupted: run the same command again to go on\n" : `\n${message}\n`,
  );
  process.exit(interrupted.signal.aborted ? 130 : 1);
});
