import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../../lab/docker/command";
import type { DebianTree } from "../../support/debian-tree";

/** What a burst of load came to. */
export interface Burst {
  requests: number;
  /** Answers that were none, or not 200. */
  errors: number;
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

const MS = { us: 1e-3, ms: 1, s: 1e3 };

/** As many requests as `connections` connections carry in `seconds`, by wrk. */
export async function burst(
  tree: DebianTree,
  port: number,
  body: string,
  { connections, seconds }: { connections: number; seconds: number },
): Promise<Burst> {
  const folder = mkdtempSync(join(tmpdir(), "nodewright-load-"));
  try {
    writeFileSync(join(folder, "body"), body);
    writeFileSync(
      join(folder, "post.lua"),
      [
        `local file = io.open("${join(folder, "body")}", "rb")`,
        'wrk.method = "POST"',
        'wrk.body = file:read("*a")',
        'wrk.headers["content-type"] = "application/json"',
        "",
      ].join("\n"),
    );
    const words = ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "--timeout", "10s"];
    const { stdout, stderr, status } = await runCommand(
      tree.program("wrk"),
      [...words, "-s", join(folder, "post.lua"), `http://127.0.0.1:${port}/`],
      { env: tree.env },
    );
    if (status !== 0) throw new Error(`wrk: ${stderr}${stdout}`);
    return read(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** wrk's report: `99%  1.23ms`, `5000 requests in 2.00s`, `Non-2xx or 3xx responses: 1`, `Socket errors: connect 0, …`. */
export function read(report: string): Burst {
  const number = (pattern: RegExp) => Number(pattern.exec(report)?.[1] ?? 0);
  const latency = (share: number) => {
    const [, value, unit] = new RegExp(`${share}%\\s+([\\d.]+)(us|ms|s)`).exec(report) ?? [];
    return value === undefined ? Number.NaN : Number(value) * MS[unit as keyof typeof MS];
  };
  const sockets = /Socket errors: (.*)/.exec(report)?.[1] ?? "";
  const broken = [...sockets.matchAll(/\d+/g)].reduce((sum, [count]) => sum + Number(count), 0);
  return {
    requests: number(/(\d+) requests in/),
    errors: number(/Non-2xx or 3xx responses: (\d+)/) + broken,
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p50: latency(50),
    p99: latency(99),
  };
}

const TICK_MS = 1;

/** Requests that set out at a steady pace whether or not earlier ones are answered, as from many clients. */
export async function steady(
  port: number,
  body: string,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Burst> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const took: number[] = [];
  let errors = 0;
  const one = () =>
    new Promise<void>((resolve) => {
      const begun = performance.now();
      const end = (isError: boolean) => {
        took.push(performance.now() - begun);
        if (isError) errors += 1;
        resolve();
      };
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const sent = request({ port, agent, method: "POST", headers }, (answer) => {
        answer.resume().on("end", () => end(answer.statusCode !== 200));
      });
      sent.on("error", () => end(true));
      sent.end(body);
    });
  const all: Promise<void>[] = [];
  const begun = performance.now();
  const wanted = perSecond * seconds;
  while (all.length < wanted) {
    const due = Math.min(wanted, Math.floor(((performance.now() - begun) / 1000) * perSecond));
    while (all.length < due) all.push(one());
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(all);
  agent.destroy();
  const sorted = took.sort((left, right) => left - right);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  const elapsed = (performance.now() - begun) / 1000;
  return { requests: all.length, errors, perSecond: all.length / elapsed, p50: at(0.5), p99: at(0.99) };
}
