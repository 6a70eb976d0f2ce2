import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { installPackages } from "../../../lab/docker/debian-packages";
import { fakeRun } from "./fake-run";
import { userError } from "./rejection";
import { temporaryFolders } from "./temporary";

const folder = temporaryFolders();
const progress = () => {};
const verbs = (calls: string[]) => calls.map((call) => /apt-get (\w+)/.exec(call)?.[1]);

describe("installing Debian packages", () => {
  it("fetches package lists first where there are none", async () => {
    const { run, calls } = fakeRun({ "apt-get": () => ({}) });
    await installPackages(["docker.io"], { run, progress, lists: folder() });
    expect(verbs(calls)).eql(["update", "install"]);
    expect(calls[1])
      .contain("--yes --no-install-recommends")
      .and.match(/ docker\.io$/);
  });

  it("takes fresh lists as they are, and fetches them when the packages cannot be had with them", async () => {
    const lists = folder();
    writeFileSync(join(lists, "deb.debian.org_debian_dists_bookworm_InRelease"), "");
    let attempts = 0;
    const apt = (words: readonly string[]) =>
      words[0] === "install" && attempts++ === 0 ? { status: 100 } : {};
    const { run, calls } = fakeRun({ "apt-get": apt });
    await installPackages(["docker.io"], { run, progress, lists });
    expect(verbs(calls)).eql(["install", "update", "install"]);
  });

  it("asks no questions", async () => {
    const asked: (string | undefined)[] = [];
    const { run } = fakeRun({ "apt-get": (_, { env }) => void asked.push(env?.DEBIAN_FRONTEND) });
    await installPackages(["docker.io"], { run, progress, lists: folder() });
    expect(asked).eql(["noninteractive", "noninteractive"]);
  });

  it("shows apt's own words when it fails", async () => {
    const stderr = "E: Unable to locate package docker.io\n";
    const { run } = fakeRun({
      "apt-get": (words) => (words[0] === "install" ? { status: 100, stderr } : {}),
    });
    const message = await userError(installPackages(["docker.io"], { run, progress, lists: folder() }));
    expect(message).contain("Unable to locate package docker.io").and.contain("Remedy");
  });
});
