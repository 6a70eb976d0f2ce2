import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { prepareEngine } from "../../lab/engine/prepare";
import "../support/engine-connections";
import { PROJECT } from "../../stacks/stack-file";

/** A file backend of its own, with the project's engine, for programs without plugins. */
export class Backend {
  readonly folder = mkdtempSync(join(tmpdir(), "nodewright-stacks-"));
  private readonly path = process.env.PATH;
  private environment: Record<string, string> = {};

  /** `given`: the environment of an engine with plugins, for programs that have any. */
  async start(given?: Record<string, string>): Promise<void> {
    const env = given ?? (await prepareEngine({ root: PROJECT, progress: () => {} })).env;
    // The automation API starts the `pulumi` of this process's own PATH.
    process.env.PATH = env.PATH ?? process.env.PATH;
    mkdirSync(join(this.folder, "state"));
    this.environment = {
      ...env,
      PULUMI_CONFIG_PASSPHRASE: "test",
      ...(given ? {} : { PULUMI_HOME: join(this.folder, "home") }),
    };
  }

  stack(stackName: string, program: PulumiFn): Promise<Stack> {
    return LocalWorkspace.createOrSelectStack(
      { stackName, projectName: "nodewright", program },
      {
        workDir: this.folder,
        projectSettings: {
          name: "nodewright",
          runtime: "nodejs",
          backend: { url: `file://${join(this.folder, "state")}` },
        },
        envVars: this.environment,
      },
    );
  }

  remove(): void {
    process.env.PATH = this.path;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What an operator reads at the end of a run, by line. The automation API reports an error of an inline program twice. */
export function diagnosticsOf(text: string): string[] {
  const [, told = ""] = /^Diagnostics:\n(.*?)\n(?:Outputs|Resources):/ms.exec(text) ?? [];
  const lines = told.split("\n").map((line) => line.trim());
  return [...new Set(lines)].filter((line) => line !== "");
}

/** The message of a run that must fail. */
export const failureOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => "nothing failed",
    (cause: Error) => cause.message,
  );
