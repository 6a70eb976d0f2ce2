import { createHash } from "node:crypto";
import { readText } from "../disk";
import { HostError, type System } from "../system";
import { type EdgeCertificate, readCertificate } from "./certificate";
import type { AcmeSettings } from "./settings";

/** The ACME client's own folder, below the unit's. */
const FOLDER = "/var/lib/nodewright-certificate/acme";

/** One of each authority: what its staging gave is none of the real one. */
const lineage = ({ directory }: AcmeSettings): string =>
  `edge-${createHash("sha256").update(directory).digest("hex").slice(0, 12)}`;

/** What the authority gave last. */
export async function lastGiven(system: System, acme: AcmeSettings): Promise<EdgeCertificate | undefined> {
  const live = `${FOLDER}/config/live/${lineage(acme)}`;
  const [chain, key] = [
    await readText(system, `${live}/fullchain.pem`),
    await readText(system, `${live}/privkey.pem`),
  ];
  if (chain === undefined || key === undefined) return undefined;
  return readCertificate(`${chain}\n${key}`);
}

/**
 * Asks the authority (RFC 8555, http-01) by certbot. It answers on loopback; HAProxy hands it the authority's questions.
 * Throws with certbot's own words.
 */
export async function askAuthority(system: System, acme: AcmeSettings): Promise<void> {
  const folder = (name: string) => system.path(`${FOLDER}/${name}`);
  const { code, stdout, stderr } = await system.run([
    ...(["certbot", "certonly", "--non-interactive", "--agree-tos", "--standalone"] as const),
    ...["--preferred-challenges", "http"],
    ...["--http-01-address", "127.0.0.1", "--http-01-port", String(acme.port)],
    ...["--server", acme.directory, "--cert-name", lineage(acme), "--key-type", "ecdsa"],
    // When is decided here: certbot's own rule knows certificates of 90 days.
    ...["--force-renewal", "--renew-with-new-domains"],
    ...(acme.email === undefined ? ["--register-unsafely-without-email"] : ["--email", acme.email]),
    ...["--config-dir", folder("config"), "--work-dir", folder("work"), "--logs-dir", folder("logs")],
    ...acme.names.flatMap((name) => ["--domain", name]),
  ]);
  // What the authority found stands on the one, what to read on the other.
  if (code !== 0)
    throw new HostError(
      `certbot: exit ${code}\n${stderr.trim()}\n${stdout.toString().trim()}`.slice(0, 4000),
    );
}
