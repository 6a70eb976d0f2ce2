import { isDeepStrictEqual } from "node:util";
import type Docker from "dockerode";
import type { VolumeInspectInfo } from "dockerode";
import { z } from "zod";
import { type Resource, resource } from "../resource";
import type { Properties } from "../value";
import { DockerProblem, statusOf, unlessGone } from "./daemon";
import { isOwn, labelsList, labelsRecord, labelsSchema } from "./labels";

const schema = z.strictObject({
  name: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/, "two or more letters, digits, or _ . -"),
  driver: z.string().optional(),
  driverOpts: z.record(z.string(), z.string()).optional(),
  labels: labelsSchema.optional(),
});

type VolumeInputs = z.infer<typeof schema>;

/** `docker:index/volume:Volume`. Its id is its name; every change replaces it, and with it the data. */
export function volumeResource(docker: Docker): Resource {
  return resource<VolumeInputs>({
    schema,
    computed: { mountpoint: [] },
    autoname: true,
    unordered: ["labels"],
    inPlace: () => false,
    create: async ({ signal }, inputs) => {
      const found = await leftover(docker, inputs);
      if (!found) {
        await docker.createVolume({
          Name: inputs.name,
          Driver: inputs.driver ?? "local",
          DriverOpts: inputs.driverOpts,
          Labels: labelsRecord(inputs.labels),
          abortSignal: signal,
        });
      }
      return { id: inputs.name, outputs: outputsOf(await docker.getVolume(inputs.name).inspect()) };
    },
    read: async (_call, id, inputs) => {
      const found = await unlessGone(docker.getVolume(id).inspect());
      return found && { inputs: inputs ? drift(inputs, found) : inputsOf(found), outputs: outputsOf(found) };
    },
    update: async () => ({}),
    delete: async (_call, id) => remove(docker, id),
  });
}

/** The volume that an interrupted run left, kept with its data; an error when the name belongs to something else. */
async function leftover(docker: Docker, inputs: VolumeInputs): Promise<VolumeInspectInfo | undefined> {
  const found = await unlessGone(docker.getVolume(inputs.name).inspect());
  if (!found) return undefined;
  const remedy = `remove it (docker volume rm ${inputs.name}; its data goes with it), or choose another name`;
  if (!isOwn(labelsRecord(inputs.labels), found.Labels)) {
    throw new DockerProblem(
      `volume "${inputs.name}" exists already and does not carry this resource's labels: ${remedy}`,
    );
  }
  const same =
    found.Driver === (inputs.driver ?? "local") &&
    isDeepStrictEqual({ ...found.Options }, { ...inputs.driverOpts });
  if (same) return found;
  throw new DockerProblem(
    `volume "${inputs.name}" was left by an earlier run with another driver or options: ${remedy}`,
  );
}

function outputsOf(found: VolumeInspectInfo): Properties {
  return { mountpoint: found.Mountpoint };
}

/** A volume's id is its name, so that somebody can have made another one of that name since. */
function drift(inputs: Properties, found: VolumeInspectInfo): Properties {
  const before = schema.partial().safeParse(inputs);
  const same = before.success && isDeepStrictEqual(labelsRecord(before.data.labels), { ...found.Labels });
  return same ? {} : { labels: labelsList(found.Labels) };
}

function inputsOf(found: VolumeInspectInfo): Properties {
  return {
    name: found.Name,
    driver: found.Driver,
    ...(found.Options ? { driverOpts: found.Options } : {}),
    labels: labelsList(found.Labels),
  };
}

async function remove(docker: Docker, id: string): Promise<void> {
  try {
    await unlessGone(docker.getVolume(id).remove());
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    const users = await docker.listContainers({ all: true, filters: { volume: [id] } });
    const names = users.map((container) => container.Names[0]?.replace(/^\//, "")).join(", ");
    throw new DockerProblem(
      `volume "${id}" is still used by ${names || "a container"}: remove that first, then run again`,
    );
  }
}
