/** Where there is no terminal to redraw, long work shows that it lives this often. */
const HEARTBEAT_MS = 5_000;
const CLEAR = "\r\u001b[K";
const WIDEST = 110;

/** Shows what goes on in one line of a terminal, which gives way to lines that stay. Standard output is for those alone. */
export interface Shown {
  progress(line: string): void;
  /** A line that stays. */
  say(line: string): void;
}

/** `stays` gets the lines that stay: standard output, or standard error where the former is for JSON. */
export function terminal(stays: NodeJS.WriteStream): Shown {
  const hasTerminal = process.stderr.isTTY === true;
  let last = 0;
  const clear = () => void (hasTerminal && process.stderr.write(CLEAR));
  return {
    progress: (line) => {
      if (!hasTerminal && performance.now() - last < HEARTBEAT_MS) return;
      last = performance.now();
      const text = `      ${line.split("\n")[0] ?? ""}`.slice(0, WIDEST);
      process.stderr.write(hasTerminal ? `${CLEAR}${text}` : `${text}\n`);
    },
    say: (line) => {
      clear();
      stays.write(`${line}\n`);
    },
  };
}
