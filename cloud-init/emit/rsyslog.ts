import type { RsyslogStatement } from "../../components/core/services/service";

type Value = string | number | boolean | readonly string[];

/** Prints an rsyslog configuration (RainerScript). */
export const printRsyslog = (statements: readonly RsyslogStatement[]): string =>
  statements
    .flatMap((statement) => lines(statement, ""))
    .join("\n")
    .concat("\n");

function lines(statement: RsyslogStatement, indent: string): string[] {
  if (statement === "stop") return [`${indent}stop`];
  if ("call" in statement) return [`${indent}call ${identifier(statement.call)}`];
  if ("ruleset" in statement)
    return [
      `${indent}ruleset(name=${quote(statement.ruleset)}) {`,
      ...block(statement.statements, indent),
      `${indent}}`,
    ];
  if ("when" in statement) {
    const { when, do: then, otherwise = [] } = statement;
    return [
      `${indent}if ${property(when.property)} == ${list(when.is)} then {`,
      ...block(then, indent),
      ...(otherwise.length > 0 ? [`${indent}} else {`, ...block(otherwise, indent)] : []),
      `${indent}}`,
    ];
  }
  const parameters = Object.entries(statement.parameters).map(
    ([key, value]) => `${identifier(key)}=${print(value)}`,
  );
  return [`${indent}${statement.object}(${parameters.join(" ")})`];
}

const block = (statements: readonly RsyslogStatement[], indent: string): string[] =>
  statements.flatMap((each) => lines(each, `${indent}  `));

/** Values of parameters are text whatever they are; a switch is on or off. */
function print(value: Value): string {
  if (typeof value === "boolean") return quote(value ? "on" : "off");
  if (typeof value === "object") return list(value);
  return quote(String(value));
}

const list = (values: readonly string[]): string => `[${values.map(quote).join(", ")}]`;

/** In its text a backslash escapes, and a `$` of a constant must not begin a name. */
const quote = (text: string): string =>
  `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n").replaceAll("$", "\\$")}"`;

function identifier(name: string): string {
  if (!/^[A-Za-z][\w.-]*$/.test(name)) throw new RangeError(`${JSON.stringify(name)} is no name in rsyslog`);
  return name;
}

function property(name: string): string {
  if (!/^\$[a-z-]+$/.test(name)) throw new RangeError(`${JSON.stringify(name)} is no property of a line`);
  return name;
}
