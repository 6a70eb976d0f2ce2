import type { ChildProcess } from "node:child_process";
import { PassThrough } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type Docker from "dockerode";

/** What a command came to. */
export interface Run {
  code: number;
  out: string;
  err: string;
}

/** Runs a command in a container, as root, to its end; `input` is its standard input. */
export async function execIn(
  docker: Docker,
  container: Docker.Container,
  words: string[],
  input?: string | Buffer,
): Promise<Run> {
  const hasInput = input !== undefined;
  const exec = await container.exec({
    Cmd: words,
    AttachStdin: hasInput,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start(hasInput ? { hijack: true, stdin: true } : {});
  if (hasInput) stream.end(input);
  const [out, err] = [collector(), collector()];
  docker.modem.demuxStream(stream, out.stream, err.stream);
  await new Promise((resolve) => stream.on("end", resolve));
  return { code: await exitCode(exec), out: out.text(), err: err.text() };
}

/** Its output may end a moment before Docker knows that it has. */
async function exitCode(exec: Docker.Exec): Promise<number> {
  for (let left = 500; ; left--) {
    const { Running, ExitCode } = await exec.inspect();
    if (!Running || left === 0) return ExitCode ?? -1;
    await pause(20);
  }
}

/** A stream whose text is read when it is over. */
function collector(): { stream: PassThrough; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new PassThrough();
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString() };
}

export function ended(child: ChildProcess): Promise<Run> {
  let [out, err] = ["", ""];
  child.stdout?.on("data", (data) => {
    out += data;
  });
  child.stderr?.on("data", (data) => {
    err += data;
  });
  return new Promise((resolve) =>
    child.on("close", (code, signal) => resolve({ code: code ?? (signal ? 128 : -1), out, err })),
  );
}

export function need<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`${what} is not there`);
  return value;
}

/** The standard output of a command that must have succeeded. */
export function mustEnd(what: string, { code, out, err }: Run): string {
  if (code !== 0) throw new Error(`${what} ended with ${code}: ${err}${out}`);
  return out;
}
