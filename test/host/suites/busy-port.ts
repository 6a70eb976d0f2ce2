import { expect } from "chai";
import { headOf, inSync, recoveryOf } from "../../../lab/drills/chain-hosts";
import { until } from "../../../lab/drills/until";
import type { TestLab } from "../test-lab";

const HOST = "rpc-a";
const PEER = "seed-a";
const HOLDER = "port-holder";
const HOLD = `use IO::Socket::INET; my $held = IO::Socket::INET->new(LocalAddr => "0.0.0.0", LocalPort => 8888, Listen => 1, ReuseAddr => 1) or die "not free"; sleep`;

/** nodeos ends with status 0 where somebody else has its port: that must not pass for a good end, nor for a broken chain. */
export function showsBusyPort(lab: TestLab): void {
  describe("with a port of nodeos held by another program", () => {
    const shell = (...words: string[]) => lab.inHost(HOST, ...words);

    it("is failed and says why, and goes on by itself once the port is free", async () => {
      const before = await recoveryOf(lab, HOST);
      await shell("systemctl", "stop", "nodeos");
      const since = (await shell("date", "+%s")).trim();
      await shell("systemd-run", "--quiet", `--unit=${HOLDER}`, "perl", "-e", HOLD);
      try {
        await until("the port is held", async () =>
          (await shell("ss", "-Hltn", "sport = :8888")).includes("8888"),
        );
        await shell("systemctl", "start", "nodeos");
        await until("its journal tells of the port", async () =>
          /with status 0: a port that it needs is in use/.test(
            await shell("journalctl", "--unit=nodeos", `--since=@${since}`, "--output=cat"),
          ),
        );
        const { code } = await lab.tryInHost(HOST, "/opt/nodewright/bin/nodewright-host", "status");
        expect(code, "exit code of status").not.to.equal(0);
      } finally {
        await shell("systemctl", "stop", HOLDER);
      }
      const head = await headOf(lab, PEER);
      await until(
        `${HOST} is in sync again`,
        async () => (await headOf(lab, HOST)) > head && inSync(lab, HOST, PEER),
      );
      const { dirtyStarts } = await recoveryOf(lab, HOST);
      expect(dirtyStarts, "starts that found a broken chain").to.equal(before.dirtyStarts);
    });
  });
}
