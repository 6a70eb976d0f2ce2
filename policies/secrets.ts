import { unpackedIn } from "./documents";
import type { Intent } from "./graph";

/** What a secret looks like, wherever it stands. */
const LOOKS: readonly [what: string, pattern: RegExp][] = [
  [
    "a native private key",
    /\b(PVT_(K1|R1|WA|BLS)_[1-9A-HJ-NP-Za-km-z]{20,}|5[HJK][1-9A-HJ-NP-Za-km-z]{49})\b/,
  ],
  ["a private key in PEM", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["an AWS access key", /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a token of DigitalOcean", /\bdo[opr]_v1_[0-9a-f]{64}\b/],
  ["a key of a Google service account", /"private_key_id"\s*:/],
  ["a password in a URL", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'$]+:[^\s/:@"'$]{6,}@/],
];
/** Shorter values may stand anywhere by chance. */
const TELLING_LETTERS = 12;

/** What of a stack's secrets, or of what looks like one, stands in these texts, or in what is packed into them. */
export function secretsIn(texts: readonly string[], { secrets }: Pick<Intent, "secrets">): string[] {
  const all = [...texts, ...texts.flatMap(unpackedIn), ...texts.flatMap(decoded)];
  // In JSON a key of several lines stands with its line ends written out.
  const forms = (value: string) => [value.trim(), JSON.stringify(value.trim()).slice(1, -1)];
  const known = Object.entries(secrets).filter(
    ([name, value]) =>
      !isPublic(name) &&
      value.trim().length >= TELLING_LETTERS &&
      forms(value).some((form) => all.some((text) => text.includes(form))),
  );
  const like = LOOKS.filter(([, pattern]) => all.some((text) => pattern.test(text)));
  return known.length > 0 ? known.map(([name]) => `the secret ${name}`) : like.map(([what]) => what);
}

/** Certificates and public halves travel beside the keys they belong to, and are for everyone to see. */
const isPublic = (name: string): boolean => /(public|certificate|\.crt|-crt)$/.test(name);

/** A whole text in base64, as launch templates have their user data. */
const decoded = (text: string): string[] =>
  /^[A-Za-z0-9+/]{40,}={0,2}$/.test(text) && !text.startsWith("H4sI")
    ? [Buffer.from(text, "base64").toString()]
    : [];
