/**
 * What a container needs to run systemd and cloud-init as a machine does. Not `--privileged`: it asks for every
 * capability, which fails inside sandboxes that lack one, and gives far more than systemd needs.
 */
export const SYSTEMD_CONTAINER = {
  capabilities: [
    ...["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "SYS_NICE", "SYS_TTY_CONFIG", "SYS_BOOT", "SYSLOG"],
    ...["DAC_READ_SEARCH", "IPC_LOCK", "LINUX_IMMUTABLE", "AUDIT_CONTROL", "AUDIT_READ"],
  ],
  // Not `systempaths=unconfined`: it is a word of the docker command that the API refuses, and with /proc/sys kept
  // read-only no host can change a kernel setting of the machine that it shares.
  securityOpts: ["seccomp=unconfined", "apparmor=unconfined"],
  cgroupnsMode: "private",
  tmpfs: {
    "/sys/fs/cgroup": "rw,mode=755",
    "/run": "rw,exec,mode=755",
    "/run/lock": "rw",
    "/tmp": "rw,exec",
  },
  /**
   * systemd puts a unit's credentials into its mount namespace, which works only where mounts are shared; a machine's
   * own boot does that, a container does not, and the credentials would be silently empty.
   */
  entrypoints: ["/bin/sh", "-c", "mount --make-rshared / && exec /lib/systemd/systemd"],
  /** Tells systemd where it is. */
  envs: ["container=docker"],
  /** systemd's own signal for an orderly shutdown. */
  stopSignal: "SIGRTMIN+3",
} as const;
