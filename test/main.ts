import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { UserError } from "../components/core/config/finding";
import { reachDocker, releaseDocker } from "../lab/docker/daemon";
import { prepareEngine } from "../lab/engine/prepare";
import { prepareHostImage } from "../lab/image/build";
import { CACHE } from "../lab/room";
import { PROJECT } from "../stacks/stack-file";
import { runApart, runHere, sum, type Tallies, type Tally } from "./run-suites";

/** `npm test`: every suite in one run, the quick ones first. `npm test -- PATH …` runs those below the paths alone. */
const HOSTS = join(PROJECT, "test", "host");
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

/**
 * Hosts are real machines on one that others use too. A suite of theirs that fails is run once more, on its own, and that
 * it had to be is said at the end: a fault fails it twice, a machine that was busy does not cost the whole run.
 */
async function runHosts(file: string): Promise<{ tally: Tally; isSecond: boolean }> {
  const tally = await runApart(file);
  if (tally.failed === 0) return { tally, isSecond: false };
  process.stdout.write(`\n${relative(PROJECT, file)}: ${tally.failed} failed, see above; a second run:\n`);
  return { tally: await runApart(file), isSecond: true };
}

async function runAll(quick: readonly string[], slow: readonly string[]): Promise<number> {
  const tallies: Tallies = quick.length > 0 ? await runHere(quick) : new Map();
  for (const file of slow) {
    const { tally, isSecond } = await runHosts(file);
    tallies.set(file, tally);
    if (isSecond) process.stdout.write(`${relative(PROJECT, file)} ran twice\n`);
  }
  const { passed, failed, skipped } = sum(tallies.values());
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
  const slow = files.filter((file) => file.startsWith(HOSTS));
  const needsDocker = files.some((file) => file.startsWith(HOSTS) || file.startsWith(LAB));
  await setUp(needsDocker);
  if (!needsDocker) return runAll(files, []);
  try {
    return await runAll(
      files.filter((file) => !slow.includes(file)),
      slow,
    );
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
