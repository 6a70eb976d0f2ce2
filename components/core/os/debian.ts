import type { OperatingSystem } from "./operating-system";

/** One release of Debian or of Ubuntu. Its package names are ours. */
const release = (
  id: "debian" | "ubuntu",
  version: string,
  rest: Pick<OperatingSystem, "title" | "masked" | "support" | "lacks">,
): OperatingSystem => ({
  name: `${id}-${version}`,
  family: "debian",
  matches: (found) => found.id === id && found.version === version,
  packageManager: "apt",
  packages: {},
  init: "systemd",
  ...rest,
});

/** Off unless its owner turned it on; then it would drop what the host's own firewall lets in. */
const UFW = ["ufw.service"];

export const debianSystems: readonly OperatingSystem[] = [
  release("debian", "12", { title: "Debian 12 (bookworm)", masked: UFW, support: "full", lacks: [] }),
  release("ubuntu", "24.04", { title: "Ubuntu 24.04 LTS", masked: UFW, support: "full", lacks: [] }),
  release("ubuntu", "22.04", { title: "Ubuntu 22.04 LTS", masked: UFW, support: "full", lacks: [] }),
];
