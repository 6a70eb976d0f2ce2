import { alpine } from "./alpine";
import { debianSystems } from "./debian";
import { type OperatingSystem, parseOsRelease } from "./operating-system";
import { rhelSystems } from "./rhel";

/** Every operating system that is known, those that cannot be hosts among them. */
export const operatingSystems: readonly OperatingSystem[] = [...debianSystems, ...rhelSystems, alpine];

/** For messages: what a host can run. */
export const supportedNames = (): string[] =>
  operatingSystems.filter(({ support }) => support !== "none").map(({ name }) => name);

/** The system that an /etc/os-release describes, or why no host can be made of it. */
export function detectSystem(osRelease: string): { os: OperatingSystem } | { problem: string } {
  const release = parseOsRelease(osRelease);
  const os = operatingSystems.find(({ matches }) => matches(release));
  if (os) return os.support === "none" ? { problem: refusal(os) } : { os };
  const name = [release.id || "a system without a name", release.version].join(" ").trim();
  return { problem: `the operating system is ${name}: hosts run ${supportedNames().join(", ")}` };
}

/** Why no host can be made of a system. */
export const refusal = ({ title, lacks }: OperatingSystem): string =>
  `${title} cannot be a host: ${lacks.join("; ")}. Hosts run ${supportedNames().join(", ")}`;

/** Packages of a host that its system's own repositories do not have, so that installing them would fail at birth. */
export const absentPackages = ({ absent }: OperatingSystem, names: readonly string[]): string[] =>
  [...new Set(names)].filter((name) => absent.includes(name));
