import { z } from "zod";
import type { HostDocument } from "../cloud-init/document";
import type { Size } from "../components/core/config/units";
import { releaseLockSchema } from "../components/core/releases";

const path = z.string().regex(/^(\/(?!\.\.?(\/|$))[^/\0\n]+)+$/, "an absolute path without . or ..");
const unitName = z
  .string()
  .regex(/^[\w:@.\\-]+\.(service|timer|socket|path|mount|target)$/, "a unit with its suffix");
const account = z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, "a system user's name");
export const secretName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "lower-case letters, digits, dot and dash, up to 64");

const ownership = {
  owner: account.exactOptional(),
  group: account.exactOptional(),
  mode: z.string().regex(/^[0-7]{4}$/, "four octal digits"),
};

const health = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("nodeos"),
    url: z.url(),
    maxHeadAgeSeconds: z.number().positive(),
    chainId: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "64 hex digits, as get_info tells them")
      .exactOptional(),
    control: z.url().exactOptional(),
    produces: z.boolean().exactOptional(),
  }),
  z.strictObject({ kind: z.literal("json-rpc"), url: z.url() }),
  z.strictObject({ kind: z.literal("tcp"), port: z.int().min(1).max(65535) }),
]);

const unit = z.strictObject({
  name: unitName,
  service: z.string().min(1),
  content: z.string(),
  onChange: z.enum(["restart", "reload"]),
  reads: z.array(path),
  runs: z.array(z.string()),
  secrets: z.array(secretName),
  startedBy: unitName.exactOptional(),
  health: health.exactOptional(),
});

/** 32 bytes of key, or 44 in SPKI; 64 bytes of signature. */
const signature = z.strictObject({
  key: z.string().regex(/^([\w+/]{43}=|[\w+/]{59}=)$/, "an ed25519 public key in base64 (32 bytes, or SPKI)"),
  value: z.string().regex(/^[\w+/]{86}==$/, "an ed25519 signature in base64 (64 bytes)"),
});

const release = releaseLockSchema.shape.releases.element.shape;
const artifact = z.strictObject({
  name: release.name,
  version: release.version,
  sha256: release.sha256.unwrap(),
  format: release.format,
  keep: release.keep,
  programs: z.record(z.string().regex(/^[a-z0-9][\w.-]*$/, "a program's name"), release.programs.valueType),
  signature: signature.exactOptional(),
});

const disk = z.strictObject({
  device: z.string().regex(/^\/dev\/[\w./*-]+$/, "a path below /dev, with at most a *"),
  size: z.int().positive(),
});

const size = z.string().regex(/^\d+(\.\d+)? (MB|GB|TB)$/, "a size: 64 GB") as z.ZodType<Size>;

const preflight = z.strictObject({
  floor: z
    .strictObject({
      cores: z.number().positive().exactOptional(),
      memory: size,
      ecc: z.boolean(),
      disk: size,
      clock: z.number().positive().exactOptional(),
      source: z.string(),
    })
    .exactOptional(),
  belowFloor: z.string().exactOptional(),
  ports: z.array(
    z.strictObject({
      name: z.string().min(1),
      protocol: z.enum(["tcp", "udp"]),
      port: z.int().min(1).max(65535),
    }),
  ),
});

const shape = z.strictObject({
  schema: z.literal(1),
  revision: z.int().nonnegative().exactOptional(),
  stack: z.string().min(1),
  host: z.string().min(1),
  role: z.string().min(1),
  mirror: z.url({ protocol: /^(https?|file)$/ }),
  packages: z.array(z.string().regex(/^[a-z0-9][a-z0-9+.-]+$/, "a package's name")),
  masked: z.array(unitName),
  users: z.array(z.strictObject({ name: account, home: path })),
  directories: z.array(z.strictObject({ path, ...ownership })),
  disk: disk.exactOptional(),
  artifacts: z.array(artifact),
  files: z.array(z.strictObject({ path, content: z.string(), ...ownership })),
  units: z.array(unit),
  awaited: z
    .array(z.strictObject({ name: unitName, service: z.string().min(1), why: z.string().min(1) }))
    .exactOptional(),
  preflight: preflight.exactOptional(),
});

/** A host document, whole and consistent in itself. */
export const documentSchema = shape.superRefine((document, context) => {
  for (const { path, message } of inconsistencies(document))
    context.addIssue({ code: "custom", path, message });
}) satisfies z.ZodType<HostDocument>;

function inconsistencies(document: z.infer<typeof shape>): { path: PropertyKey[]; message: string }[] {
  const { units, files, artifacts, masked } = document;
  const programs = artifacts.flatMap((each) => Object.keys(each.programs));
  const unknown = (names: readonly string[], known: readonly string[]) =>
    names.filter((name) => !known.includes(name));
  return [
    ...repeated(files.map((file) => file.path)).map((name) => ({
      path: ["files"],
      message: `${name} comes twice`,
    })),
    ...repeated(units.map(({ name }) => name)).map((name) => ({
      path: ["units"],
      message: `${name} comes twice`,
    })),
    ...repeated(programs).map((name) => ({
      path: ["artifacts"],
      message: `two artifacts bring the program ${name}`,
    })),
    ...repeated(artifacts.map(({ name }) => name)).map((name) => ({
      path: ["artifacts"],
      message: `${name} comes twice`,
    })),
    ...artifacts
      .filter(({ name }) => name === "bin")
      .map(() => ({ path: ["artifacts"], message: "bin is where programs lie" })),
    ...artifacts.flatMap(({ name, programs: own }) =>
      unknown(
        Object.values(own).flatMap(({ interpreter }) => interpreter ?? []),
        programs,
      ).map((interpreter) => ({
        path: ["artifacts", name],
        message: `no artifact brings its interpreter ${interpreter}`,
      })),
    ),
    ...units.flatMap(({ name, reads, runs }, index) => [
      ...unknown(
        reads,
        files.map((file) => file.path),
      ).map((file) => ({ path: ["units", index, "reads"], message: `${file} is not among the files` })),
      ...unknown(
        runs,
        artifacts.map((each) => each.name),
      ).map((run) => ({ path: ["units", index, "runs"], message: `${run} is not among the artifacts` })),
      ...(masked.includes(name)
        ? [{ path: ["units", index, "name"], message: `${name} is also masked` }]
        : []),
    ]),
  ];
}

const repeated = (names: readonly string[]): string[] =>
  names.filter((name, index) => names.indexOf(name) !== index);
