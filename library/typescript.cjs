// Lets Node.js run this project's TypeScript: `node --require nodewright/typescript`.
// Packages are JavaScript already: tsx would search every file of theirs for something to translate, which is a third of
// the time that a program takes to start. A Node.js that cannot require packages of modules needs tsx for those.
const Module = require("node:module");
const { sep } = require("node:path");

require("./lazy-packages.cjs");

const PACKAGES = `${sep}node_modules${sep}`;
const untouched = Module._extensions[".js"];
require("tsx/cjs");
const translated = Module._extensions[".js"];
if (process.features.require_module)
  Module._extensions[".js"] = (module, path) =>
    (path.includes(PACKAGES) ? untouched : translated)(module, path);
