import { expect } from "chai";
import { document, FakeHost, file, unit } from "./fake-host";

const version = (text: string, extra: string[] = []) =>
  document({
    files: ["a", "b", ...extra].map((name) => file(name, `${name} ${text}`)),
    units: [
      unit("a", { content: `[Service]\nExecStart=/bin/a ${text}\n[Install]\n` }),
      unit("b", { onChange: "reload" }),
      ...extra.map((name) => unit(name)),
    ],
  });

/** What each unit really runs with, beside what it should. */
function expectConverged(host: FakeHost, text: string): void {
  expect([...host.running.keys()].sort()).to.deep.equal(["a.service", "b.service"]);
  expect(host.running.get("a.service")?.unit).to.include(`/bin/a ${text}`);
  for (const name of ["a", "b"])
    expect(host.running.get(`${name}.service`)?.files[`${name}.conf`], name).to.equal(`${name} ${text}`);
  expect(host.list("/etc/demo")).to.deep.equal(["a.conf", "b.conf"]);
}

describe("provision, killed at any point", function () {
  this.timeout(180_000);
  for (const [title, then, stride] of [
    // Odd strides, so that systemd interferes at every second point. After each step: resume.test.ts.
    ["is completed by the next run", "2", 3],
    ["can be taken back by the document before", "1", 9],
  ] as const) {
    it(title, async () => {
      let points = 0;
      for (let isDead = true; isDead; points += stride) {
        const host = new FakeHost();
        try {
          await host.provision(version("1", ["old"]));
          isDead = await host.killedAfter(points, () => host.provision(version("2")));
          // The worst that systemd can do meanwhile: start again with whatever lies on the disk.
          if (points % 2 === 0) for (const name of ["a.service", "b.service"]) host.restartByItself(name);
          expect((await host.provision({ ...version(then) })).result, `killed after ${points}`).to.equal(
            "ok",
          );
          expectConverged(host, then);
          expect((await host.provision(version(then))).changed).to.equal(0);
        } finally {
          host.remove();
        }
      }
      expect(points).to.be.greaterThan(50);
    });
  }
});
