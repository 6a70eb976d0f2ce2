type Setting = [key: string, value: string | boolean | number | undefined];

/**
 * What no unit of ours needs, taken from it (systemd.exec(5)). It must hold for a program that we start early, so nothing
 * here waits for a mount. W^X is not in it: nodeos' WebAssembly and Node.js write memory that they then execute.
 */
export const CONFINED: readonly Setting[] = [
  ["NoNewPrivileges", true],
  ["ProtectSystem", "strict"],
  ["ProtectHome", true],
  ["PrivateDevices", true],
  ["ProtectClock", true],
  ["ProtectControlGroups", true],
  ["ProtectHostname", true],
  ["ProtectKernelLogs", true],
  ["ProtectKernelModules", true],
  ["ProtectKernelTunables", true],
  ["ProtectProc", "invisible"],
  ["RestrictNamespaces", true],
  ["RestrictRealtime", true],
  ["RestrictSUIDSGID", true],
  ["LockPersonality", true],
  ["SystemCallArchitectures", "native"],
  ["SystemCallFilter", "@system-service"],
  ["SystemCallErrorNumber", "EPERM"],
];

/** The same for a service with a user of its own, which talks to others by network. */
export const SERVICE_SANDBOX: readonly Setting[] = [
  ...CONFINED,
  ["PrivateTmp", true],
  ["RemoveIPC", true],
  ["RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX AF_NETLINK"],
  ["UMask", "0027"],
  // The memory of a producer holds its signing key; no crash may leave that on a disk.
  ["LimitCORE", 0],
];
