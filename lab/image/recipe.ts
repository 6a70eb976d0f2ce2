import { createHash } from "node:crypto";
import { stringify } from "yaml";

/** Everything that decides what a host image holds. Data only: its hash is the image's name. */
export interface ImageRecipe {
  /** Debian's release, and the variant of it that is the least a system can be. */
  suite: string;
  variant: string;
  /** The same base as a registry image, for machines that cannot make a Debian system themselves. */
  base: string;
  packages: string[];
  /** Paths that packages bring and that are left out, as dpkg's `path-exclude` patterns. */
  excluded: string[];
  /** Files put over what the packages brought, by path. */
  files: Record<string, string>;
  /** Commands run inside the finished system, in order, as words. */
  steps: string[][];
  /** How the image starts, in Dockerfile instructions. */
  start: string[];
}

const PACKAGES = [
  ...["systemd", "systemd-sysv", "dbus", "cloud-init", "openssh-server", "sudo"],
  // usr-is-merged in place of usrmerge, which would bring all of Perl.
  ...["apt", "ca-certificates", "curl", "gpgv", "libarchive-tools", "usr-is-merged"],
  ...["nftables", "iproute2", "iputils-ping", "procps", "less"],
  ...["haproxy", "knot", "prometheus", "unattended-upgrades"],
  ...["prometheus-alertmanager", "prometheus-node-exporter", "rsyslog", "rsyslog-relp"],
  ...["fail2ban", "python3-systemd", "restic", "etcd-server", "certbot"],
];

/** Units of packages that would run unasked, before a host is told what it is. */
const UNASKED = [
  ...["haproxy.service", "etcd.service", "fail2ban.service", "rsyslog.service", "certbot.timer"],
  ...["prometheus-alertmanager.service", "prometheus-node-exporter.service"],
];

/** What cloud-init finds beside the user data of a host. */
const CLOUD = {
  // Hosts have no way to a package mirror: cloud-init's own sources would make every apt call wait for its timeout.
  apt: { preserve_sources_list: true },
  // An RSA key takes longer than the rest of the boot.
  ssh_genkeytypes: ["ed25519"],
  // Without the modules that act unasked: growing disks, finding devices, making a locale (which fails without locale
  // sources and turns `cloud-init status` into an error).
  cloud_init_modules: [
    ...["bootcmd", "write-files", "set_hostname", "update_hostname", "ca-certs", "users-groups", "ssh"],
  ],
  cloud_config_modules: ["set-passwords", "apt-configure", "ntp", "timezone", "runcmd"],
  cloud_final_modules: [
    ...["package-update-upgrade-install", "write-files-deferred", "scripts-per-once", "scripts-per-boot"],
    ...["scripts-per-instance", "scripts-user", "phone-home", "final-message", "power-state-change"],
  ],
};

/** Units that fail, stall or only cost in a container, or that would reach past it. */
const MASKED = [
  // There are no devices to manage, and no seats.
  ...["systemd-udevd.service", "systemd-udevd-control.socket", "systemd-udevd-kernel.socket"],
  ...["systemd-udev-trigger.service", "systemd-udev-settle.service", "systemd-logind.service"],
  ...["getty.target", "console-getty.service", "getty@.service", "modprobe@.service"],
  ...["cloud-init-hotplugd.socket", "systemd-pstore.service"],
  ...["systemd-remount-fs.service", "systemd-firstboot.service", "systemd-machine-id-commit.service"],
  ...["dev-hugepages.mount", "sys-kernel-debug.mount", "sys-kernel-tracing.mount"],
  ...["sys-kernel-config.mount", "sys-fs-fuse-connections.mount", "proc-sys-fs-binfmt_misc.automount"],
  // These would change the machine that the hosts share: kernel settings, its audit, its random seed.
  ...["systemd-sysctl.service", "systemd-binfmt.service", "systemd-modules-load.service"],
  ...["systemd-journald-audit.socket", "systemd-random-seed.service"],
  // Docker gives the network and the clock.
  ...["systemd-networkd.service", "systemd-networkd.socket", "systemd-networkd-wait-online.service"],
  ...["systemd-timesyncd.service", "systemd-resolved.service", "networking.service"],
  // Nothing to fetch, trim or check.
  ...["unattended-upgrades.service", "apt-daily.timer", "apt-daily-upgrade.timer"],
  ...["dpkg-db-backup.timer", "fstrim.timer"],
  ...["e2scrub_all.timer", "e2scrub_reap.service", "motd-news.timer"],
];

const JOURNALD = ["[Journal]", "Storage=persistent", "SystemMaxUse=64M", "ReadKMsg=no", "Audit=no"];

export const HOST_IMAGE: ImageRecipe = {
  suite: "bookworm",
  variant: "minbase",
  base: "debian:bookworm-slim",
  packages: PACKAGES,
  excluded: [
    ...["/usr/share/doc/*", "/usr/share/info/*", "/usr/share/man/*", "/usr/share/lintian/*"],
    ...["/usr/share/locale/*", "/usr/share/i18n/*", "/usr/share/bash-completion/*"],
  ],
  files: {
    "/etc/apt/sources.list": "",
    // The file where Debian keeps it; ds-identify reads it line by line and knows no list over several lines.
    "/etc/cloud/cloud.cfg.d/90_dpkg.cfg": "datasource_list: [ NoCloud ]\n",
    "/etc/cloud/cloud.cfg.d/99-nodewright.cfg": stringify(CLOUD),
    // The default policy looks for a data source by itself and may decide to do nothing.
    "/etc/cloud/ds-identify.cfg": "policy: enabled\n",
    // cloud-init's own file, as it would write it: finding it so, it does not restart sshd in the middle of the boot.
    "/etc/ssh/sshd_config.d/50-cloud-init.conf": "PasswordAuthentication no\n",
    "/etc/systemd/journald.conf.d/10-nodewright.conf": `${JOURNALD.join("\n")}\n`,
  },
  steps: [
    ["systemctl", "mask", "--quiet", ...MASKED],
    ["systemctl", "disable", "--quiet", ...UNASKED],
    // Each host gets keys and an identity of its own at its first boot, and nothing of the machine that built it.
    ["find", "/etc/ssh", "-name", "ssh_host_*", "-delete"],
    ["truncate", "--size=0", "/etc/machine-id", "/etc/hostname", "/etc/resolv.conf"],
    ["rm", "-rf", "/var/lib/apt/lists", "/var/cache/apt", "/var/cache/debconf", "/etc/apt/sources.list.d"],
    ["mkdir", "-p", "/var/lib/apt/lists/partial", "/var/cache/apt/archives/partial", "/var/cache/debconf"],
    ["mkdir", "-p", "/etc/apt/sources.list.d"],
  ],
  start: ["ENV container=docker", 'CMD ["/lib/systemd/systemd"]'],
};

/** sha256 of a recipe: changes with anything that could change the image. */
export const recipeHash = (recipe: ImageRecipe): string =>
  createHash("sha256").update(JSON.stringify(recipe)).digest("hex");

/** Name of the image that a recipe makes: `nodewright-host:<16 hex digits>`. */
export const imageTag = (recipe: ImageRecipe): string => `nodewright-host:${recipeHash(recipe).slice(0, 16)}`;
