import { expect } from "chai";
import { verifiedLine } from "../../../agent/report-text";
import type { Verification } from "../../../agent/verification";
import { parseVerified } from "../../../components/ssh/verified";

const verification: Verification = {
  time: "2026-11-22T02:00:00.000Z",
  verdict: "warning",
  checks: [
    { name: "services", verdict: "ok", detail: "a" },
    { name: "disk", verdict: "ok", detail: "/" },
    { name: "disk", verdict: "warning", detail: "/data" },
  ],
  disks: [],
};

describe("what a host tells of itself at the end of a change", () => {
  it("is read as it was written, the worst word of each check", () => {
    const output = `waiting: nodeos is starting\nready\n${verifiedLine(verification)}\n`;
    expect(parseVerified(output)).to.deep.equal({
      verdict: "warning",
      time: "2026-11-22T02:00:00.000Z",
      checks: { services: "ok", disk: "warning" },
    });
  });

  it("is the newest, where it was told twice", () => {
    const older = verifiedLine({ ...verification, verdict: "failed" });
    expect(parseVerified(`${older}\n${verifiedLine(verification)}`)?.verdict).to.equal("warning");
  });

  it("is nothing where the host said nothing, or another version of ours answers", () => {
    for (const output of [undefined, "", "ready\n", "verified\n"])
      expect(parseVerified(output)).to.equal(undefined);
  });
});
