import type { FileContent } from "../../components/core/services/service";
import { printHaproxy } from "./haproxy";
import { printIni } from "./ini";
import { printRsyslog } from "./rsyslog";
import { printWordLines } from "./word-lines";
import { printYaml } from "./yaml";
import { printZone } from "./zone";

/** They are for the reader of this source: each counts where a cloud limits user data. What shellcheck reads stays. */
const COMMENT_LINES = /^[ \t]*# (?!shellcheck ).*\n/gm;

/** The bytes of a file, from its data. */
export function printContent(content: FileContent): string {
  switch (content.format) {
    case "ini":
      return printIni(content.entries);
    case "json":
      return `${JSON.stringify(content.value, null, 2)}\n`;
    case "haproxy":
      return printHaproxy(content.sections);
    case "lines":
      return printWordLines(content.lines.map((line) => [line]));
    case "yaml":
      return printYaml(content.value);
    case "zone":
      return printZone(content.zone);
    case "rsyslog":
      return printRsyslog(content.statements);
    case "script":
      return content.text.replace(COMMENT_LINES, "");
  }
}
