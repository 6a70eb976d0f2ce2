// Runs a program of the Pulumi SDK that the working directory's project (or policy pack) has installed:
//   node sdk-program.cjs NAME ENGINE-ADDRESS …   with NAME a folder of @pulumi/pulumi/cmd.
// Plain JavaScript: a TypeScript loader in this process would compile the pack's sources before the SDK's own does.
const { createRequire } = require("node:module");
const { join } = require("node:path");

const PARENT_CHECK_MS = 1000;
const [name] = process.argv.splice(2, 1);
const wanted = `@pulumi/pulumi/cmd/${name}`;

let program;
try {
  program = createRequire(join(process.cwd(), "resolver.js")).resolve(wanted);
} catch {
  // The engine knows this first sentence of a policy pack and adds its own advice. Exiting with 0 would hang it.
  process.stderr.write(`Cannot find module '${wanted}' from ${process.cwd()}: run "npm install" there.\n`);
  process.exit(1);
}

// An engine that was killed cannot stop its plugins: they notice that they have another parent.
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(1), PARENT_CHECK_MS).unref();
require(program);
