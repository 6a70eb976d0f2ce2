import type Docker from "dockerode";
import type { ImageInspectInfo } from "dockerode";
import { z } from "zod";
import { type Call, type Resource, resource } from "../resource";
import type { Properties } from "../value";
import { DockerProblem, daemonMessage, statusOf, unlessGone } from "./daemon";

const schema = z.strictObject({
  name: z.string().min(1),
  keepLocally: z.boolean().optional(),
  forceRemove: z.boolean().optional(),
  platform: z.string().optional(),
  pullTriggers: z.array(z.string()).optional(),
  triggers: z.record(z.string(), z.string()).optional(),
});

type RemoteImageInputs = z.infer<typeof schema>;

const IN_PLACE = new Set<unknown>(["keepLocally", "forceRemove"]);

/** `docker:index/remoteImage:RemoteImage`: an image that the daemon has is used as it is, another one is pulled. */
export function remoteImageResource(docker: Docker): Resource {
  return resource<RemoteImageInputs>({
    schema,
    computed: { imageId: [], repoDigest: [] },
    unordered: ["pullTriggers"],
    inPlace: (change) => IN_PLACE.has(change.path[0]),
    create: async (call, inputs) => {
      const found =
        (await unlessGone(docker.getImage(inputs.name).inspect())) ?? (await pull(docker, call, inputs));
      // The form of the official provider, whose state this one must be able to take over and hand back.
      return { id: `${found.Id}${inputs.name}`, outputs: outputsOf(found) };
    },
    read: async (_call, id, inputs) => {
      const name = inputs ? String(inputs.name) : id.replace(/^sha256:[0-9a-f]{64}/, "");
      const found = await unlessGone(docker.getImage(name).inspect());
      return found && { inputs: inputs ? {} : { name }, outputs: outputsOf(found) };
    },
    update: async () => ({}),
    delete: async (_call, _id, state) => remove(docker, state),
  });
}

async function pull(docker: Docker, call: Call, inputs: RemoteImageInputs): Promise<ImageInspectInfo> {
  try {
    const options = { ...(inputs.platform ? { platform: inputs.platform } : {}), abortSignal: call.signal };
    const progress = await docker.pull(inputs.name, options);
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(progress, (error: Error | null) => (error ? reject(error) : resolve()));
    });
    return await docker.getImage(inputs.name).inspect();
  } catch (error) {
    throw new DockerProblem(
      `the daemon has no image "${inputs.name}" and could not pull it (${daemonMessage(error)}): load or build it first, or make its registry reachable`,
    );
  }
}

function outputsOf(found: ImageInspectInfo): Properties {
  return { imageId: found.Id, repoDigest: found.RepoDigests?.[0] ?? "" };
}

async function remove(docker: Docker, state: Properties): Promise<void> {
  if (state.keepLocally === true) return;
  const name = String(state.name);
  try {
    await unlessGone(docker.getImage(name).remove({ force: state.forceRemove === true }));
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    throw new DockerProblem(
      `image "${name}" is still used (${daemonMessage(error)}): set keepLocally to leave it there`,
    );
  }
}
