import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "../components/core/config/finding";
import { labDown } from "./down";
import { CACHE, type Room } from "./room";

/** Takes the lab down and removes every cache: engine, host image, artifacts, and the Docker engine's own data. */
export async function labClean(room: Room, signal: AbortSignal): Promise<void> {
  if (existsSync(room.folder)) await labDown(room, signal);
  const labs = dirname(room.folder);
  const others = existsSync(labs) ? readdirSync(labs) : [];
  if (others.length > 0)
    throw new UserError(
      `other labs of this folder are up: ${others.join(", ")}. Take them down first: npm run lab:down -- --stack NAME`,
    );
  rmSync(CACHE, { recursive: true, force: true });
}
