import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { UserError } from "../components/core/config/finding";
import { reachDocker, releaseDocker } from "../lab/docker/daemon";
import { prepareEngine } from "../lab/engine/prepare";
import { prepareHostImage } from "../lab/image/build";
import { CACHE } from "../lab/room";
import { PROJECT } from "../stacks/stack-file";
import { HOSTS, lanesOf, runLanes } from "./lanes";
import { sum } from "./run-suites";

/** `npm test`: every suite in one run. `npm test -- PATH …` runs those below the paths alone. */
const LAB = join(PROJECT, "test", "lab");
/** By which the tests are known to the machine's Docker daemon for labs, as long as they run. */
const USER = join(CACHE, "tests");
const HEARTBEAT_MS = 5_000;

function suites(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join(path, file))
    .sort();
}

/** What suites need: an engine on PATH, and those of the lab a Docker engine and the image of the hosts. */
async function setUp(needsDocker: boolean): Promise<void> {
  let last = 0;
  const progress = (line: string) => {
    if (performance.now() - last < HEARTBEAT_MS) return;
    last = performance.now();
    process.stderr.write(`  set-up: ${line}\n`);
  };
  mkdirSync(USER, { recursive: true });
  const { env } = await prepareEngine({ root: PROJECT, progress });
  process.env.PATH = env.PATH;
  if (!needsDocker) return;
  const { host, api } = await reachDocker({ cache: CACHE, user: USER, progress });
  const { tag } = await prepareHostImage({ docker: api, cache: CACHE, progress });
  Object.assign(process.env, { DOCKER_HOST: host, NODEWRIGHT_TEST_IMAGE: tag });
}

async function runAll(files: readonly string[]): Promise<number> {
  const { passed, failed, skipped } = sum((await runLanes(lanesOf(files))).values());
  const also = skipped > 0 ? `, ${skipped} skipped` : "";
  process.stdout.write(`${passed} passed, ${failed} failed${also}\n`);
  return failed;
}

async function main(): Promise<number> {
  const chosen = process.argv.slice(2).map((path) => join(PROJECT, path));
  const files = [...new Set((chosen.length > 0 ? chosen : [join(PROJECT, "test")]).flatMap(suites))];
  if (files.length === 0) {
    throw new UserError(`no suite below ${process.argv.slice(2).join(", ") || relative(PROJECT, __dirname)}`);
  }
  const needsDocker = files.some((file) => file.startsWith(HOSTS) || file.startsWith(LAB));
  await setUp(needsDocker);
  if (!needsDocker) return runAll(files);
  try {
    return await runAll(files);
  } finally {
    await releaseDocker({ cache: CACHE, user: USER, progress: () => {} });
  }
}

main().then(
  // A suite that left a socket or a child behind must not keep CI waiting.
  (failures) => process.exit(failures === 0 ? 0 : 1),
  (cause: unknown) => {
    process.stderr.write(`${cause instanceof UserError ? cause.message : String((cause as Error).stack)}\n`);
    process.exit(1);
  },
);
