import { UserError } from "../components/core/config/finding";
import { digestOf } from "./api-report";

interface Recorded {
  /** What the package's types are now. */
  report: string;
  /** What library/api.md says. */
  checkedIn: string;
  changelog: string;
}

const HEADING = "## Unreleased";
const LINE = /^- API `([0-9a-f]{12})`: \S.*$/gm;

/** What is still to do before a change of the package's types may land. */
export function problemWith({ report, checkedIn, changelog }: Recorded): string | undefined {
  if (report !== checkedIn)
    return "library/api.md is not what the types say: run `npm run api -- 'what changed for teams'`, and commit it";
  const digest = digestOf(report);
  const [last] = changelog.matchAll(LINE);
  // The newest entry stands first: a line of another report says that its change was the last one.
  return last?.[1] === digest
    ? undefined
    : `CHANGELOG.md does not say what changed in the package's types: \`npm run api -- 'what changed for teams'\` writes the line "- API \`${digest}\`: …" under Unreleased`;
}

/**
 * The CHANGELOG with a line about this report under Unreleased. Changes between two releases are one for whoever updates,
 * so the line of an earlier report of the same release takes the new digest, and both sentences.
 */
export function recorded(changelog: string, digest: string, what: string): string {
  const [before = "", after] = split(changelog);
  if (after === undefined)
    throw new UserError(`CHANGELOG.md has no heading "${HEADING}": write it above the newest release`);
  const end = after.indexOf("\n## ");
  const unreleased = end < 0 ? after : after.slice(0, end);
  const rest = end < 0 ? "" : after.slice(end);
  const line = new RegExp(LINE.source, "m").exec(unreleased)?.[0];
  if (line === undefined)
    return `${before}${HEADING}\n\n- API \`${digest}\`: ${what}${unreleased.replace(/^\n*/, "\n")}${rest}`;
  const said = line.slice(line.indexOf("`: ") + 3);
  return `${before}${HEADING}${unreleased.replace(line, `- API \`${digest}\`: ${said.includes(what) ? said : `${said} ${what}`}`)}${rest}`;
}

function split(changelog: string): [string, string | undefined] {
  const at = changelog.indexOf(HEADING);
  return at < 0 ? [changelog, undefined] : [changelog.slice(0, at), changelog.slice(at + HEADING.length)];
}
