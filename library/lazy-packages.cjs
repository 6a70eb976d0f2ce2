// What the Pulumi SDK loads only to send code away as text, for functions of a cloud's: TypeScript, and npm's reader of
// installed packages. That is two thirds of what loading the SDK takes (0.7 s of a processor of 1.0 s), and programs of
// nodes send no code. Each is loaded when something first asks for a part of it; a later SDK that has them elsewhere
// loads them as it does.
const Module = require("node:module");

/** @type {Record<string, (whole: () => any) => object>} What stands for a module of the SDK's until its whole is asked for. */
const PACKAGES = {
  "./typescript-shim.js": (whole) => new Proxy({}, { get: (_, name) => whole()[name] }),
  // The SDK copies what this module exports, and then makes one of these.
  "@npmcli/arborist": (whole) => ({
    Arborist: class {
      constructor(options) {
        // biome-ignore lint/correctness/noConstructorReturn: what asks for the class gets an object of the whole one.
        return new (whole().Arborist)(options);
      }
    },
  }),
};

for (const [name, standIn] of Object.entries(PACKAGES)) {
  const path = pathOf(name);
  if (path === undefined || path in require.cache) continue;
  const module = Object.assign(new Module(path), { filename: path, loaded: true });
  let whole;
  module.exports = standIn(() => {
    if (require.cache[path] === module) delete require.cache[path];
    whole ??= require(path);
    return whole;
  });
  require.cache[path] = module;
}

/** As the SDK itself would find it. */
function pathOf(name) {
  try {
    return Module.createRequire(require.resolve("@pulumi/pulumi")).resolve(name);
  } catch {
    return undefined;
  }
}
