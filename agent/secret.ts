import { join } from "node:path";
import { currentBundle } from "./bundle";
import { noteCertificate } from "./certificates";
import { ensureFolder, inspect, ownFolder, readBytes, sha256, writeAtomic } from "./disk";
import { secretName } from "./document-schema";
import { CREDENTIALS } from "./layout";
import { readManifest } from "./manifest";
import { fitted, operatingSystem } from "./operating-system";
import { applyAll } from "./run";
import { mustOwn } from "./steps/ownership";
import { planServices, waitingUnits } from "./steps/services";
import type { Failure } from "./steps/step";
import { HostError, mustRun, type System } from "./system";
import { openTrail, type Trail } from "./trail";

export interface SecretReport {
  name: string;
  /** False if the host had the same value already. */
  isStored: boolean;
  /** `start nodeos.service` and the like. */
  changed: string[];
  failed: Failure[];
}

/** systemd passes no larger credential on. */
const MAX_BYTES = 1024 * 1024;

/**
 * Stores a secret, encrypted with the host's own key where systemd can, and starts the units that need it. Call it under the lock.
 * The value is taken byte for byte: a line's end at its end is part of it.
 */
export async function putSecret(system: System, name: string, value: Buffer): Promise<SecretReport> {
  if (!secretName.safeParse(name).success) {
    throw new HostError(
      `"${name}" is no name of a secret: lower-case letters, digits, dot and dash, up to 64`,
    );
  }
  if (value.length === 0 || value.length > MAX_BYTES) {
    throw new HostError(
      `${name}: its value has ${value.length} bytes; send 1 to ${MAX_BYTES} on standard input`,
    );
  }
  const isStored = !(await holds(system, name, value));
  const trail = openTrail(system, {});
  if (isStored) {
    await trail.add({ action: "secret", what: `put ${name}` });
    await store(system, name, value);
  }
  await noteCertificate(system, name, value);
  const outcome = await restart(system, name, trail);
  await trail.endStep("secret", outcome.failed);
  return { name, isStored, ...outcome };
}

async function holds(system: System, name: string, value: Buffer): Promise<boolean> {
  const path = join(CREDENTIALS, name);
  if ((await inspect(system, path))?.mode !== "0600") return false;
  if (await isPlain(system)) return sha256((await readBytes(system, path)) ?? "") === sha256(value);
  // Fails where the host's key is another than at that time: then it is encrypted anew.
  const { code, stdout } = await system.run([
    "systemd-creds",
    "decrypt",
    `--name=${name}`,
    system.path(path),
    "-",
  ]);
  return code === 0 && sha256(stdout) === sha256(value);
}

async function store(system: System, name: string, value: Buffer): Promise<void> {
  const kept = (await isPlain(system)) ? value : await encrypt(system, name, value);
  await ensureFolder(system, CREDENTIALS);
  await ownFolder(system, CREDENTIALS, await mustOwn(system, CREDENTIALS, { mode: "0700" }));
  await writeAtomic(
    system,
    join(CREDENTIALS, name),
    kept,
    await mustOwn(system, CREDENTIALS, { mode: "0600" }),
  );
}

const isPlain = async (system: System): Promise<boolean> =>
  (await operatingSystem(system)).credentials === "plain";

const encrypt = (system: System, name: string, value: Buffer): Promise<Buffer> =>
  mustRun(system, ["systemd-creds", "encrypt", "--with-key=host", `--name=${name}`, "-", "-"], value);

async function restart(
  system: System,
  name: string,
  trail: Trail,
): Promise<Pick<SecretReport, "changed" | "failed">> {
  const bundle = await currentBundle(system);
  if (!bundle) return { changed: [], failed: [] };
  const context = {
    system,
    bundle: await fitted(system, bundle),
    manifest: await readManifest(system),
    kept: [],
  };
  const changes = await planServices(context, ({ secrets }) => secrets.includes(name));
  const outcome = await applyAll(changes, (change) => trail.note("secret", change));
  await waitingUnits(context, false);
  return outcome;
}
