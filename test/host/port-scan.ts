import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import type Docker from "dockerode";
import { networkName } from "../../components/core/naming";
import { overlaps } from "../../components/core/network/address";
import type { HostPlan, Plan } from "../../components/core/plan/plan";

const run = promisify(execFile);

export type Zone = "public" | "cluster";
export type Family = "ipv4" | "ipv6";

/** A stranger on one network of a lab, that scans from inside its own network namespace. */
export interface Scanner {
  address: Record<Family, string>;
  /** The TCP ports of an address that answer, all 65,535 tried. */
  openPorts(address: string, family: Family): Promise<number[]>;
  remove(): Promise<void>;
}

/** nmap is Debian's; it sends only to the hosts that the test made. */
async function installNmap(): Promise<void> {
  if (existsSync("/usr/bin/nmap")) return;
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "nmap"], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}

export async function startScanner(docker: Docker, plan: Plan, image: string, zone: Zone): Promise<Scanner> {
  await installNmap();
  const container = await docker.createContainer({
    Image: image,
    name: `${plan.stack}-scanner-${zone}`,
    Entrypoint: ["sleep", "600"],
    HostConfig: { NetworkMode: networkName(plan.stack, zone) },
  });
  await container.start();
  const { State, NetworkSettings } = await container.inspect();
  const network = NetworkSettings.Networks[networkName(plan.stack, zone)];
  if (!network) throw new Error(`the scanner is not in ${zone}`);
  return {
    address: { ipv4: network.IPAddress, ipv6: network.GlobalIPv6Address },
    openPorts: async (address, family) => {
      const words = [
        "-t",
        String(State.Pid),
        "-n",
        "nmap",
        "-Pn",
        "-n",
        "-sS",
        "-p-",
        "--min-rate",
        "20000",
        "--max-retries",
        "2",
        "-oG",
        "-",
      ];
      const { stdout } = await run("nsenter", [...words, ...(family === "ipv6" ? ["-6"] : []), address]);
      return [...stdout.matchAll(/(\d+)\/open\/tcp/g)].map((match) => Number(match[1])).sort((a, b) => a - b);
    },
    remove: async () => {
      await container.remove({ force: true });
    },
  };
}

/** What the plan lets an address reach on a host. */
export function allowedPorts(host: HostPlan, from: string, family: Family): number[] {
  const source = `${from}/${family === "ipv4" ? 32 : 128}`;
  return host.firewall
    .filter((rule) => rule.from === "anyone" || rule.from.some((cidr) => overlaps(cidr, source)))
    .map(({ port }) => port)
    .sort((a, b) => a - b);
}
