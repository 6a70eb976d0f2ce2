import type { OperatingSystem } from "./operating-system";

/** Off unless its owner turned it on; then it would drop what the host's own firewall lets in. */
const UFW = ["ufw.service"];

/** One release of Debian or of Ubuntu. Its package names are ours. */
const release = (
  id: "debian" | "ubuntu",
  version: string,
  rest: Pick<OperatingSystem, "title" | "credentials" | "lacks"> & Partial<Pick<OperatingSystem, "packages">>,
): OperatingSystem => ({
  name: `${id}-${version}`,
  family: "debian",
  matches: (found) => found.id === id && found.version === version,
  packageManager: "apt",
  packages: {},
  absent: [],
  init: "systemd",
  masked: UFW,
  support: "full",
  ...rest,
});

export const debianSystems: readonly OperatingSystem[] = [
  release("debian", "12", { title: "Debian 12 (bookworm)", credentials: "encrypted", lacks: [] }),
  release("ubuntu", "24.04", {
    title: "Ubuntu 24.04 LTS",
    credentials: "encrypted",
    lacks: [],
    // Renamed for 64-bit time: the old names are provided, and never count as installed.
    packages: { libcurl4: "libcurl4t64", libssl3: "libssl3t64" },
  }),
  release("ubuntu", "22.04", {
    title: "Ubuntu 22.04 LTS",
    credentials: "plain",
    lacks: ["its systemd, 249, cannot encrypt secrets: they lie in files that root alone can read"],
  }),
];
