import type { Release } from "../releases";
import { uniqueRows } from "./columns";
import { machinesOf, type Plan } from "./plan";

/** Every release that a host installs, with the hash it is pinned by. */
export const softwareRows = (plan: Plan): string[][] =>
  uniqueRows(
    machinesOf(plan).flatMap(({ releases }) =>
      releases.map(({ name, version, sha256, source, standIn }) => [
        name,
        version,
        `sha256 ${sha256.slice(0, 12)}…`,
        sourceOf(source),
        standIn === undefined ? "" : "stand-in",
      ]),
    ),
  );

function sourceOf(source: Release["source"]): string {
  switch (source.kind) {
    case "npm":
      return `npm ${source.package}`;
    case "pypi":
      return `PyPI ${source.package}`;
    case "url":
      return source.url;
    case "project":
      return `built from ${source.entry}`;
  }
}
