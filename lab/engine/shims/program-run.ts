import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { RunResponse } from "@pulumi/pulumi/proto/language_pb";

/** Exit status of the SDK's runner after it has shown the user an error itself: nothing is left to report. */
const ALREADY_REPORTED = 32;

/** Options of `runtime:` in Pulumi.yaml that this host knows. */
interface RuntimeOptions {
  readonly typescript: boolean;
  readonly nodeArguments: readonly string[];
  readonly tsconfig: string | undefined;
}

/** A user's program while it runs. */
export interface ProgramRun {
  readonly response: Promise<RunResponse>;
  /** Ends the program; the response then says that it was ended. */
  readonly stop: () => void;
}

/**
 * Starts the program of a run request with the project's own SDK. Its output goes to this process's streams, which
 * the engine shows. Configuration travels in the environment, as the SDK expects it: argv is visible to everybody.
 */
export function startProgram(request: RunRequest, engineAddress: string): ProgramRun {
  const folder = request.getPwd();
  const options = runtimeOptions(request);
  const runner = findRunner(folder);
  if (!runner) {
    const advice = "The Pulumi SDK is not installed: no @pulumi/pulumi can be found from";
    return {
      response: Promise.resolve(failure(`${advice} ${folder}. Run "npm install" there.`)),
      stop: () => {},
    };
  }
  const child = spawn(
    process.execPath,
    [...options.nodeArguments, runner, ...runnerArguments(request, engineAddress)],
    {
      cwd: folder,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...runnerEnvironment(request, options) },
    },
  );
  return { response: responseOf(child), stop: () => child.kill("SIGTERM") };
}

function runnerArguments(request: RunRequest, engineAddress: string): string[] {
  const flags: Record<string, string | undefined> = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
    "root-directory": request.getInfo()?.getRootDirectory(),
  };
  const given = Object.entries(flags).flatMap(([name, value]) => (value ? [`--${name}`, value] : []));
  const mode = request.getDryrun() ? ["--dry-run"] : [];
  return [...given, ...mode, request.getProgram() || ".", ...request.getArgsList()];
}

function runnerEnvironment(request: RunRequest, options: RuntimeOptions): Record<string, string> {
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    PULUMI_NODEJS_TYPESCRIPT: String(options.typescript),
    ...(options.tsconfig ? { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig } : {}),
  };
}

function runtimeOptions(request: RunRequest): RuntimeOptions {
  const given: Record<string, unknown> = request.getInfo()?.getOptions()?.toJavaScript() ?? {};
  const { typescript, nodeargs, tsconfig } = given;
  return {
    typescript: typescript !== false,
    nodeArguments: typeof nodeargs === "string" ? nodeargs.split(/\s+/).filter(Boolean) : [],
    tsconfig: typeof tsconfig === "string" ? tsconfig : undefined,
  };
}

function findRunner(folder: string): string | undefined {
  try {
    return createRequire(join(folder, "resolver.js")).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    return undefined;
  }
}

function responseOf(child: ChildProcess): Promise<RunResponse> {
  return new Promise((resolve) => {
    child.on("error", (error) => resolve(failure(`The program could not be started: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) resolve(new RunResponse());
      else if (code === ALREADY_REPORTED) resolve(new RunResponse().setBail(true));
      else
        resolve(
          failure(signal ? `The program was ended by ${signal}` : `The program exited with status ${code}`),
        );
    });
  });
}

function failure(message: string): RunResponse {
  return new RunResponse().setError(message);
}
