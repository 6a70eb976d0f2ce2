import { createWriteStream } from "node:fs";

/** silkworm's levels, from 1 (critical) to 5 (debug): `--verbosity` names the last one that is printed. */
const LEVELS = ["CRIT", "ERROR", "WARN", "INFO", "DEBUG"] as const;
type Level = Lowercase<(typeof LEVELS)[number]>;

export type Log = Record<Level, (text: string) => void> & {
  /** Printed at any verbosity. */
  always: (text: string) => void;
};

export interface LogFlags {
  verbosity: number;
  stdout: boolean;
  logFile?: string;
}

/** Lines as silkworm prints them: ` INFO [11-21|05:43:37.123 UTC] text`, to stderr unless told otherwise. */
export function openLog({ verbosity, stdout, logFile }: LogFlags): Log {
  const file = logFile ? createWriteStream(logFile, { flags: "a" }) : undefined;
  const print = (level: string, text: string) => {
    const [date = "", time = ""] = new Date().toISOString().split("T");
    const line = `${level.padStart(5)} [${date.slice(5)}|${time.slice(0, -1)} UTC] ${text}\n`;
    (stdout ? process.stdout : process.stderr).write(line);
    file?.write(line);
  };
  const at = (level: (typeof LEVELS)[number]) => (text: string) => {
    if (LEVELS.indexOf(level) < verbosity) print(level, text);
  };
  return {
    always: (text) => print("INFO", text),
    crit: at("CRIT"),
    error: at("ERROR"),
    warn: at("WARN"),
    info: at("INFO"),
    debug: at("DEBUG"),
  };
}
