import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";

const FOLDER = join(__dirname, "..", "golden");

/** Compares with a checked-in file. `GOLDEN=write npm test` writes it anew; a reviewer then reads the difference. */
export function expectGolden(name: string, actual: string): void {
  const path = join(FOLDER, name);
  if (process.env.GOLDEN === "write") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
  }
  expect(existsSync(path), `${name} is not there: run GOLDEN=write npm test`).to.equal(true);
  expect(actual).to.equal(readFileSync(path, "utf8"));
}
