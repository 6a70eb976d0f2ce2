/** The laws of ARCHITECTURE.md that an import can break. */
module.exports = {
  forbidden: [
    {
      name: "pure-core",
      comment: "Law 1: what decides imports no engine, so that it can be tested as data in, data out.",
      severity: "error",
      from: {
        path: "^(components/core|cloud-init|agent|edge|tls)/|^components/targets/[^/]+/[^/]+\\.ts$",
      },
      to: { path: "node_modules/@pulumi", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "pure-core-no-disk",
      comment: "Law 1: nor the disk, the network or a clock of its own.",
      severity: "error",
      from: { path: "^(components/core|cloud-init)/" },
      to: { path: "^(node:)?(fs|fs/promises|child_process|http|https|os)$" },
    },
    {
      name: "core-knows-no-target",
      comment: "Law 4: the core serves every target and names none.",
      severity: "error",
      from: { path: "^components/core/" },
      to: { path: "^components/targets/[^/]+/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "targets-are-strangers",
      comment: "Law 4: no target imports another.",
      severity: "error",
      from: { path: "^components/targets/([^/]+)/" },
      to: { path: "^components/targets/([^/]+)/", pathNot: "^components/targets/$1/" },
    },
    {
      name: "provision-behind-its-index",
      comment:
        "Law 4: only its own index reaches a target's engine code, and the library as lazily, so that a stack loads one cloud's SDK.",
      severity: "error",
      from: { pathNot: "^(components/targets/[^/]+/(index\\.ts$|provision/)|library/hosts\\.ts$|test/)" },
      to: { path: "^components/targets/[^/]+/provision/" },
    },
    {
      name: "product-knows-no-lab",
      comment: "The lab is a user of the product; nothing that an operator runs may need it.",
      severity: "error",
      from: { path: "^(components|cloud-init|agent|edge|tls|policies|stacks)/" },
      to: { path: "^(lab|test)/" },
    },
    {
      name: "no-circles",
      severity: "error",
      from: {},
      to: {
        circular: true,
        dependencyTypesNot: ["type-only"],
        viaOnly: { dependencyTypesNot: ["type-only"] },
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: "specify",
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["require", "node", "default"] },
  },
};
