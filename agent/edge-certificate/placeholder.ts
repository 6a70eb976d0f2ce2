import { dirname } from "node:path";
import { readText, remove, writeAtomic } from "../disk";
import { mustRun, type System } from "../system";
import { PLACEHOLDER, readCertificate } from "./certificate";
import { ownFile } from "./serve";

/** HAProxy starts with no listener that lacks a certificate: until there is a real one it serves one of its own making. */
export async function ensurePlaceholder(system: System, path: string): Promise<boolean> {
  const text = await readText(system, path);
  if (text !== undefined && isReadable(text)) return false;
  const [key, certificate] = ["key", "pem"].map((end) => `${dirname(path)}/.placeholder.${end}`) as [
    string,
    string,
  ];
  await mustRun(system, [
    ...(["openssl", "req", "-x509", "-nodes", "-days", "3650", "-subj", `/CN=${PLACEHOLDER}`] as const),
    ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    ...["-keyout", system.path(key), "-out", system.path(certificate)],
  ]);
  const made = [await readText(system, certificate), await readText(system, key)].join("\n");
  await writeAtomic(system, path, readCertificate(made).pem, ownFile());
  await Promise.all([remove(system, key), remove(system, certificate)]);
  return true;
}

function isReadable(text: string): boolean {
  try {
    readCertificate(text);
    return true;
  } catch {
    return false;
  }
}
