import { z } from "zod";
import { labelsSchema } from "./labels";
import { uploadSchema } from "./uploads";

const text = z.string();
const texts = z.array(z.string());
const flag = z.boolean();
const count = z.int().min(0);
const map = z.record(z.string(), z.string());
const path = z.string().startsWith("/", "an absolute path");
const port = z.int().min(1).max(65535);
const duration = z.string().regex(/^(\d+(ms|s|m|h))+$/, "a duration such as 30s or 1m30s");

const networkSchema = z.strictObject({
  name: z.string().min(1),
  aliases: texts.optional(),
  ipv4Address: z.ipv4().optional(),
  ipv6Address: z.ipv6().optional(),
});

const portSchema = z.strictObject({
  internal: port,
  // The plan names every port: a free one that the daemon picks could be published nowhere.
  external: port,
  ip: z.union([z.ipv4(), z.ipv6()], "an IP address of the machine").optional(),
  protocol: z.enum(["tcp", "udp", "sctp"]).optional(),
});

const volumeSchema = z
  .strictObject({
    volumeName: text.optional(),
    hostPath: path.optional(),
    fromContainer: text.optional(),
    containerPath: path.optional(),
    readOnly: flag.optional(),
  })
  .refine((volume) => volume.fromContainer !== undefined || volume.containerPath !== undefined, {
    error: "give containerPath, or fromContainer alone",
  });

const mountSchema = z.strictObject({
  type: z.enum(["bind", "volume", "tmpfs"]),
  target: path,
  source: text.optional(),
  readOnly: flag.optional(),
  bindOptions: z
    .strictObject({ propagation: z.enum(["private", "rprivate", "shared", "rshared", "slave", "rslave"]) })
    .optional(),
  tmpfsOptions: z.strictObject({ sizeBytes: count.optional(), mode: count.optional() }).optional(),
});

const healthSchema = z.strictObject({
  tests: texts.min(1),
  interval: duration.optional(),
  timeout: duration.optional(),
  startPeriod: duration.optional(),
  retries: count.optional(),
});

const propertiesSchema = z.strictObject({
  name: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/, "two or more letters, digits, or _ . -"),
  image: z.string().min(1),
  hostname: text.optional(),
  domainname: text.optional(),
  command: texts.optional(),
  entrypoints: texts.optional(),
  user: text.optional(),
  workingDir: text.optional(),
  groupAdds: texts.optional(),
  envs: z.array(z.string().regex(/^[^=]+=/, "KEY=VALUE")).optional(),
  labels: labelsSchema.optional(),
  tty: flag.optional(),
  stdinOpen: flag.optional(),
  init: flag.optional(),
  restart: z.enum(["no", "on-failure", "always", "unless-stopped"]).optional(),
  maxRetryCount: count.optional(),
  stopSignal: text.optional(),
  stopTimeout: count.optional(),
  destroyGraceSeconds: count.optional(),
  removeVolumes: flag.optional(),
  start: flag.optional(),
  mustRun: flag.optional(),
  wait: flag.optional(),
  waitTimeout: count.optional(),
  healthcheck: healthSchema.optional(),
  networkMode: text.optional(),
  networksAdvanced: z.array(networkSchema).optional(),
  ports: z.array(portSchema).optional(),
  hosts: z.array(z.strictObject({ host: text, ip: z.union([z.ipv4(), z.ipv6()]) })).optional(),
  dns: texts.optional(),
  dnsOpts: texts.optional(),
  dnsSearches: texts.optional(),
  volumes: z.array(volumeSchema).optional(),
  mounts: z.array(mountSchema).optional(),
  tmpfs: map.optional(),
  uploads: z.array(uploadSchema).optional(),
  readOnly: flag.optional(),
  shmSize: count.optional(),
  privileged: flag.optional(),
  capabilities: z.strictObject({ adds: texts.optional(), drops: texts.optional() }).optional(),
  securityOpts: texts.optional(),
  cgroupnsMode: z.enum(["private", "host"]).optional(),
  cgroupParent: text.optional(),
  ipcMode: text.optional(),
  pidMode: text.optional(),
  runtime: text.optional(),
  sysctls: map.optional(),
  ulimits: z.array(z.strictObject({ name: text, soft: z.int(), hard: z.int() })).optional(),
  logDriver: text.optional(),
  logOpts: map.optional(),
  memory: count.optional(),
  memoryReservation: count.optional(),
  memorySwap: z.int().min(-1).optional(),
  cpuShares: count.optional(),
  cpuSet: text.optional(),
  cpus: z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'a number of CPUs as text, such as "1.5"')
    .optional(),
});

export type ContainerInputs = z.infer<typeof propertiesSchema>;

/** Inputs of `docker:index/container:Container` that this plugin supports; memory sizes are in MB, times in seconds. */
export const containerSchema = propertiesSchema.superRefine((inputs, context) => {
  if (inputs.networkMode !== undefined && inputs.networksAdvanced !== undefined) {
    context.addIssue({
      code: "custom",
      path: ["networkMode"],
      message: "give either networkMode or networksAdvanced",
    });
  }
  if (inputs.wait && !inputs.healthcheck) {
    context.addIssue({ code: "custom", path: ["wait"], message: "needs a healthcheck to wait for" });
  }
  const hiding = [...Object.keys(inputs.tmpfs ?? {}), ...tmpfsMounts(inputs)];
  for (const [index, upload] of (inputs.uploads ?? []).entries()) {
    const over = hiding.find((folder) => upload.file.startsWith(`${folder.replace(/\/$/, "")}/`));
    if (over === undefined) continue;
    const message = `the tmpfs on ${over} would hide this file as soon as the container starts`;
    context.addIssue({ code: "custom", path: ["uploads", index, "file"], message });
  }
});

function tmpfsMounts(inputs: ContainerInputs): string[] {
  return (inputs.mounts ?? []).filter((mount) => mount.type === "tmpfs").map((mount) => mount.target);
}
