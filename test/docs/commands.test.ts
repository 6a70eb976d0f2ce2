import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { Command } from "commander";
import { explain } from "../../components/core/plan/explain";
import { drills } from "../../lab/drills";
import { loadPlan, planOf } from "../../stacks/load";
import type { Answers } from "../../stacks/new/answers";
import { withDefaults } from "../../stacks/new/ask";
import { compose } from "../../stacks/new/compose";
import { CONFIG_DIR, PROJECT, readStackFile, stackPath, stacksIn } from "../../stacks/stack-file";
import { commandsIn, type DocumentedCommand, pages } from "./commands";
import { COVERED, FOREIGN } from "./kinds";

const { scripts } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

const all = pages().flatMap((page) => commandsIn(page, readFileSync(page, "utf8")));
const text = ({ words }: DocumentedCommand) => words.join(" ");
const isFlag = (word: string) => word.startsWith("-");
/** A word that stands for what the reader has: STACK, HOST, …. */
const isPlaceholder = (word: string) => /[A-Z…<[]/.test(word);

/** `npm test`, `npm run SCRIPT -- words`: the script, and what it is given. */
function npmOf({ words }: DocumentedCommand): { script: string; given: string[] } | undefined {
  const [npm, verb, name = ""] = words;
  if (npm !== "npm" || (verb !== "run" && verb !== "test")) return undefined;
  const rest = words.slice(verb === "test" ? 2 : 3);
  return { script: verb === "test" ? "test" : name, given: rest[0] === "--" ? rest.slice(1) : rest };
}

const hostWords = ({ words }: DocumentedCommand): string[] | undefined => {
  const [first, ...rest] = words[0] === "sudo" ? words.slice(1) : words;
  return first === "nodewright-host" ? rest : undefined;
};

/** Flags that the program of a script declares, in its own folder. */
function flagsOf(script: string): string[] {
  const [entry = ""] = programOf(script);
  const folder = join(PROJECT, dirname(entry));
  const sources = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  return sources.flatMap((name) =>
    [...readFileSync(join(folder, name), "utf8").matchAll(/option\(\s*"(?:-\w, )?(--[\w-]+)/g)].map(
      ([, flag = ""]) => flag,
    ),
  );
}

/** The agent's own commands, declared as its main does: whatever a file of them adds. */
function agentProgram(): Command {
  const program = new Command("nodewright-host");
  const folder = join(PROJECT, "agent", "commands");
  for (const name of readdirSync(folder)) {
    const exported = require(join(folder, name)) as Record<string, unknown>;
    for (const [key, add] of Object.entries(exported))
      if (/^add\w+Commands?$/.test(key) && typeof add === "function") add(program);
  }
  return program;
}

/** What `npm run new` was given, as its answers. */
function answersOf(flags: readonly string[]): Answers {
  const pairs = flags.flatMap((flag, index): [key: string, value: string | string[] | false][] => {
    const key = flag.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const value = flags[index + 1] ?? "";
    if (flag === "--no-producer") return [["producer", false]];
    if (!isFlag(flag)) return [];
    return [[key, key === "admins" ? [value] : value === "FILE" ? KEY : value]];
  });
  return Object.fromEntries(pairs);
}

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJkxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAx you";

/** The program of a script and its own words: `lab/main.ts up`. */
const programOf = (script: string): string[] => (scripts[script] ?? "").split(" ").slice(2);
/** Scripts that take no flags, or none that a page names: they print no help. */
const PLAIN = ["check", "build", "schema", "test"];

describe("commands in the docs", function () {
  this.timeout(1_800_000);

  it("are found", () => {
    expect(all.map(text)).to.include.members(["npm run lab", "npm run plan -- lab --json", "npm test"]);
    expect(all.length).to.be.greaterThan(80);
  });

  it("are each run here, run by a suite, another maker's, or marked with what they need", () => {
    const classed = (command: DocumentedCommand) =>
      command.needs !== undefined ||
      npmOf(command) !== undefined ||
      hostWords(command) !== undefined ||
      text(command) === ".ci/run" ||
      COVERED.some((each) => each.command.test(text(command))) ||
      FOREIGN.some((each) => each.test(text(command)));
    expect(
      all.filter((command) => !classed(command)).map((each) => `${each.at} ${text(each)}`),
    ).to.deep.equal([]);
  });

  it("that a suite covers are in that suite", () => {
    for (const { suite, by } of COVERED)
      expect(readFileSync(join(PROJECT, suite), "utf8").includes(by), `${suite} has no ${by}`).to.equal(true);
  });

  it("of npm are scripts of this project, with flags that their programs know", () => {
    const wrong: string[] = [];
    for (const command of all) {
      const npm = npmOf(command);
      if (!npm) continue;
      const { script, given } = npm;
      const flags = given.filter(isFlag).filter((flag) => flag !== "--help");
      const name = given.find((word) => !isFlag(word)) ?? "STACK";
      const known = PLAIN.includes(script) ? [] : flagsOf(script);
      const strange = flags.filter((flag) => !known.includes(flag.replace(/^--no-producer$/, "--producer")));
      if (!(script in scripts)) wrong.push(`${command.at} ${text(command)}: no such script`);
      else if (strange.length > 0) wrong.push(`${command.at} ${text(command)}: no ${strange.join(", ")}`);
      else if (script === "drill" && !isPlaceholder(name) && !drills.some((each) => each.name === name))
        wrong.push(`${command.at} ${text(command)}: no such drill`);
    }
    expect(wrong).to.deep.equal([]);
  });

  it("name stacks that are here", () => {
    const stacks = stacksIn(CONFIG_DIR);
    const named = all.flatMap((command) => {
      const npm = npmOf(command);
      return npm && ["plan", "preview", "mirror", "doctor", "tls", "policy"].includes(npm.script)
        ? npm.given.filter((word) => /^[a-z][a-z-]+$/.test(word)).map((stack) => ({ stack, command }))
        : [];
    });
    expect(named.length).to.be.greaterThan(3);
    expect(
      named
        .filter(({ stack }) => !stacks.includes(stack))
        .map(({ command }) => `${command.at} ${text(command)}`),
    ).to.deep.equal([]);
  });

  it("name suites that are here", () => {
    const paths = all.flatMap((command) =>
      npmOf(command)?.script === "test" ? (npmOf(command)?.given ?? []) : [],
    );
    expect(paths.filter((path) => !existsSync(join(PROJECT, path)))).to.deep.equal([]);
  });

  it("of a host are commands of its agent, with flags that it knows", () => {
    const program = agentProgram();
    const wrong = all.filter((command) => {
      const words = hostWords(command)?.filter((word) => !/[[\]]/.test(word));
      if (!words) return false;
      const [verb = "", next = ""] = words;
      const found = program.commands.find((each) => each.name() === verb);
      const inner = found?.commands.find((each) => each.name() === next);
      const isStrange = found !== undefined && found.commands.length > 0 && !inner && /^[a-z]/.test(next);
      const flags = (inner ?? found)?.options.map(({ long }) => long) ?? [];
      return !found || isStrange || words.some((word) => isFlag(word) && !flags.includes(word));
    });
    expect(wrong.map((command) => `${command.at} ${text(command)}`)).to.deep.equal([]);
  });

  it("ask for units that hosts have", () => {
    const units = new Set(
      stacksIn(CONFIG_DIR).flatMap((stack) => {
        const { raw = {} } = readStackFile(stackPath(stack));
        return (loadPlan(stack, raw).plan?.hosts ?? []).flatMap((host) =>
          host.services.map(({ unit }) => unit),
        );
      }),
    );
    const asked = all.flatMap((command) => {
      const at = text(command);
      const named = /journalctl -u/.test(at)
        ? [...at.matchAll(/-u (\S+)/g)].map(([, unit = ""]) => unit)
        : [/systemctl \w+ (\S+)/.exec(at)?.[1] ?? "UNIT"];
      return /journalctl|systemctl/.test(at) ? named.map((unit) => ({ unit, where: command.at })) : [];
    });
    const strange = asked.filter(
      ({ unit }) => !isPlaceholder(unit) && !units.has(unit.replace(/\.(service|timer)$/, "")),
    );
    expect(strange.map(({ unit, where }) => `${where} ${unit}`)).to.deep.equal([]);
  });

  it("that cost nothing end well: new stacks, as the pages ask for them", () => {
    const asked = all.flatMap((command) => {
      const npm = npmOf(command);
      return npm?.script === "new" && npm.given.length > 1 ? [npm.given] : [];
    });
    expect(asked.length).to.be.greaterThan(3);
    for (const [stack = "", ...flags] of asked)
      expect(compose(stack, withDefaults(answersOf(flags))).plan.stack).to.equal(stack);
  });

  it("that cost nothing end well: plans of every stack that a page names", () => {
    const plans = all.flatMap((command) => {
      const npm = npmOf(command);
      const [stack = "STACK"] = npm?.given ?? [];
      return npm?.script === "plan" && !isPlaceholder(stack) ? [stack] : [];
    });
    expect(plans.length).to.be.greaterThan(0);
    for (const stack of new Set(plans)) expect(explain(planOf(stack).plan)).to.include(stack);
  });
});

describe("the search for commands in the docs", () => {
  const found = (page: string) =>
    commandsIn(join(PROJECT, "docs", "x.md"), page).map((each) => ({ ...each, words: text(each) }));

  it("sees fences, sentences, comments and what a command needs", () => {
    const page =
      "Run `npm run plan -- lab`, not `npm`.\n```\nnpm run lab  # needs root\n  diagram ─▶ x\n```\n```yaml\nnpm: no\n```";
    expect(found(page)).to.deep.equal([
      { at: "docs/x.md:1", words: "npm run plan -- lab" },
      { at: "docs/x.md:3", words: "npm run lab", needs: "root" },
    ]);
  });

  it("takes apart what a shell puts together", () => {
    const page =
      "`npm run lab:down && npm run lab`, `openssl rand -base64 32 | pulumi config set --secret a < b`";
    expect(found(page).map(({ words }) => words)).to.deep.equal([
      "npm run lab:down",
      "npm run lab",
      "openssl rand -base64 32",
      "pulumi config set --secret a",
    ]);
  });
});
