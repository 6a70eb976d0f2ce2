import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { printHaproxy } from "../../../cloud-init/emit/haproxy";
import type { HaproxySection } from "../../../components/core/services/service";
import { anvilProgram } from "../../lab/stand-ins/anvil-program";
import type { DebianTree } from "../../support/debian-tree";
import { freePort } from "../../support/free-port";
import { type Running, start } from "./process";

const TSX = ["--require", "tsx/cjs"];
const program = (name: string) => join(__dirname, `${name}.ts`);

export const startNode = async (name: string, ...words: number[]): Promise<Running> => {
  const port = await freePort();
  return start([process.execPath, ...TSX, program(name), `${port}`, ...words.map(String)], port);
};

const plainSections = (port: number, upstream: number): HaproxySection[] => [
  {
    kind: "defaults",
    lines: [
      ["mode", "http"],
      ["timeout", "connect", "5s"],
      ["timeout", "client", "30s"],
      ["timeout", "server", "30s"],
    ],
  },
  {
    kind: "frontend",
    name: "all",
    lines: [
      ["bind", `127.0.0.1:${port}`],
      ["default_backend", "node"],
    ],
  },
  { kind: "backend", name: "node", lines: [["server", "node", `127.0.0.1:${upstream}`]] },
];

/** HAProxy that looks at nothing: what any HAProxy in the way costs. */
export async function plainHaproxy(tree: DebianTree, folder: string, upstream: number): Promise<Running> {
  const port = await freePort();
  const file = join(folder, `plain-${port}.cfg`);
  writeFileSync(file, printHaproxy(plainSections(port, upstream)));
  return start([tree.program("haproxy"), "-f", file], port, tree.env);
}

/** Whose accounts anvil gives money to. */
export const ANVIL_PHRASE = "test test test test test test test test test test test junk";

/** A real EVM client, with a block a second. */
export async function anvil(): Promise<Running> {
  const { path, remove } = await anvilProgram();
  const port = await freePort();
  const running = await start([path, "--port", `${port}`, "--block-time", "1", "--silent"], port);
  return { ...running, stop: () => running.stop().finally(remove) };
}
