import { writeFileSync } from "node:fs";
import { sha256 } from "../../agent/disk";
import type { HostDocument, SignedArtifact } from "../../cloud-init/document";
import { artifactPath } from "../../stacks/stack-file";

/** Where a drill puts what it brings to a host. */
export const DRILL_FOLDER = "/etc/nodewright-drill";

/** A program that does nothing for as long as it is let; each text is a build of its own. Lies in the mirror afterwards. */
export function idleProgram(version: string): { artifact: SignedArtifact; content: Buffer } {
  const content = Buffer.from(`#!/bin/sh\n# build ${version}\nexec sleep infinity\n`);
  const artifact: SignedArtifact = {
    name: "drill",
    version,
    sha256: sha256(content),
    format: "file",
    keep: [],
    programs: { "drill-idle": { path: "idle", args: [], env: {} } },
  };
  writeFileSync(artifactPath(artifact.sha256), content);
  return { artifact, content };
}

/** The same document with other content of one of its files. */
export function withFile(
  document: HostDocument,
  path: string,
  change: (content: string) => string,
): HostDocument {
  if (!document.files.some((file) => file.path === path)) throw new Error(`the document has no file ${path}`);
  return {
    ...document,
    files: document.files.map((file) =>
      file.path === path ? { ...file, content: change(file.content) } : file,
    ),
  };
}

/** The same document with a service more, which gives each step of `provision` something to do: all of it bears the number. */
export function withIdleService(document: HostDocument, number: number): HostDocument {
  const name = `drill-${number}`;
  const settings = `${DRILL_FOLDER}/${number}.conf`;
  return {
    ...document,
    masked: [...document.masked, `${name}-none.service`],
    users: [...document.users, { name, home: "/nonexistent" }],
    directories: [...document.directories, { path: `/var/lib/${name}`, owner: name, mode: "0750" }],
    artifacts: [...document.artifacts, idleProgram(String(number)).artifact],
    files: [...document.files, { path: settings, content: `${number}\n`, mode: "0640", group: name }],
    units: [
      ...document.units,
      {
        name: `${name}.service`,
        service: name,
        content: [
          "[Unit]",
          `Description=${name}`,
          "[Service]",
          "Type=exec",
          `User=${name}`,
          "ExecStart=/opt/nodewright/bin/drill-idle",
          "[Install]",
          "WantedBy=multi-user.target",
          "",
        ].join("\n"),
        onChange: "restart",
        reads: [settings],
        runs: ["drill"],
        secrets: [],
      },
    ],
  };
}
