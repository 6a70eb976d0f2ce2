import type Docker from "dockerode";
import type { Change } from "../diff";
import { propertyOf } from "../diff";
import { type Call, type ResourceSpec, resource, type Update } from "../resource";
import type { Properties } from "../value";
import { takenPorts } from "./conflicts";
import { awaitContainer } from "./container-health";
import { changeableOptions, containerOptions, furtherNetworks } from "./container-options";
import { type ContainerInputs, containerSchema } from "./container-schema";
import { containerDrift, containerOutputs, isUp } from "./container-state";
import { DockerProblem, daemonMessage, unlessGone } from "./daemon";
import { isOwn, labelsRecord } from "./labels";
import { uploadArchive } from "./uploads";

/** Limits: a living container takes a new value over, but the daemon has no way to take a limit away. */
const LIMITS = new Set(["memory", "memoryReservation", "memorySwap", "cpuShares", "cpuSet", "cpus"]);
const POLICY = new Set(["restart", "maxRetryCount"]);
/** Read when the container is started or removed; nothing of them is in the daemon. */
const OWN = new Set(["destroyGraceSeconds", "removeVolumes", "mustRun", "start", "wait", "waitTimeout"]);

/** `docker:index/container:Container`. As in the official provider, most changes replace it. */
export function containerSpec(docker: Docker): ResourceSpec<ContainerInputs> {
  return {
    schema: containerSchema,
    computed: { networkDatas: [] },
    autoname: true,
    unordered: UNORDERED,
    inPlace: canChange,
    exclusive: (inputs) =>
      (inputs.ports ?? []).length > 0 ||
      (inputs.networksAdvanced ?? []).some((network) => network.ipv4Address ?? network.ipv6Address),
    create: (call, inputs) => create(docker, call, inputs),
    read: (_call, id, inputs) => read(docker, id, inputs),
    update: (call, id, inputs, update) => change(docker, call, id, inputs, update),
    delete: (_call, id, state) => remove(docker, id, state),
  };
}

export const containerResource = (docker: Docker) => resource(containerSpec(docker));

const UNORDERED = [
  "networksAdvanced",
  "labels",
  "envs",
  "uploads",
  "volumes",
  "mounts",
  "hosts",
  "ulimits",
  "dns",
  "dnsOpts",
  "dnsSearches",
  "securityOpts",
  "groupAdds",
  "capabilities.adds",
  "capabilities.drops",
];

function canChange(change: Change): boolean {
  const property = propertyOf(change);
  return POLICY.has(property) || OWN.has(property) || (LIMITS.has(property) && change.kind !== "delete");
}

async function create(docker: Docker, { signal }: Call, inputs: ContainerInputs) {
  await removeLeftover(docker, inputs);
  const container = await docker.createContainer({ ...containerOptions(inputs), abortSignal: signal });
  try {
    for (const { name, settings } of furtherNetworks(inputs)) {
      await docker.getNetwork(name).connect({ Container: container.id, EndpointConfig: settings });
    }
    if (inputs.uploads?.length) await container.putArchive(uploadArchive(inputs.uploads), { path: "/" });
    signal.throwIfAborted();
    if (inputs.start !== false) {
      await start(docker, container.id, inputs);
      await awaitContainer(docker, container.id, inputs, signal);
    }
    return { id: container.id, outputs: containerOutputs(await container.inspect()) };
  } catch (error) {
    // Half a container would stand in the way of the next run, or run without its files.
    await unlessGone(container.remove({ force: true, v: true }));
    throw error;
  }
}

async function start(docker: Docker, id: string, inputs: ContainerInputs): Promise<void> {
  try {
    await docker.getContainer(id).start();
  } catch (error) {
    const message = daemonMessage(error);
    if (!/port is already allocated|address already in use/.test(message)) throw error;
    const taken = takenPorts(inputs.ports ?? [], await docker.listContainers());
    throw new DockerProblem(
      taken.length > 0
        ? `container "${inputs.name}": already published: ${taken.join("; ")}; choose another external port or remove that container`
        : `container "${inputs.name}": a port that it publishes is in use by another program of the machine (${message})`,
    );
  }
}

/** Clears the name of what an interrupted run left; an error when it belongs to something else. */
async function removeLeftover(docker: Docker, inputs: ContainerInputs): Promise<void> {
  const image = await unlessGone(docker.getImage(inputs.image).inspect());
  if (!image) {
    throw new DockerProblem(
      `container "${inputs.name}": the daemon has no image "${inputs.image}"; load it first, or pull it with docker.RemoteImage`,
    );
  }
  const container = docker.getContainer(inputs.name);
  const found = await unlessGone(container.inspect());
  // A name also finds an id that begins with it.
  if (!found || found.Name !== `/${inputs.name}`) return;
  if (!isOwn(labelsRecord(inputs.labels), found.Config.Labels, image.Config?.Labels)) {
    throw new DockerProblem(
      `container "${inputs.name}" exists already and does not carry this resource's labels: remove it (docker rm -f ${inputs.name}), or choose another name`,
    );
  }
  await unlessGone(container.remove({ force: true, v: true }));
}

async function read(docker: Docker, id: string, inputs: Properties | undefined) {
  const found = await unlessGone(docker.getContainer(id).inspect());
  if (!found) return undefined;
  if (!inputs) {
    throw new DockerProblem(
      `container ${id} cannot be imported by this project's own plugin: its uploads cannot be read back; let the program create it`,
    );
  }
  return { inputs: containerDrift(inputs, found), outputs: containerOutputs(found) };
}

async function change(docker: Docker, call: Call, id: string, inputs: ContainerInputs, { changes }: Update) {
  const container = docker.getContainer(id);
  if (changes.some((one) => LIMITS.has(propertyOf(one)) || POLICY.has(propertyOf(one)))) {
    await container.update(changeableOptions(inputs));
  }
  if (inputs.start !== false && inputs.mustRun !== false && !isUp(await container.inspect())) {
    await start(docker, id, inputs);
    await awaitContainer(docker, id, inputs, call.signal);
  }
  return containerOutputs(await container.inspect());
}

async function remove(docker: Docker, id: string, state: Properties): Promise<void> {
  const container = docker.getContainer(id);
  const grace = Number(state.destroyGraceSeconds ?? 0);
  if (grace > 0) await unlessGone(container.stop({ t: grace }).catch(unlessStopped));
  await unlessGone(container.remove({ force: true, v: state.removeVolumes !== false }));
}

/** The daemon answers 304 for a container that is not running. */
function unlessStopped(error: unknown): void {
  if (!(typeof error === "object" && error !== null && "statusCode" in error && error.statusCode === 304))
    throw error;
}
