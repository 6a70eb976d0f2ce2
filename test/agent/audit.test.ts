import { expect } from "chai";
import { audit, auditText, readAudit } from "../../agent/audit";
import { FakeHost } from "./fake-host";

const PATH = "/var/lib/nodewright/audit.jsonl";

describe("audit", () => {
  let host: FakeHost;
  beforeEach(() => {
    host = new FakeHost();
  });
  afterEach(() => host.remove());
  const add = (what: string) => audit(host.system, { action: "change", step: "files", what });

  it("only adds, and a record cut in half by a power cut spoils no other", async () => {
    await add("one");
    host.write(PATH, `${host.read(PATH)}{"time":"2026-`);
    await add("two");
    expect((await readAudit(host.system)).map(({ what }) => what)).to.deep.equal(["one", "two"]);
    expect(host.read(PATH).split("\n")).to.have.lengthOf(4);
  });

  it("is empty before the first change", async () => {
    expect(await readAudit(host.system)).to.deep.equal([]);
  });

  it("reads as one line for people", () => {
    expect(
      auditText({
        action: "change",
        origin: "rollback",
        by: "ann",
        step: "files",
        what: "/etc/x",
        from: "a".repeat(64),
        to: "b".repeat(64),
        before: "c".repeat(64),
        after: "d".repeat(64),
      }),
    ).to.equal(
      "change files /etc/x cccccccccccc → dddddddddddd (rollback by ann, bundle aaaaaaaaaaaa → bbbbbbbbbbbb)",
    );
    expect(auditText({ action: "secret", what: "put key" })).to.equal("secret put key");
  });
});
