import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { keptProgram } from "../../stacks/project-program";
import { temporaryFolder } from "../policies/temporary-folder";

describe("a program of this repository, kept once it is built", () => {
  const folder = join(temporaryFolder(), "project");
  const kept = join(temporaryFolder(), "kept");
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
  const program = () => Buffer.from(keptProgram("main.ts", folder, kept)).toString();
  const record = () => join(kept, readdirSync(kept)[0] ?? "");

  beforeEach(() => {
    mkdirSync(join(folder, "part"), { recursive: true });
    write("main.ts", 'import { said } from "./part";\nconsole.log(said);\n');
    write("part/index.ts", 'export const said = "first";\n');
    rmSync(join(folder, "part.ts"), { force: true });
    rmSync(kept, { recursive: true, force: true });
  });

  it("is taken as it was kept while nothing that it is made of has changed", () => {
    const built = program();
    expect(built).to.include("first");
    const before = readFileSync(record(), "utf8");
    expect(program()).to.equal(built);
    expect(readFileSync(record(), "utf8")).to.equal(before);
  });

  it("is built anew for another source, another package, and a file that comes before a folder", () => {
    program();
    write("part/index.ts", 'export const said = "second";\n');
    expect(program()).to.include("second");
    const before = readFileSync(record(), "utf8");
    write("package-lock.json", "{}");
    program();
    expect(readFileSync(record(), "utf8")).to.not.equal(before);
    write("part.ts", 'export const said = "third";\n');
    expect(program()).to.include("third");
  });

  it("is built anew where what was kept is not whole, is of another compiler, or says another content", () => {
    const built = program();
    const whole = readFileSync(record(), "utf8");
    const content = Buffer.from("process.exit();").toString("base64");
    const others = [
      whole.slice(0, whole.length / 2),
      JSON.stringify({ ...JSON.parse(whole), by: "esbuild 0" }),
      JSON.stringify({ ...JSON.parse(whole), content }),
    ];
    for (const other of others) {
      writeFileSync(record(), other);
      expect(program()).to.equal(built);
      expect(readFileSync(record(), "utf8")).to.equal(whole);
    }
  });

  it("needs no folder that can be written", () => {
    writeFileSync(kept, "a file in its place");
    expect(program()).to.include("first");
    expect(existsSync(kept)).to.equal(true);
  });
});
