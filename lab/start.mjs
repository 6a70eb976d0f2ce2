#!/usr/bin/env node
// Every `npm run` command starts here: plain JavaScript, because on a fresh clone no package is installed yet.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [program, ...args] = process.argv.slice(2);

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `Node.js ${process.versions.node} is too old: install 20.19 or newer (https://nodejs.org), then run this again.`,
  );
}

/** Installs the packages of the lockfile unless exactly these are there already. */
function installPackages() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const marker = join(root, "node_modules", ".nodewright-lock");
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return;
  process.stderr.write("  node packages   installing from the lockfile …\n");
  const npm = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (npm.status !== 0) {
    fail(
      "npm could not install the packages of package-lock.json: see its message above, then run this again.",
    );
  }
  mkdirSync(dirname(marker), { recursive: true });
  writeFileSync(marker, wanted);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

installPackages();
if (!program) fail("usage: node lab/start.mjs PROGRAM.ts [arguments]");
const child = spawn(
  process.execPath,
  ["--require", join(root, "library", "typescript.cjs"), join(root, program), ...args],
  {
    cwd: root,
    stdio: "inherit",
  },
);
// A terminal sends Ctrl-C to both; the child decides how to end, and this process only passes its end on.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code, signal) =>
  process.exit(code ?? 128 + (constants.signals[signal ?? "SIGTERM"] ?? 15)),
);
