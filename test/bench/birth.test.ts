import { expect } from "chai";
import { birthOf, type TrailRecord } from "./birth";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
const change = (second: number, step: string): TrailRecord => ({
  time: at(second),
  action: "change",
  step,
  what: "x",
});
const end = (second: number): TrailRecord => ({ time: at(second), action: "provision", what: "host" });

describe("a host's birth, by its audit trail", () => {
  const born = new Date(at(0));
  const nothing = { boot: 0, download: 0, install: 0, start: 0, wait: 0 };

  const ROWS: [title: string, records: TrailRecord[], expected: object][] = [
    ["is nothing yet before the first run", [], { ...nothing, seconds: 0 }],
    [
      "is split by what each step is for",
      [
        change(3, "packages"),
        change(5, "artifacts"),
        change(6, "artifacts"),
        change(9, "files"),
        change(10, "services"),
        end(14),
      ],
      { seconds: 14, boot: 3, download: 4, install: 3, start: 4, wait: 0 },
    ],
    [
      "counts the time between two runs as waiting",
      [change(1, "files"), end(2), change(7.5, "services"), end(8)],
      { seconds: 8, boot: 1, download: 0, install: 1, start: 0.5, wait: 5.5 },
    ],
    [
      "ends with its last run, whatever came later",
      [change(1, "files"), end(2), { time: at(60), action: "secret", what: "signing-key" }],
      { seconds: 2, boot: 1, download: 0, install: 1, start: 0, wait: 0 },
    ],
  ];
  for (const [title, records, expected] of ROWS)
    it(title, () => expect(birthOf(born, records)).to.deep.equal(expected));
});
