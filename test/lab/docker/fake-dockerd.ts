import { chmodSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";

/** What a daemon answers to the two questions that tell who it is. */
const ANSWERS = `(root, version = "20.10.24", api = "1.41") => (request, response) => {
  const answers = { "/version": { Version: version, ApiVersion: api }, "/info": { DockerRootDir: root } };
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(answers[request.url] ?? {}));
}`;

/** Writes a program that behaves as dockerd does as far as a lab can see: config file, pid file, socket, SIGTERM. */
export function writeFakeDockerd(folder: string): string {
  return writeProgram(
    folder,
    `const { readFileSync, writeFileSync, rmSync } = require("node:fs");
const file = process.argv[2].slice("--config-file=".length);
const config = JSON.parse(readFileSync(file, "utf8"));
const answers = ${ANSWERS};
writeFileSync(config.pidfile, String(process.pid), { flag: "wx" });
const server = require("node:http").createServer(answers(config["data-root"]));
server.listen(config.hosts[0].slice("unix://".length));
process.on("SIGTERM", () => { rmSync(config.pidfile); process.exit(0); });`,
  );
}

/** Writes a program that says why it cannot start, and ends. */
export const writeBrokenDockerd = (folder: string): string =>
  writeProgram(
    folder,
    `console.error("failed to start daemon: Devices cgroup isn't mounted"); process.exit(1);`,
  );

function writeProgram(folder: string, text: string): string {
  const path = join(folder, "dockerd");
  writeFileSync(path, `#!${process.execPath}\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A daemon that somebody else has started, in this process. */
export async function listenAsDocker(socket: string, root: string, api = "1.41"): Promise<Server> {
  const server = createServer((request, response) => {
    const answers: Record<string, unknown> = {
      "/version": { Version: "20.10.24", ApiVersion: api },
      "/info": { DockerRootDir: root },
    };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answers[request.url ?? ""] ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return server;
}
