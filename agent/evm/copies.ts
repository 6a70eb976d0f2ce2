import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ensureFolder, list, readText, writeAtomic } from "../disk";
import { mustRun, type System } from "../system";
import type { EvmSettings } from "./settings";

/** A copy of the database, made while eos-evm-node stood still. */
export interface Copy {
  /** Of its folder: when it was made, so that the last name is the newest. */
  name: string;
  time: string;
  /** Head of the native chain when eos-evm-node was stopped: nothing in the copy is newer. */
  native: { num: number; id: string };
  bytes: number;
}

type About = Pick<EvmSettings, "chainData">;

const copySchema = z.object({
  time: z.string(),
  native: z.object({ num: z.number(), id: z.string() }),
  bytes: z.number(),
});

const DATABASE = "chaindata";
const ABOUT = "copy.json";
/** What a restore put aside: no good copy, but the only one until the next run lasts. */
const ASIDE = "chaindata.aside";
const PART = "chaindata.part";

const folderOf = ({ chainData }: About): string => join(chainData, "copies");

/** Newest first. A folder that is not whole is none. */
export async function copiesOf(system: System, about: About): Promise<Copy[]> {
  const folder = folderOf(about);
  const names = (await list(system, folder))
    .filter((name) => !name.startsWith("."))
    .sort()
    .reverse();
  const copies = await Promise.all(
    names.map(async (name): Promise<Copy[]> => {
      const text = await readText(system, join(folder, name, ABOUT));
      const parsed = text === undefined ? undefined : copySchema.safeParse(JSON.parse(text));
      return parsed?.success ? [{ name, ...parsed.data }] : [];
    }),
  );
  return copies.flat();
}

/** Bytes of the database as the disk counts them; 0 where there is none. */
async function sizeOf(system: System, { chainData }: About): Promise<number> {
  const { code, stdout } = await system.run(["du", "-s", "-B1", system.path(join(chainData, DATABASE))]);
  return code === 0 ? Number.parseInt(stdout.toString(), 10) : 0;
}

export const hasDatabase = async (system: System, { chainData }: About): Promise<boolean> =>
  (await list(system, join(chainData, DATABASE))).length > 0;

/** Room that must be left beside a copy, as a part of the copy: the chain goes on growing. */
const SPARE = 1;

/**
 * Copies the database, which nobody may write meanwhile, and drops the oldest beyond `copies`. Answers with why there is
 * none, undefined when there is. Where the file system shares blocks it takes no time and no room.
 */
export async function takeCopy(
  system: System,
  settings: Pick<EvmSettings, "chainData" | "copies">,
  native: Copy["native"],
): Promise<string | undefined> {
  const bytes = await sizeOf(system, settings);
  const { freeBytes } = await system.space(settings.chainData);
  if (freeBytes < bytes * (1 + SPARE))
    return `no room for a copy of the chain data: ${freeBytes} bytes are free, twice ${bytes} are asked for`;
  const folder = folderOf(settings);
  const time = system.now().toISOString();
  const name = time.replaceAll(/[:.]/g, "-");
  const part = join(folder, ".part");
  await rm(system.path(part), { recursive: true, force: true });
  await ensureFolder(system, part);
  await copyTree(system, join(settings.chainData, DATABASE), join(part, DATABASE));
  await writeAtomic(system, join(part, ABOUT), JSON.stringify({ time, native, bytes }));
  await rename(system.path(part), system.path(join(folder, name)));
  for (const { name: old } of (await copiesOf(system, settings)).slice(settings.copies))
    await rm(system.path(join(folder, old)), { recursive: true, force: true });
  return undefined;
}

/** Puts a copy in the place of the database, which is put aside and not deleted before. Killed at any point it can be done again. */
export async function restoreCopy(system: System, about: About, name: string): Promise<void> {
  await putAside(system, about);
  const inside = (each: string) => join(about.chainData, each);
  await rm(system.path(inside(PART)), { recursive: true, force: true });
  await copyTree(system, join(folderOf(about), name, DATABASE), inside(PART));
  await rename(system.path(inside(PART)), system.path(inside(DATABASE)));
}

/** The database goes out of the way: the next start begins from the genesis. */
export async function putAside(system: System, about: About): Promise<void> {
  if (!(await hasDatabase(system, about))) return;
  await dropAside(system, about);
  const inside = (each: string) => system.path(join(about.chainData, each));
  await rename(inside(DATABASE), inside(ASIDE));
}

/** What was put aside is needed no longer. */
export const dropAside = (system: System, { chainData }: About): Promise<void> =>
  rm(system.path(join(chainData, ASIDE)), { recursive: true, force: true });

const copyTree = (system: System, from: string, to: string) =>
  mustRun(system, ["cp", "--archive", "--reflink=auto", "--", system.path(from), system.path(to)]);
