import { expect } from "chai";
import { packageProgress } from "../../../lab/docker/package-progress";

describe("package progress", () => {
  it("counts what apt and dpkg do, and starts again with each transaction", () => {
    const told: string[] = [];
    const follow = packageProgress((line) => told.push(line));
    const lines = [
      "I: running apt-get update...",
      "Get:1 http://deb.debian.org/debian bookworm InRelease [151 kB]",
      "0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.",
      "Get:1 http://deb.debian.org/debian bookworm/main amd64 less amd64 590-2.1 [131 kB]",
      "Selecting previously unselected package less.",
      "Unpacking less (590-2.1) ...",
      "Unpacking zstd (1.5.4) ...",
      "Setting up less (590-2.1) ...",
      "0 upgraded, 1 newly installed, 0 to remove and 0 not upgraded.",
      "Unpacking curl (7.88) ...",
    ];
    for (const line of lines) follow(line);
    expect(told).eql([
      "running apt-get update...",
      "reading package lists",
      "downloading 1 of 2 packages",
      "unpacking 1 of 2 packages",
      "unpacking 2 of 2 packages",
      "setting up 1 of 2 packages",
      "unpacking 1 of 1 packages",
    ]);
  });
});
