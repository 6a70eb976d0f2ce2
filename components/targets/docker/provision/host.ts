import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { OPERATOR_KEY, secretName } from "../../../core/naming";
import { knownAddress } from "../../../core/network/address-ref";
import { HostChanges } from "../../../ssh/host-changes";
import type { Told } from "../../../ssh/verified";
import type { Secrets } from "../../provisioner";
import { SYSTEMD_CONTAINER } from "../container";
import { type ContainerArgs, MIRROR_ON_HOST } from "../render";

/** Labels as the SDK takes them. */
export const labelArgs = (labels: Readonly<Record<string, string>>): { label: string; value: string }[] =>
  Object.entries(labels).map(([label, value]) => ({ label, value }));

interface DockerHostArgs {
  args: ContainerArgs;
  networks: Record<string, docker.Network>;
  image: string;
  /** Folder on the Docker machine with the artifacts. */
  mirror: string | undefined;
  protect: boolean;
  secrets: Secrets;
}

/** One host: its data volume, the container that is its machine, and the changes that reach it later. */
export class DockerHost extends pulumi.ComponentResource {
  readonly machine: pulumi.Output<string>;
  readonly told: Told;

  constructor(name: string, props: DockerHostArgs, opts: pulumi.ComponentResourceOptions) {
    super("nodewright:docker:Host", name, {}, opts);
    const { args, protect, secrets } = props;
    const labels = labelArgs(args.labels);
    const volume = new docker.Volume(
      `${name}-data`,
      { name: args.volume.name, labels },
      { parent: this, protect },
    );
    const container = this.createMachine(name, props, volume, labels);
    const changes = new HostChanges(
      name,
      {
        host: args.host,
        birth: args.birth,
        machine: container.id,
        route: {
          host: knownAddress(args.host.addresses.cluster).ipv4,
          privateKey: secrets(OPERATOR_KEY),
          hostKey: secrets(secretName(args.host.name, "ssh-host-key-public")),
        },
        secrets,
      },
      { parent: this, dependsOn: [container] },
    );
    this.machine = container.name;
    this.told = changes.told;
    this.registerOutputs({ machine: this.machine, ...this.told });
  }

  private createMachine(
    name: string,
    { args, networks, image, mirror, secrets }: DockerHostArgs,
    volume: docker.Volume,
    labels: { label: string; value: string }[],
  ) {
    return new docker.Container(
      `${name}-machine`,
      {
        name: args.name,
        hostname: args.hostname,
        image,
        labels,
        capabilities: { adds: [...SYSTEMD_CONTAINER.capabilities] },
        securityOpts: [...SYSTEMD_CONTAINER.securityOpts],
        cgroupnsMode: SYSTEMD_CONTAINER.cgroupnsMode,
        tmpfs: { ...SYSTEMD_CONTAINER.tmpfs },
        envs: [...SYSTEMD_CONTAINER.envs],
        entrypoints: [...SYSTEMD_CONTAINER.entrypoints],
        stopSignal: SYSTEMD_CONTAINER.stopSignal,
        stopTimeout: args.stopSeconds,
        destroyGraceSeconds: args.stopSeconds,
        restart: "unless-stopped",
        networksAdvanced: args.attachments.map(({ network, address, aliases }) => ({
          name: networks[network]?.name ?? network,
          ipv4Address: address.ipv4,
          ...(address.ipv6 === undefined ? {} : { ipv6Address: address.ipv6 }),
          aliases,
        })),
        ports: args.ports.map(({ internal, external }) => ({
          internal,
          external,
          ip: "127.0.0.1",
          protocol: "tcp",
        })),
        volumes: [
          { volumeName: volume.name, containerPath: args.volume.path },
          ...(mirror === undefined
            ? []
            : [{ hostPath: mirror, containerPath: MIRROR_ON_HOST, readOnly: true }]),
        ],
        uploads: [
          ...args.seed,
          // The host's identity, so that the first connection is to the right host already. Not in user data: it is secret.
          {
            file: "/etc/ssh/ssh_host_ed25519_key",
            content: secrets(secretName(args.host.name, "ssh-host-key")),
            permissions: "0600",
          },
          {
            file: "/etc/ssh/ssh_host_ed25519_key.pub",
            content: secrets(secretName(args.host.name, "ssh-host-key-public")),
            permissions: "0644",
          },
        ],
      },
      // Birth only. A change of these would replace the machine; what must reach a host later goes by HostChanges.
      {
        parent: this,
        ignoreChanges: ["image", "uploads", "envs", "stopTimeout", "destroyGraceSeconds"],
        deleteBeforeReplace: true,
      },
    );
  }
}
