import { mustEnd } from "./run";
import type { SampleLab } from "./sample-lab";

/** How a mirror on a host's own loopback answers: as it should, with half of a file, or only once it is let. */
export type Manner = "well" | "broken off" | "when let";

const UNIT = "drill-mirror";
const PORT = "/run/drill-mirror.port";
const LET = "/run/drill-mirror.let";

/** Runs on the host, by its own Node.js: the host's firewall lets nobody else in, and nothing has to be let out. */
const SERVER = `
const { createServer } = require("node:http");
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const [manner] = process.argv.slice(1);
const server = createServer(async (request, response) => {
  if (request.method === "HEAD") return response.end();
  const path = "/srv/nodewright/mirror" + request.url;
  if (!existsSync(path)) return response.writeHead(404).end();
  const bytes = readFileSync(path);
  while (manner === "when let" && !existsSync("${LET}")) await new Promise((next) => setTimeout(next, 100));
  response.writeHead(200, { "content-length": bytes.length });
  if (manner !== "broken off") return response.end(bytes);
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
});
server.listen(0, "127.0.0.1", () => writeFileSync("${PORT}", String(server.address().port)));
`;

export interface PoorMirror {
  url: string;
  /** Lets a mirror answer that waits for it. */
  let(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a mirror on a host, of all that the lab's own mirror has. */
export async function poorMirror(
  lab: SampleLab,
  host: string,
  manner: Manner,
  until: (what: string, holds: () => Promise<boolean>) => Promise<void>,
): Promise<PoorMirror> {
  const stop = async () => {
    await lab.tryInHost(host, "systemctl", "stop", UNIT);
    await lab.inHost(host, "rm", "-f", PORT, LET);
  };
  await stop();
  const start = ["systemd-run", "--quiet", "--collect", `--unit=${UNIT}`, "/opt/nodewright/bin/node"];
  await lab.inHost(host, ...start, "--eval", SERVER, manner);
  let port = "";
  await until("the mirror listens", async () => {
    port = (await lab.inHost(host, "cat", PORT)).trim();
    return port !== "";
  });
  return {
    url: `http://127.0.0.1:${port}`,
    let: async () => void (await lab.inHost(host, "touch", LET)),
    stop,
  };
}

const CLOCK = "/run/drill-clock.cjs";
const CLOCK_PROGRAM = `
const Real = Date;
const offset = Number(process.env.DRILL_CLOCK_MS);
globalThis.Date = class extends Real {
  constructor(...given) { given.length > 0 ? super(...given) : super(Real.now() + offset); }
  static now() { return Real.now() + offset; }
};
`;

/** Words before the agent that make its process see another time; a container's own clock cannot be set. */
export async function otherClock(lab: SampleLab, host: string, offsetMs: number): Promise<string[]> {
  mustEnd("write the clock", await lab.feed(host, ["sh", "-c", `cat >${CLOCK}`], CLOCK_PROGRAM));
  return ["env", `NODE_OPTIONS=--require=${CLOCK}`, `DRILL_CLOCK_MS=${offsetMs}`];
}

/** Words before the agent that give its process, and it alone, other mounts: the services keep theirs. */
export const otherMounts = (...commands: string[]): string[] => [
  ...[
    "unshare",
    "--mount",
    "--propagation",
    "private",
    "sh",
    "-c",
    `${[...commands, 'exec "$@"'].join(" && ")}`,
    "sh",
  ],
];
