import { createHash } from "node:crypto";
import type Docker from "dockerode";
import { SYSTEMD_CONTAINER } from "../../components/targets/docker/container";
import { connectDocker } from "../../lab/docker/endpoint";
import { tarArchive } from "../../lab/plugins/docker/tar";
import { sshKeyPair } from "../../lab/ssh-key";
import { MIRROR, PROJECT } from "../../stacks/stack-file";
import { execIn, need, type Run } from "./test-lab";

const DIGEST = createHash("sha256").update(PROJECT).digest();
const NAME = `metal-${DIGEST.toString("hex").slice(0, 6)}`;
/** Clear of the labs' networks, which end below 10.240. */
const NET = `10.24${DIGEST.readUInt8(3) % 10}.${DIGEST.readUInt8(4)}`;

/** User of the machine that its provider made: may do all by sudo, and logs in by key. */
export const OPERATOR = "metal";

/** A machine as a provider hands it over: Debian with sshd, a user with sudo, and nothing of ours. */
export class BareMachine {
  readonly subnet = `${NET}.0/24`;
  /** The operator's machine stands in the network, at its gateway. */
  readonly operator = `${NET}.1/32`;
  readonly address = `${NET}.10`;
  /** Nobody has this one. */
  readonly nobody = `${NET}.99`;
  /** The artifacts, as a folder of the machine. */
  readonly mirror = "/srv/mirror";
  readonly hostKey = sshKeyPair();
  readonly login = sshKeyPair();
  private readonly docker: Docker;

  constructor() {
    this.docker = connectDocker(need(process.env.DOCKER_HOST, "DOCKER_HOST"));
  }

  private get container(): Docker.Container {
    return this.docker.getContainer(NAME);
  }

  async start(): Promise<void> {
    await this.remove();
    await this.docker.createNetwork({
      Name: NAME,
      Internal: true,
      IPAM: { Driver: "default", Config: [{ Subnet: this.subnet, Gateway: `${NET}.1` }] },
    });
    await this.docker.createContainer(this.options());
    await this.container.putArchive(tarArchive(this.files()), { path: "/" });
    await this.container.start();
    await this.run("sh", "-c", "until systemctl is-active --quiet ssh; do sleep 0.2; done");
    await this.run("useradd", "--create-home", "--shell", "/bin/bash", OPERATOR);
    await this.run(
      "sh",
      "-c",
      `install -d -m 700 -o ${OPERATOR} /home/${OPERATOR}/.ssh && install -m 600 -o ${OPERATOR} /srv/login.pub /home/${OPERATOR}/.ssh/authorized_keys`,
    );
  }

  /** As by its power button; answers when it serves again. */
  async restart(): Promise<void> {
    await this.container.restart();
    await this.run("sh", "-c", "until systemctl is-system-running --quiet; do sleep 0.2; done");
  }

  async remove(): Promise<void> {
    const absent = (cause: { statusCode?: number }) => {
      if (cause.statusCode !== 404) throw cause;
    };
    await this.container.remove({ force: true, v: true }).catch(absent);
    await this.docker.getNetwork(NAME).remove().catch(absent);
  }

  /** Runs a command as root, and gives its standard output. Throws when it fails. */
  async run(...words: string[]): Promise<string> {
    const { code, out, err } = await this.tryRun(...words);
    if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}: ${err}${out}`);
    return out;
  }

  tryRun = (...words: string[]): Promise<Run> => execIn(this.docker, this.container, words);

  /** Every path of the disk that differs from the image, but what any login writes. */
  async changedPaths(): Promise<string[]> {
    const changes = (await this.container.changes()) as { Path: string }[];
    return changes
      .map(({ Path }) => Path)
      .filter((path) => !/^\/(var\/log|var\/lib\/systemd|run|tmp|home\/metal\/\.cache)/.test(path))
      .sort();
  }

  private options(): Docker.ContainerCreateOptions {
    // dockerode's types do not know the private cgroup namespace yet.
    const hostConfig = {
      CapAdd: [...SYSTEMD_CONTAINER.capabilities],
      SecurityOpt: [...SYSTEMD_CONTAINER.securityOpts],
      CgroupnsMode: SYSTEMD_CONTAINER.cgroupnsMode,
      Tmpfs: { ...SYSTEMD_CONTAINER.tmpfs },
      Binds: [`${MIRROR}:${this.mirror}:ro`],
      NetworkMode: NAME,
    };
    return {
      name: NAME,
      Image: need(process.env.NODEWRIGHT_TEST_IMAGE, "NODEWRIGHT_TEST_IMAGE"),
      Hostname: "unnamed",
      Entrypoint: [...SYSTEMD_CONTAINER.entrypoints],
      Env: [...SYSTEMD_CONTAINER.envs],
      StopSignal: SYSTEMD_CONTAINER.stopSignal,
      HostConfig: hostConfig,
      NetworkingConfig: { EndpointsConfig: { [NAME]: { IPAMConfig: { IPv4Address: this.address } } } },
    };
  }

  private files() {
    const file = (path: string, content: string, mode: number) => ({
      file: path,
      content: Buffer.from(content),
      mode,
      uid: 0,
      gid: 0,
    });
    return [
      file("/etc/cloud/cloud-init.disabled", "", 0o644),
      file("/etc/ssh/ssh_host_ed25519_key", this.hostKey.private, 0o600),
      file("/etc/ssh/ssh_host_ed25519_key.pub", `${this.hostKey.public}\n`, 0o644),
      file("/etc/sudoers.d/provider", `${OPERATOR} ALL=(ALL) NOPASSWD:ALL\n`, 0o440),
      file("/srv/login.pub", `${this.login.public}\n`, 0o644),
    ];
  }
}
