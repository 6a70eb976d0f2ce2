import { expect } from "chai";
import { parse } from "yaml";
import { printYaml } from "../../../cloud-init/emit/yaml";

const shared = { a: [1, 2] };

describe("YAML for a service", () => {
  const TEXTS: [name: string, value: unknown, text: string][] = [
    [
      "puts a list of plain values on one line",
      { listen: ["0.0.0.0@53", "::@53"] },
      "listen: [ 0.0.0.0@53, ::@53 ]\n",
    ],
    [
      "puts a list of maps on a line each",
      { log: [{ target: "stderr" }, { target: "syslog" }] },
      "log:\n  - target: stderr\n  - target: syslog\n",
    ],
    ["says what is empty", { text: "", list: [], map: {} }, 'text: ""\nlist: []\nmap: {}\n'],
    [
      "quotes what would be read as something else",
      { a: "123", b: "true", c: "# no", d: "%s.zone", e: "{{ x }}", f: "a: b" },
      'a: "123"\nb: "true"\nc: "# no"\nd: "%s.zone"\ne: "{{ x }}"\nf: "a: b"\n',
    ],
    [
      "writes what comes twice twice: Knot knows no aliases",
      { x: shared, y: shared },
      "x:\n  a: [ 1, 2 ]\ny:\n  a: [ 1, 2 ]\n",
    ],
    ["leaves out what is not given", { a: undefined, b: 1 }, "b: 1\n"],
  ];
  for (const [name, value, text] of TEXTS) it(name, () => expect(printYaml(value)).to.equal(text));

  it("folds no line, however long", () => {
    const words = Array.from({ length: 40 }, (_, index) => `word-${index}`);
    expect(
      printYaml({ list: words, text: words.join(" ") })
        .trim()
        .split("\n"),
    ).to.have.length(2);
  });

  it("is read as it was meant", () => {
    const value = {
      text: "two\nlines",
      tab: "a\tb",
      quote: `'"\\`,
      nested: [{ list: ["a", "b"], map: { n: 1.5 } }],
    };
    expect(parse(printYaml(value))).to.deep.equal(value);
  });
});
