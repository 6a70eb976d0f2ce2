import { isObject, isSecret, UNKNOWN } from "./value";

// Shorter pieces ("yes", "1") occur in harmless text; hiding them would make messages unreadable and tell the secret.
const SHORTEST = 6;

// The command SDK marks a connection as a whole. An error that hid which host it is about would help nobody.
const OPEN_PARTS_OF_CONNECTION = new Set(["host", "user", "hostKey"]);

/**
 * A function that hides the secrets of `properties` in a text: whole values and their single lines, because a program
 * that fails often prints the line of a key or a script on which it fails.
 */
export function redactor(properties: unknown): (text: string) => string {
  const texts = secretTexts(properties, false).flatMap((text) => [text, ...text.split("\n")]);
  const hidden = [...new Set(texts.map((text) => text.trim()).flatMap((text) => [text, quoted(text)]))]
    .filter((text) => text.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  return (text) => hidden.reduce((shown, value) => shown.replaceAll(value, "[secret]"), text);
}

/** The text as it stands inside JSON quotes, the form in which messages show commands. */
function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Every text that lies below a secret mark. */
function secretTexts(value: unknown, marked: boolean, key?: string): string[] {
  if (isSecret(value)) return secretTexts(value.value, true, key);
  if (typeof value === "string") return marked && value !== UNKNOWN ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((part) => secretTexts(part, marked));
  if (!isObject(value)) return [];
  const parts = Object.entries(value).filter(
    ([part]) => key !== "connection" || !OPEN_PARTS_OF_CONNECTION.has(part),
  );
  return parts.flatMap(([part, member]) => secretTexts(member, marked, part));
}
