import { spawn } from "node:child_process";

/** Runs a program with a value on its standard input. Throws with what it wrote to standard error. */
export function execFileWithInput(
  program: string,
  words: readonly string[],
  input: string,
  env: Record<string, string>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => {
      out += data;
    });
    child.stderr.on("data", (data) => {
      err += data;
    });
    child.on("error", reject);
    child.stdin.on("error", () => {});
    child.on("close", (code) =>
      code === 0
        ? resolve(out)
        : reject(new Error(`${program} ${words[0]} ended with ${code}: ${err.trim() || out.trim()}`)),
    );
    child.stdin.end(input);
  });
}
