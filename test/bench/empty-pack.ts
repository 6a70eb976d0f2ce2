import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";

/** Loads the SDK alone, and looks at nothing. */
const CODE = `const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("empty", {
  policies: [{ name: "nothing", description: "nothing", enforcementLevel: "advisory", validateStack: () => {} }],
});
`;

/** Writes a policy pack with one rule that looks at nothing into a folder of this project: what any pack costs, by the SDK and the engine. */
export function emptyPack(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const about = {
    description: "Nothing",
    runtime: { name: "nodejs", options: { typescript: false } },
    main: "pack.js",
  };
  writeFileSync(join(folder, "PulumiPolicy.yaml"), stringify(about));
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "empty", version: "1.0.0", private: true, main: "pack.js" }),
  );
  writeFileSync(join(folder, "pack.js"), CODE);
  return folder;
}
