import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../components/core/config/finding";
import { releaseDocker } from "./docker/daemon";
import { labDown } from "./down";
import { CACHE, type Room } from "./room";

/** Takes the lab down and removes every cache: engine, host image, artifacts, and the Docker engine's own data. */
export async function labClean(room: Room, signal: AbortSignal): Promise<void> {
  if (existsSync(room.folder)) await labDown(room, signal);
  const labs = dirname(room.folder);
  const ours = existsSync(labs) ? readdirSync(labs) : [];
  if (ours.length > 0)
    throw new UserError(
      `other labs of this folder are up: ${ours.join(", ")}. Take them down first: npm run lab:down -- --stack NAME`,
    );
  // The machine's one Docker engine for labs may keep its data here and serve labs of other folders.
  const { others } = await releaseDocker({ cache: CACHE, user: room.folder, progress: () => {} });
  if (others.length > 0 && existsSync(join(CACHE, "docker")))
    throw new UserError(
      `the Docker engine that was started from this folder still serves ${others.join(", ")}. Take these labs down first, then run this again`,
    );
  rmSync(CACHE, { recursive: true, force: true });
}
