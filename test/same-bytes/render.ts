import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { documentFor } from "../../cloud-init/document-for";
import { emitBirth } from "../../cloud-init/emit/user-data";
import { explain } from "../../components/core/plan/explain";
import { machinesOf } from "../../components/core/plan/plan";
import { planOf } from "../../stacks/load";
import { CONFIG_DIR } from "../../stacks/stack-file";

// Prints the hash of everything that each sample stack renders to: a process of its own, so that it can be started elsewhere.
const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

const stacks = readdirSync(CONFIG_DIR)
  .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
  .sort();
const rendered = stacks.flatMap((stack) => {
  const { plan, warnings } = planOf(stack);
  return [
    [`${stack} plan`, hash(explain(plan) + warnings)],
    ...machinesOf(plan).flatMap((host) => [
      [`${stack} ${host.name} document`, hash(JSON.stringify(documentFor(plan, host)))],
      [`${stack} ${host.name} user data`, hash(emitBirth(plan, host).userData)],
    ]),
  ];
});
const here = {
  now: new Date().getFullYear(),
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  locale: Intl.DateTimeFormat().resolvedOptions().locale,
  user: process.getuid?.(),
  folder: process.cwd(),
};
process.stdout.write(`${JSON.stringify({ here, rendered: Object.fromEntries(rendered) })}\n`);
