#!/usr/bin/env node
// Writes the package's API as HTML pages: each export with its docstring and the examples that use it. Plain JavaScript:
// typedoc is an ES module alone.
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Application, Comment, CommentTag, Converter, ReflectionKind } from "typedoc";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { examplesOf } = createRequire(import.meta.url)("./examples-of.ts");

/** A function's docstring is that of its signature. */
function commented(reflection) {
  if (!reflection) return [];
  const owners = reflection.kindOf(ReflectionKind.Function) ? reflection.signatures : [reflection];
  return owners.map((owner) => {
    owner.comment ??= new Comment();
    return owner.comment;
  });
}

function withExamples(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const [name, programs] of examplesOf())
      for (const each of commented(project.getChildByName(name)))
        for (const text of programs)
          each.blockTags.push(
            new CommentTag("@example", [{ kind: "code", text: `\`\`\`ts\n${text}\`\`\`` }]),
          );
  });
}

const folder = resolve(process.argv[2] ?? join(root, ".nodewright/api"));
const app = await Application.bootstrap({
  entryPoints: [join(root, "library/index.ts")],
  tsconfig: join(root, "tsconfig.json"),
  name: "nodewright",
  readme: join(root, "docs/library.md"),
  // `npm run check` has compiled them.
  skipErrorChecking: true,
  disableGit: true,
  disableSources: true,
  excludeExternals: true,
  excludePrivate: true,
  hideGenerator: true,
  validation: { notExported: false, invalidLink: true, notDocumented: false },
  logLevel: "Warn",
});
withExamples(app);
const project = await app.convert();
if (project) {
  app.validate(project);
  await app.generateDocs(project, folder);
}
const isWhole = project !== undefined && app.logger.errorCount + app.logger.warningCount === 0;
if (isWhole) console.log(`written: ${relative(".", folder)}/index.html`);
else console.error("the pages are not whole: see above");
process.exitCode = isWhole ? 0 : 1;
