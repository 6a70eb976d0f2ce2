import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { LineCounter, parse, parseDocument } from "yaml";
import { error, type Finding, UserError } from "../components/core/config/finding";

/** Where nodewright lies: this repository, or the package that a team installed. */
export const PROJECT = resolve(__dirname, "..");
export const CONFIG_DIR = join(PROJECT, "stacks", "config");
const NAMESPACE = "nodewright:";

/** How the engine runs a program of this project: as `Pulumi.yaml` says, wherever the project of a run is written. */
export const engineRuntime = (): unknown =>
  (parse(readFileSync(join(PROJECT, "Pulumi.yaml"), "utf8")) as { runtime: unknown }).runtime;

/** Where `npm run mirror` lays down what hosts install, each file by its sha256. */
export const MIRROR = process.env.NODEWRIGHT_MIRROR ?? join(PROJECT, ".nodewright", "mirror");
export const artifactPath = (sha256: string): string => join(MIRROR, sha256);

/** Keys of a stack file that belong to Pulumi itself. */
const PULUMI_KEYS = ["config", "secretsprovider", "encryptionsalt", "encryptedkey", "environment"];

export interface StackFile {
  stack: string;
  /** As people would name it: relative to the project where it lies inside. */
  source: string;
  /** The `nodewright:` keys, without the prefix. Absent where the file has none that could be read. */
  raw?: Record<string, unknown>;
  findings: Finding[];
}

/**
 * Path of a stack's file, by the stack's name or by a path. `folder` is where stack files lie. Throws a `UserError` that
 * names the stacks there are.
 */
export function stackPath(nameOrPath: string, folder = CONFIG_DIR): string {
  const path = /\.ya?ml$/.test(nameOrPath) ? resolve(nameOrPath) : join(folder, `Pulumi.${nameOrPath}.yaml`);
  if (existsSync(path)) return path;
  throw new UserError(
    `no stack "${nameOrPath}": there is no ${relative(path)}. Stacks: ${stacksIn(folder).join(", ") || "none"}`,
  );
}

/** Names of the stacks whose files lie in a folder. */
export const stacksIn = (folder: string): string[] =>
  readdirSync(folder).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);

/** Reads a stack file. What is wrong with it as YAML is in `findings`; `raw` is what could be read all the same. */
export function readStackFile(path: string): StackFile {
  const stack = /^Pulumi\.(.+)\.ya?ml$/.exec(basename(path))?.[1] ?? basename(path).replace(/\.ya?ml$/, "");
  return { stack, source: relative(path), ...readStackText(readFileSync(path, "utf8")) };
}

/** The same of a text that lies in no file yet. */
export function readStackText(text: string): Pick<StackFile, "raw" | "findings"> {
  const { content, findings, broken } = parseYaml(text);
  const read = (found: Finding[], raw?: Record<string, unknown>) => ({
    ...(raw && !broken ? { raw } : {}),
    findings: [...findings, ...found],
  });
  if (broken) return read([]);
  if (content === null || content === undefined) return read([error("", EMPTY)]);
  if (!isMap(content)) return read([error("", "is no stack file: it must be a map with the key config")]);
  const unknown = Object.keys(content)
    .filter((key) => !PULUMI_KEYS.includes(key))
    .map((key) => error(key, `is no known key of a stack file. Known: ${PULUMI_KEYS.join(", ")}`));
  if (!isMap(content.config))
    return read([...unknown, error("config", "is missing: the stack's settings stand below it")]);
  return read(unknown, nodewrightKeys(content.config));
}

const EMPTY = "is empty: it needs config with nodewright:network, nodewright:target and nodewright:hosts";

/** A key that stands twice is a mistake, but the rest can be read; any other fault breaks the text. */
function parseYaml(text: string): { content: unknown; findings: Finding[]; broken: boolean } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const findings = document.errors.map(({ code, message, pos }) => {
    const { line, col } = lines.linePos(pos[0]);
    const key = /^[^:\n]*/.exec(text.slice(pos[0]))?.[0] ?? "";
    const said =
      code === "DUPLICATE_KEY"
        ? `"${key}" stands twice in one map: rename or remove one`
        : `is not YAML: ${message}`;
    return error(`line ${line}, column ${col}`, said);
  });
  const broken = document.errors.some(({ code }) => code !== "DUPLICATE_KEY");
  return { content: broken ? undefined : document.toJS(), findings, broken };
}

/** The keys of our namespace; others (`aws:region`) belong to Pulumi's providers. */
export const nodewrightKeys = (config: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) =>
      key.startsWith(NAMESPACE) ? [[key.slice(NAMESPACE.length), value]] : [],
    ),
  );

const isMap = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value);
const relative = (path: string) => (path.startsWith(`${PROJECT}/`) ? path.slice(PROJECT.length + 1) : path);
