import { spawn } from "node:child_process";
import { once } from "node:events";
import type { EngineSetup } from "../engine/setup";
import type { PreviewRoom } from "./room";

interface Flags {
  json?: boolean;
  diff?: boolean;
  /** Whether the engine's own words stay out: whoever asked tells what it came to. */
  quiet?: boolean;
  /** Further words of the command. */
  more?: readonly string[];
}

/** Runs one command of the engine as the operator would, its output untouched. Answers with its exit code. */
export async function runPulumi(
  { pulumi, env }: EngineSetup,
  room: PreviewRoom,
  verb: "preview" | "up" | "refresh" | "destroy",
  { json, diff, quiet, more = [] }: Flags,
): Promise<number> {
  const environment = { ...process.env, ...env, ...room.env };
  const start = (words: string[], stdout: "inherit" | "ignore") =>
    spawn(pulumi, [...words, "--non-interactive"], {
      cwd: room.folder,
      env: environment,
      stdio: ["ignore", stdout, "inherit"],
    });
  const [selected] = (await once(start(["stack", "select", "--create", room.stack], "ignore"), "exit")) as [
    number | null,
  ];
  if (selected !== 0) return selected ?? 1;
  const words = [
    verb,
    ...["--stack", room.stack],
    ...(verb === "preview" ? [] : ["--yes"]),
    // Its preview is what refuses to begin where something is protected; without it the rest would go.
    ...(verb === "up" || verb === "refresh" ? ["--skip-preview"] : []),
    ...(json ? ["--json"] : ["--suppress-permalink=true"]),
    ...(diff ? ["--diff"] : []),
    ...more,
  ];
  const [status] = (await once(start(words, quiet ? "ignore" : "inherit"), "exit")) as [number | null];
  return status ?? 1;
}
