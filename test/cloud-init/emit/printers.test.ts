import { expect } from "chai";
import { printHaproxy } from "../../../cloud-init/emit/haproxy";
import { printIni } from "../../../cloud-init/emit/ini";
import { commandLine, environment, printUnit } from "../../../cloud-init/emit/systemd-unit";

describe("a unit file", () => {
  it("keeps order, leaves out what is undefined, writes booleans as systemd reads them", () => {
    const text = printUnit({
      Unit: [
        ["Description", "a b"],
        ["After", undefined],
      ],
      Service: [
        ["NoNewPrivileges", true],
        ["RestartSec", 2],
      ],
    });
    expect(text).to.equal("[Unit]\nDescription=a b\n\n[Service]\nNoNewPrivileges=yes\nRestartSec=2\n");
  });

  it("refuses a value of two lines", () => {
    expect(() => printUnit({ Service: [["ExecStart", "a\nUser=root"]] })).to.throw("one line");
  });

  const WORDS: [string[], string][] = [
    [["/bin/a", "--x=1"], "/bin/a --x=1"],
    [["/bin/a", "two words"], '/bin/a "two words"'],
    [["/bin/a", "100%"], "/bin/a 100%%"],
    [["/bin/a", "$HOME/x"], "/bin/a $$HOME/x"],
    [["/bin/kill", "$MAINPID"], "/bin/kill $MAINPID"],
    [["/bin/a", 'say "hi" \\'], '/bin/a "say \\"hi\\" \\\\"'],
    [["/bin/a", ""], '/bin/a ""'],
    [["/bin/a", "a;b"], '/bin/a "a;b"'],
  ];
  for (const [words, line] of WORDS) {
    it(`quotes ${JSON.stringify(words)}`, () => expect(commandLine(words)).to.equal(line));
  }

  it("quotes environment", () => expect(environment("A", 'x "y" 1%')).to.equal('"A=x \\"y\\" 1%%"'));
});

describe("an HAProxy configuration", () => {
  it("quotes what HAProxy would take apart, and nothing else", () => {
    const text = printHaproxy([
      {
        kind: "frontend",
        name: "rpc",
        lines: [
          ["bind", ":::80", "v4v6"],
          ["set-var(txn.m)", "req.body,json_query('$.method')"],
          ["string", 'it\'s {"a": 1} #$'],
        ],
      },
    ]);
    expect(text).to.equal(
      `frontend rpc\n    bind :::80 v4v6\n    'set-var(txn.m)' 'req.body,json_query('"'"'$.method'"'"')'\n    string 'it'"'"'s {"a": 1} #$'\n`,
    );
  });

  it("refuses a word of two lines", () => {
    expect(() => printHaproxy([{ kind: "global", lines: [["a\nb"]] }])).to.throw("one line");
  });
});

describe("a nodeos config.ini", () => {
  it("writes an option as often as it is given", () => {
    expect(
      printIni([
        ["plugin", "a"],
        ["plugin", "b"],
        ["trace-history", true],
        ["n", 5],
      ]),
    ).to.equal("plugin = a\nplugin = b\ntrace-history = true\nn = 5\n");
  });

  for (const value of ["a\nprivate-key = x", "a # b"]) {
    it(`refuses ${JSON.stringify(value)}`, () =>
      expect(() => printIni([["agent-name", value]])).to.throw("agent-name"));
  }
});
