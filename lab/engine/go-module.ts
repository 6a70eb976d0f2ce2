import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { findExecutable } from "./place";
import { isAtLeast } from "./version";

const run = promisify(execFile);
const PACKAGE = "github.com/pulumi/pulumi/pkg/v3";
const SDK_PACKAGE = "github.com/pulumi/pulumi/sdk/v3";

/** The pinned Go module that the engine is built from; go.mod is the one home of both versions. */
export interface GoModule {
  readonly folder: string;
  /** Engine version, "3.200.0". */
  readonly engineVersion: string;
  /** Least Go version, "1.24". */
  readonly goVersion: string;
  /** `go build` arguments without the output. */
  readonly buildArguments: readonly string[];
  /** Changes when anything that shapes the binary changes, except the compiler. */
  readonly sourceKey: string;
}

export interface GoTool {
  readonly go: string;
  /** "1.26.8" */
  readonly version: string;
}

/** Reads `folder`/go.mod and go.sum. */
export function readGoModule(folder: string = join(__dirname, "module")): GoModule {
  const mod = readFileSync(join(folder, "go.mod"), "utf8");
  const engineVersion = /pulumi\/pkg\/v3 v(\S+)/.exec(mod)?.[1];
  const goVersion = /^go (\S+)/m.exec(mod)?.[1];
  if (!engineVersion || !goVersion)
    throw new Error(`${folder}/go.mod pins no engine version or no Go version`);
  const buildArguments = [
    "-trimpath",
    "-buildvcs=false",
    // Without a version the Automation API refuses the engine: "Failed to parse Pulumi CLI version".
    `-ldflags=-s -w -X ${SDK_PACKAGE}/go/common/version.Version=v${engineVersion}`,
    `${PACKAGE}/cmd/pulumi`,
  ];
  const sourceKey = createHash("sha256")
    .update(mod)
    .update(readFileSync(join(folder, "go.sum")))
    .update(JSON.stringify([buildArguments, goEnvironment(), process.platform, process.arch]))
    .digest("hex")
    .slice(0, 16);
  return { folder, engineVersion, goVersion, buildArguments, sourceKey };
}

/** Settings of every `go` we run: the pinned graph, no workspace around it, no download of another toolchain. */
export function goEnvironment(): Record<string, string> {
  return { GOFLAGS: "-mod=readonly", GOWORK: "off", GOTOOLCHAIN: "local", CGO_ENABLED: "0" };
}

/** The `go` in the folders when it is new enough for the module, else what is wrong with the one that is there. */
export async function findGo(
  module: GoModule,
  folders: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<{ tool?: GoTool; unusable?: string }> {
  const go = findExecutable("go", folders);
  if (!go) return {};
  try {
    const { stdout } = await run(go, ["env", "GOVERSION"], { env: { ...environment, ...goEnvironment() } });
    const version = stdout.trim().replace(/^go/, "");
    return isAtLeast(version, module.goVersion)
      ? { tool: { go, version } }
      : { unusable: `${go} is ${version}` };
  } catch {
    return { unusable: `${go} does not answer to "go env"` };
  }
}
