import { expect } from "chai";
import { audit, auditText, readAudit } from "../../agent/audit";
import { CHAIN_AUDIT } from "../../agent/chain/layout";
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

  it("leaves the trail of a service to that service, whose user may not give it away", async () => {
    host.write("/etc/group", "root:x:0:\nadm:x:4:\n");
    const asked: string[] = [];
    const path = (name: string) => {
      asked.push(name);
      return host.system.path(name);
    };
    const system = { ...host.system, path };
    await audit(system, { action: "recovery", what: "mended" }, CHAIN_AUDIT);
    expect(asked).to.not.include("/etc/group");
    expect((await readAudit(host.system)).map(({ what }) => what)).to.deep.equal(["mended"]);
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
