import type Docker from "dockerode";
import { columns } from "../../components/core/plan/columns";
import { SYSTEMD_CONTAINER } from "../../components/targets/docker/container";
import { reachDocker, releaseDocker } from "../../lab/docker/daemon";
import { prepareHostImage } from "../../lab/image/build";
import { CACHE } from "../../lab/room";
import { TestLab } from "../host/test-lab";
import type { BenchResult } from "./main";

/**
 * From down to serving, with warm caches, and per step; beside it the floor: as many hosts of the same image, booted
 * at once on the same Docker engine with empty user data, until cloud-init has ended on all.
 */
export async function benchLab(progress: (line: string) => void): Promise<BenchResult> {
  const lab = new TestLab();
  progress("warming the caches");
  await lab.up();
  const hosts = lab.plan.hosts.length;
  await lab.down();
  progress("from down to serving");
  const fresh = new TestLab();
  const [downToServing, report] = await seconds(() => fresh.up());
  progress("again, with no change");
  const [again] = await seconds(() => fresh.up());
  const memory = await memoryOf(fresh);
  const [down] = await seconds(() => fresh.down());
  progress("the floor: the same hosts with empty user data");
  const floor = await emptyHosts(hosts, progress);
  const json = {
    hosts,
    downToServing,
    steps: report.timings,
    again,
    down,
    memoryMegabytes: memory,
    floor,
    overFloor: round(downToServing / floor),
  };
  const rows = Object.entries(report.timings).map(([step, took]) => [`  ${step}`, `${took} s`]);
  return {
    json,
    text: columns([
      ["down to serving", `${downToServing} s`],
      ...rows,
      ["again, no change", `${again} s`],
      ["serving to down", `${down} s`],
      [`floor: ${hosts} empty hosts`, `${floor} s`],
      ["over the floor", `${json.overFloor} ×`],
      ["memory of all hosts", `${memory} MB`],
    ]),
  };
}

const round = (value: number) => Math.round(value * 100) / 100;

async function seconds<Value>(work: () => Promise<Value>): Promise<[number, Value]> {
  const start = performance.now();
  const value = await work();
  return [round((performance.now() - start) / 1000), value];
}

async function memoryOf(lab: TestLab): Promise<number> {
  const used = await Promise.all(
    lab.plan.hosts.map(async ({ name }) => {
      const { memory_stats } = await lab.container(name).stats({ stream: false });
      return (
        memory_stats.usage - (memory_stats.stats.inactive_file ?? memory_stats.stats.total_inactive_file ?? 0)
      );
    }),
  );
  return Math.round(used.reduce((sum, bytes) => sum + bytes, 0) / 2 ** 20);
}

async function emptyHosts(count: number, progress: (line: string) => void): Promise<number> {
  const user = `${CACHE}/test-stacks`;
  const { api } = await reachDocker({ cache: CACHE, user, progress });
  const { tag } = await prepareHostImage({ docker: api, cache: CACHE, progress });
  const made: Docker.Container[] = [];
  try {
    const [took] = await seconds(() =>
      Promise.all(Array.from({ length: count }, (_, index) => boot(api, tag, `bench-floor-${index}`, made))),
    );
    return took;
  } finally {
    await Promise.all(made.map((container) => container.remove({ force: true, v: true })));
    await releaseDocker({ cache: CACHE, user, progress });
  }
}

async function boot(docker: Docker, image: string, name: string, made: Docker.Container[]): Promise<void> {
  const seed =
    "mkdir -p /var/lib/cloud/seed/nocloud && cd /var/lib/cloud/seed/nocloud && echo '#cloud-config' >user-data && echo 'instance-id: floor' >meta-data && echo 'config: disabled' >network-config";
  const container = await docker.createContainer({
    Image: image,
    name,
    Entrypoint: ["/bin/sh", "-c", `${seed} && mount --make-rshared / && exec /lib/systemd/systemd`],
    Env: [...SYSTEMD_CONTAINER.envs],
    StopSignal: SYSTEMD_CONTAINER.stopSignal,
    HostConfig: {
      CapAdd: [...SYSTEMD_CONTAINER.capabilities],
      SecurityOpt: [...SYSTEMD_CONTAINER.securityOpts],
      CgroupnsMode: SYSTEMD_CONTAINER.cgroupnsMode,
      Tmpfs: { ...SYSTEMD_CONTAINER.tmpfs },
      NetworkMode: "none",
    },
  } as Docker.ContainerCreateOptions);
  made.push(container);
  await container.start();
  for (;;) {
    const exec = await container.exec({ Cmd: ["test", "-e", "/var/lib/cloud/instance/boot-finished"] });
    await exec.start({ Detach: true });
    await new Promise((resolve) => setTimeout(resolve, 100));
    if ((await exec.inspect()).ExitCode === 0) return;
  }
}
