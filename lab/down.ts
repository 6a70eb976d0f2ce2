import { existsSync, rmSync } from "node:fs";
import { UserError } from "../components/core/config/finding";
import { reachDocker, releaseDocker } from "./docker/daemon";
import { prepareSetup } from "./engine/setup";
import { destroy, openStack } from "./engine-run";
import { recover } from "./recover";
import { CACHE, type Room } from "./room";
import { runSteps } from "./steps";

/** Takes a lab down: hosts, networks, chain, keys, and the Docker engine if it was started for labs and none is left. */
export async function labDown(room: Room, signal: AbortSignal): Promise<void> {
  if (!existsSync(room.folder))
    throw new UserError(`the lab "${room.stack}" is not up: there is nothing to take down`);
  const remove = {
    name: "hosts",
    run: async (progress: (line: string) => void) => {
      const setup = await prepareSetup(progress);
      const docker = await reachDocker({ cache: CACHE, user: room.folder, progress, signal });
      const stack = await openStack({ setup, room });
      await recover(room, stack, docker.api, progress);
      await destroy(stack, { setup, room, progress, signal });
      await releaseDocker({ cache: CACHE, user: room.folder, progress });
      rmSync(room.folder, { recursive: true });
      return "removed";
    },
  };
  await runSteps([remove], {});
}
