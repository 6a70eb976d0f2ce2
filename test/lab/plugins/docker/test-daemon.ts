import type Docker from "dockerode";
import { connectDaemon, daemonHost } from "../../../../lab/plugins/docker/daemon";

/** Everything that these suites make begins with this, and is removed again. */
export const PREFIX = "plug-nodewright-";

/** Why suites with real containers do not run here; undefined when they can. */
export function missingDaemon(): string | undefined {
  return process.env.DOCKER_HOST ? undefined : "needs DOCKER_HOST: the address of a Docker daemon for tests";
}

export function testDaemon(): Docker {
  return connectDaemon(daemonHost(undefined));
}

/**
 * The image for these suites: `NODEWRIGHT_TEST_IMAGE`, an image with /bin/sleep and /bin/sh that the daemon has
 * already. Without it the first image that the daemon holds.
 */
export async function testImage(docker: Docker): Promise<string> {
  const wanted = process.env.NODEWRIGHT_TEST_IMAGE;
  if (wanted) return wanted;
  const [first] = await docker.listImages();
  if (!first) throw new Error("the daemon holds no image: load one with /bin/sh and /bin/sleep");
  return first.Id;
}

/** Removes what a failed test may have left. */
export async function sweep(docker: Docker): Promise<void> {
  for (const { Id, Names } of await docker.listContainers({ all: true })) {
    if (Names.some((name) => name.startsWith(`/${PREFIX}`)))
      await docker.getContainer(Id).remove({ force: true, v: true });
  }
  for (const { Id, Name } of await docker.listNetworks()) {
    if (Name.startsWith(PREFIX)) await docker.getNetwork(Id).remove();
  }
  for (const { Name } of (await docker.listVolumes()).Volumes) {
    if (Name.startsWith(PREFIX)) await docker.getVolume(Name).remove();
  }
}
