import type Docker from "dockerode";
import { parse, stringify } from "yaml";
import { DRILL } from "../../agent/layout";
import { SYSTEMD_CONTAINER } from "../../components/targets/docker/container";
import { type ContainerArgs, MIRROR_ON_HOST, renderDocker } from "../../components/targets/docker/render";
import { MIRROR } from "../../stacks/stack-file";
import { tarArchive } from "../plugins/docker/tar";
import { need } from "./run";
import type { SampleLab } from "./sample-lab";

interface Birth {
  /** Words put before the agent's first run: what ends it. Default none. */
  before?: readonly string[];
}

/**
 * Boots a machine with a host's own user data, beside that host: same document, same name, an address of its own on the
 * lab's cluster network, and none of its secrets. Answers with its agent's command, when cloud-init has ended.
 */
export async function bearTwin(
  lab: SampleLab,
  host: string,
  twin: string,
  { before = [] }: Birth,
  until: (what: string, holds: () => Promise<boolean>) => Promise<void>,
): Promise<string[]> {
  const args = need(
    renderDocker(lab.plan).hosts.find((each) => each.host.name === host),
    host,
  );
  await removeTwin(lab, twin);
  const container = await lab.docker.createContainer(await machine(lab, args, host, twin));
  const files = args.seed.map(({ file, content }) => ({
    file,
    content: Buffer.from(file.endsWith("/user-data") ? withEnd(content, before) : content),
    mode: 0o644,
    uid: 0,
    gid: 0,
  }));
  await container.putArchive(tarArchive(files), { path: "/" });
  await container.start();
  await until(`cloud-init has ended on ${twin}`, async () => {
    return (await lab.tryInHost(twin, "test", "-e", "/var/lib/cloud/instance/boot-finished")).code === 0;
  });
  return args.birth.agentCommand;
}

/** Removes a twin and its data. */
export async function removeTwin(lab: SampleLab, twin: string): Promise<void> {
  await lab
    .container(twin)
    .remove({ force: true, v: true })
    .catch((cause: { statusCode?: number }) => {
      if (cause.statusCode !== 404) throw cause;
    });
}

/** As the lab's own host, but that Docker picks its address and keeps its data only as long as the machine. */
async function machine(
  lab: SampleLab,
  args: ContainerArgs,
  host: string,
  twin: string,
): Promise<Docker.ContainerCreateOptions> {
  const { Image } = await lab.container(host).inspect();
  const cluster = need(
    renderDocker(lab.plan).networks.find(({ key }) => key === "cluster"),
    "cluster",
  );
  // dockerode's types do not know the private cgroup namespace yet.
  const hostConfig = {
    CapAdd: [...SYSTEMD_CONTAINER.capabilities],
    SecurityOpt: [...SYSTEMD_CONTAINER.securityOpts],
    CgroupnsMode: SYSTEMD_CONTAINER.cgroupnsMode,
    Tmpfs: { ...SYSTEMD_CONTAINER.tmpfs },
    Binds: [`${MIRROR}:${MIRROR_ON_HOST}:ro`],
    NetworkMode: cluster.name,
  };
  return {
    name: `${lab.name}-${twin}`,
    Image,
    Hostname: args.hostname,
    Entrypoint: [...SYSTEMD_CONTAINER.entrypoints],
    Env: [...SYSTEMD_CONTAINER.envs],
    StopSignal: SYSTEMD_CONTAINER.stopSignal,
    // With the lab's labels, `npm run lab:down` knows it for its own after a drill that was killed.
    Labels: args.labels,
    Volumes: { [args.volume.path]: {} },
    HostConfig: hostConfig,
  };
}

/** The same user data, with leave for the agent to be ended and words before its run. Nothing else of the birth differs. */
function withEnd(userData: string, before: readonly string[]): string {
  const config = parse(userData) as { bootcmd: string[][]; runcmd: string[][] };
  const provision = need(config.runcmd.at(-1), "the command that provisions");
  return `#cloud-config\n${stringify(
    {
      ...config,
      bootcmd: [...config.bootcmd, ["install", "-D", "/dev/null", DRILL]],
      runcmd: [...config.runcmd.slice(0, -1), [...before, ...provision]],
    },
    { lineWidth: 0 },
  )}`;
}
