import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { UserError } from "../../components/core/config/finding";

/** What decides how software gets onto this machine. */
export interface Machine {
  platform: NodeJS.Platform;
  root: boolean;
  /** ID and ID_LIKE of os-release, most specific first; empty where there is none. */
  family: string[];
}

export function thisMachine(osRelease = "/etc/os-release"): Machine {
  return {
    platform: process.platform,
    root: process.getuid?.() === 0,
    family: existsSync(osRelease) ? familyOf(readFileSync(osRelease, "utf8")) : [],
  };
}

/** Distribution names of an os-release file. */
export function familyOf(osRelease: string): string[] {
  const value = (key: string) => new RegExp(`^${key}=["']?([^"'\n]*)`, "m").exec(osRelease)?.[1] ?? "";
  return `${value("ID")} ${value("ID_LIKE")}`.split(" ").filter((name) => name !== "");
}

/** Whether this process may install Debian packages. */
export const canInstall = ({ root, family }: Machine): boolean => root && family.includes("debian");

/** A program by its full path. Looks where root's programs are, too: they are missing from many users' PATH. */
export function findProgram(name: string, path = process.env.PATH ?? ""): string | undefined {
  const folders = ["/usr/sbin", "/usr/bin", ...path.split(delimiter).filter((folder) => folder !== "")];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** How each family's users get a container engine that runs. */
const DOCKER_REMEDY: [family: string, command: string][] = [
  ["debian", "sudo apt-get install --no-install-recommends docker.io containerd iptables"],
  ["fedora", "sudo dnf install moby-engine && sudo systemctl enable --now docker"],
  ["rhel", "install Docker Engine as https://docs.docker.com/engine/install/ says for your system"],
  ["suse", "sudo zypper install docker && sudo systemctl enable --now docker"],
  ["arch", "sudo pacman -S docker && sudo systemctl enable --now docker"],
  ["alpine", "sudo apk add docker && sudo rc-service docker start"],
];

/** Says exactly what to do on this machine to have Docker. */
export function dockerMissing({ platform, family, root }: Machine): UserError {
  const command =
    platform === "darwin"
      ? "install Docker Desktop or colima and start it"
      : (DOCKER_REMEDY.find(([name]) => family.includes(name))?.[1] ??
        "install Docker Engine as https://docs.docker.com/engine/install/ says for your system");
  const asRoot = family.includes("debian") && !root ? ", or run this as root and it does so itself" : "";
  return new UserError(
    `no Docker engine answers, and none can be started here. Remedy: ${command}${asRoot}; ` +
      "or name one elsewhere with DOCKER_HOST. Then run this again.",
  );
}
