import { join, relative } from "node:path";
import ts from "typescript";
import { PROJECT } from "../stacks/stack-file";

/** The package's entry. */
export const ENTRY = join(PROJECT, "library", "index.ts");

/** Type declarations of the entry and of all that it reaches, by path within the project. Types are checked elsewhere. */
export function emitDeclarations(): Map<string, string> {
  const { config } = ts.readConfigFile(join(PROJECT, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], files: [ENTRY] },
    ts.sys,
    PROJECT,
  );
  const program = ts.createProgram([ENTRY], {
    ...options,
    noEmit: false,
    noCheck: true,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: PROJECT,
    outDir: PROJECT,
    types: ["node"],
  });
  const files = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (path, text) => files.set(relative(PROJECT, path), text));
  if (diagnostics.length > 0)
    throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost(options)));
  return files;
}
