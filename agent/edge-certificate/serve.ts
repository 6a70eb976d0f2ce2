import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { type Owner, readText, writeAtomic } from "../disk";
import { HostError, type System } from "../system";
import type { EdgeCertificate } from "./certificate";
import type { CertificateSettings } from "./settings";

const PATIENCE_MS = 10_000;

/** Of this process' user, for nobody else. */
export const ownFile = (): Owner => ({
  uid: process.getuid?.() ?? 0,
  gid: process.getgid?.() ?? 0,
  mode: "0600",
});

/** Puts a certificate where HAProxy reads it at its next start. */
export async function install(
  system: System,
  { certificate: path }: CertificateSettings,
  { pem }: EdgeCertificate,
): Promise<void> {
  if ((await readText(system, path)) !== pem) await writeAtomic(system, path, pem, ownFile());
}

/**
 * Lets the process that serves take over a certificate: no connection is touched, and new ones get the new one. False where
 * it has it already. Throws where HAProxy refuses it, or is not there.
 */
export async function handOver(
  system: System,
  { certificate: path, socket }: CertificateSettings,
  { pem, fingerprint }: EdgeCertificate,
): Promise<boolean> {
  const at = system.path(socket);
  const served = /^SHA1 FingerPrint: ([0-9A-F]+)$/m.exec(await ask(at, `show ssl cert ${path}`))?.[1];
  if (served === fingerprint) return false;
  const taken = await ask(at, `set ssl cert ${path} <<\n${pem.trim()}\n`);
  const said = /transaction (created|updated)/i.test(taken)
    ? await ask(at, `commit ssl cert ${path}`)
    : taken;
  if (!said.includes("Success!")) {
    await ask(at, `abort ssl cert ${path}`);
    throw new HostError(`HAProxy does not take the certificate: ${said.trim().split("\n").at(-1)}`);
  }
  return true;
}

async function ask(path: string, command: string): Promise<string> {
  const socket = connect(path);
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`${path}: no answer in time`)));
  socket.write(`${command}\n`);
  return text(socket);
}
