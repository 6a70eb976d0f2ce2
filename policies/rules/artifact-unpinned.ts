import { unpackedIn } from "../documents";
import { type Rule, violation } from "../rule";

const SHA256 = /^[0-9a-f]{64}$/;
/** What a download that nobody checks looks like. */
const PIPED = /\b(curl|wget)\b[^\n|;]*\|\s*(sudo\s+)?(ba|z|da)?sh\b/;

export const artifactUnpinned: Rule = {
  id: "artifact-unpinned",
  level: "mandatory",
  title: "everything that a host installs is named by its sha256",
  reason: "who changes a download then runs code on every host at its next birth",
  remedy: "take it into the release lock (`npm run pin`), which names its source and its hash",
  check: ({ machines }) =>
    machines.flatMap(({ resource, documentBy = resource, host, document, userData }) => [
      ...(document?.artifacts ?? [])
        .filter(({ sha256 }) => !SHA256.test(String(sha256)))
        .map(({ name }) => violation(documentBy, `${host} installs ${name} without a sha256`)),
      ...(userData.some((text) => [text, ...unpackedIn(text)].some((each) => PIPED.test(each)))
        ? [violation(resource, `${host} is born by a script that it downloads and runs unseen`)]
        : []),
    ]),
};
