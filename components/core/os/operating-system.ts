import type { PackageManagerName } from "./package-manager";

/** What nodewright must know of an operating system to make a host of it. To add one: a record, and a line in `index.ts`. */
export interface OperatingSystem {
  /** As stack files name it: `debian-12`. */
  name: string;
  /** As its makers do. */
  title: string;
  family: "debian" | "rhel" | "alpine";
  /** Whether these words of /etc/os-release are this system's. */
  matches(release: OsRelease): boolean;
  packageManager: PackageManagerName;
  /** Our names of packages, which are Debian's, to its own; those that it calls the same are left out. */
  packages: Readonly<Record<string, string>>;
  /** Our names of packages that its own repositories do not have. Hosts that need one are told so at plan time. */
  absent: readonly string[];
  init: "systemd" | "openrc";
  /** How systemd keeps secrets: encrypted from version 250 on, before that in files that root alone can read. */
  credentials: "encrypted" | "plain";
  /** Units of its own that would work against ours: a second firewall that drops what the host's own lets in. */
  masked: readonly string[];
  /** `full`: tested as a target. `partial`: works but for what it `lacks`. `none`: cannot be a host. */
  support: "full" | "partial" | "none";
  /** What an operator should know before choosing it, a sentence each. Never empty without full support. */
  lacks: readonly string[];
}

/** The identity of a system, from its /etc/os-release (os-release(5)). */
export interface OsRelease {
  id: string;
  version: string;
  /** Systems that it derives from, nearest first. */
  like: readonly string[];
}

/** Reads /etc/os-release. A key that is not there is empty. */
export function parseOsRelease(text: string): OsRelease {
  const values = new Map(
    text.split("\n").flatMap((line): [string, string][] => {
      const [, key, value] = /^([A-Z_]+)=(.*)$/.exec(line.trim()) ?? [];
      return key === undefined || value === undefined ? [] : [[key, unquote(value)]];
    }),
  );
  return {
    id: values.get("ID") ?? "",
    version: values.get("VERSION_ID") ?? "",
    like: (values.get("ID_LIKE") ?? "").split(/\s+/).filter(Boolean),
  };
}

const unquote = (value: string): string => /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
