import { z } from "zod";
import { TLS_CERTIFICATE } from "../../components/core/services/proxy-certificate";
import { credential } from "../credentials";
import { readState, readText, writeState } from "../disk";
import { reasonOf } from "../steps/step";
import { HostError, type System } from "../system";
import { askAuthority, lastGiven } from "./acme";
import { type EdgeCertificate, isDue, readCertificate } from "./certificate";
import { handOver, install } from "./serve";
import type { CertificateSettings } from "./settings";

/** What anyone may know of the edge's certificate. */
export const CERTIFICATE_STATE = "/var/lib/nodewright-certificate/state.json";

const MINUTE = 60_000;
/** Between two looks. */
const PAUSE_MS = MINUTE;
/** After each failure in a row, the last one for all that follow: Let's Encrypt takes five an hour for one name. */
const BACKOFF_MS = [5 * MINUTE, 20 * MINUTE, 60 * MINUTE];

const state = z.strictObject({
  /** ISO 8601, of the certificate that is served. */
  from: z.string().optional(),
  until: z.string().optional(),
  isPlaceholder: z.boolean().default(true),
  /** Of the authority, in a row, and when the last one was. */
  failures: z.number().default(0),
  failedAt: z.string().optional(),
});
export type CertificateState = z.infer<typeof state>;

export const readCertificateState = (system: System): Promise<CertificateState | undefined> =>
  readState<CertificateState | undefined>(
    system,
    CERTIFICATE_STATE,
    (value) => state.parse(value),
    undefined,
  );

/** Keeps the edge's certificate until the process is ended. */
export async function keepCertificate(
  system: System,
  settings: CertificateSettings,
  say: (text: string) => void,
): Promise<never> {
  for (;;) {
    await lookAfter(system, settings, say);
    await system.sleep(PAUSE_MS);
  }
}

/** One look: gets a certificate where one is due, and sees to it that HAProxy serves the best there is. Never throws. */
export async function lookAfter(
  system: System,
  settings: CertificateSettings,
  say: (text: string) => void,
): Promise<void> {
  const before = (await readCertificateState(system)) ?? state.parse({});
  const attempts = { failures: before.failures, failedAt: before.failedAt };
  try {
    const wanted = await wantedCertificate(system, settings, before);
    if (wanted) {
      await install(system, settings, wanted);
      // One that is due as it comes, by a clock that is wrong say, must not be asked for again at each look.
      const isOld = settings.acme && isDue(wanted, settings.acme.names, system.now());
      Object.assign(
        attempts,
        isOld
          ? { failures: before.failures + 1, failedAt: system.now().toISOString() }
          : { failures: 0, failedAt: undefined },
      );
    }
  } catch (error) {
    Object.assign(attempts, { failures: before.failures + 1, failedAt: system.now().toISOString() });
    say(`no new certificate: ${textOf(error)}`);
  }
  try {
    const served = readCertificate((await readText(system, settings.certificate)) ?? "");
    if (await handOver(system, settings, served)) say(`HAProxy serves ${aboutIt(served)}`);
    await writeState(system, CERTIFICATE_STATE, {
      ...{ from: served.from.toISOString(), until: served.until.toISOString() },
      ...{ isPlaceholder: served.isPlaceholder, ...attempts },
    });
  } catch (error) {
    say(`HAProxy keeps what it has: ${textOf(error)}`);
  }
}

/** The operator's own, or the authority's. Undefined while it is too early to ask again. */
async function wantedCertificate(
  system: System,
  { acme }: CertificateSettings,
  { failures, failedAt }: CertificateState,
): Promise<EdgeCertificate | undefined> {
  if (!acme) return readCertificate(await credential(system, TLS_CERTIFICATE));
  const given = await lastGiven(system, acme);
  if (given && !isDue(given, acme.names, system.now())) return given;
  const pause = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length) - 1] ?? 0;
  if (failedAt !== undefined && system.now().getTime() - Date.parse(failedAt) < pause) return undefined;
  await askAuthority(system, acme);
  return lastGiven(system, acme);
}

const aboutIt = ({ names, until, isPlaceholder }: EdgeCertificate): string =>
  isPlaceholder
    ? "its placeholder"
    : `a certificate for ${names.join(", ")}, good until ${until.toISOString()}`;

const textOf = (error: unknown): string => (error instanceof HostError ? error.message : reasonOf(error));
