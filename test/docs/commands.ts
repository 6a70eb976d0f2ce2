import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { PROJECT } from "../../stacks/stack-file";

/** A command that a page tells its reader to run. */
export interface DocumentedCommand {
  /** `docs/plan.md:12`. */
  at: string;
  /** Its words, without what a shell would do with them: redirections and what a pipe feeds are left out. */
  words: string[];
  /** What the page says that it needs: `# needs an account`. */
  needs?: string;
}

const FENCES = ["", "sh", "bash", "console"];
const PROGRAMS = [
  ...["npm", "npx", "node", "pulumi", "sudo", "nodewright-host", "systemctl", "journalctl", "docker", "curl"],
  ...[
    "ssh",
    "ssh-add",
    "openssl",
    "restic",
    "dig",
    "ping",
    "gcloud",
    "aws",
    "doctl",
    "git",
    "nft",
    "ss",
    ".ci/run",
  ],
];

/** Pages for people who run things. Decisions tell of the past: what stood in them then is no promise. */
export const pages = (): string[] => [
  join(PROJECT, "README.md"),
  ...readdirSync(join(PROJECT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(PROJECT, "docs", name)),
];

/** Every command of a page: lines of its fences, and code in its sentences that begins with a program. */
export function commandsIn(page: string, text: string): DocumentedCommand[] {
  let fence: string | undefined;
  return text.split("\n").flatMap((line, index) => {
    const at = `${relative(PROJECT, page)}:${index + 1}`;
    const [, language] = /^ *```(\w*)/.exec(line) ?? [];
    if (language !== undefined) {
      fence = fence === undefined ? language : undefined;
      return [];
    }
    if (fence !== undefined) return FENCES.includes(fence) ? commandsOf(line, at) : [];
    return [...line.matchAll(/`([^`]+)`/g)].flatMap(([, code = ""]) =>
      /\s/.test(code) ? commandsOf(code, at) : [],
    );
  });
}

/** A comment begins with `#`, or in a table of commands with two spaces. */
function commandsOf(line: string, at: string): DocumentedCommand[] {
  const [code = "", ...comments] = line
    .trim()
    .replace(/^\$ /, "")
    .split(/\s+#\s|\s{2,}/);
  const [, needs] = /\bneeds (.+)$/.exec(comments.join(" ")) ?? [];
  return code
    .split(/\s*(?:&&|\|)\s*/)
    .map((each) => each.replace(/ ?< .*$/, "").split(/\s+/))
    .filter(([program = ""]) => PROGRAMS.includes(program))
    .map((words) => ({ at, words, ...(needs === undefined ? {} : { needs }) }));
}
