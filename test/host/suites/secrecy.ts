import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { HOSTS, type TestLab } from "../test-lab";

/** No secret of the lab stands anywhere in plain text. */
export function showsNoSecret(lab: TestLab): void {
  describe("shows no secret", () => {
    const secrets = () => {
      const { ssh, hosts, secrets, account } = lab.keys;
      const bodies = (text: string) =>
        text.split("\n").filter((line) => line.length > 40 && !line.startsWith("-"));
      return [
        ...Object.values(secrets),
        account.privateKey,
        ...bodies(ssh.private),
        ...Object.values(hosts).flatMap((pair) => bodies(pair.private)),
      ];
    };
    const expectNone = (text: string) => {
      for (const secret of secrets()) expect(text.includes(secret), `${secret.slice(0, 8)}…`).to.equal(false);
    };

    it("in the engine's state", async () => {
      expectNone(execFileSync("grep", ["-r", "", lab.room.state], { maxBuffer: 2 ** 28 }).toString());
    });

    it("in the settings of the stack", async () => {
      const text = readFileSync(lab.room.settings, "utf8");
      expectNone(text);
      expect((parse(text) as { config: Record<string, object> }).config["nodewright:secrets"]).to.have.keys(
        "secure",
      );
    });

    for (const name of HOSTS) {
      it(`in docker inspect, user data, bundle, units, argv or logs of ${name}`, async () => {
        expectNone(JSON.stringify(await lab.container(name).inspect()));
        expectNone(
          await lab.inHost(
            name,
            "sh",
            "-c",
            "cat /var/lib/cloud/instance/*.txt /etc/nodewright/bundle.json /etc/systemd/system/*.service",
          ),
        );
        expectNone(await lab.inHost(name, "sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"));
        expectNone(
          await lab.inHost(
            name,
            "sh",
            "-c",
            "journalctl --no-pager; cat /var/log/*.log /var/log/nodewright/*; find /etc /opt /data /var/lib/nodewright -type f -size -1M -exec cat {} + | tr '\\0' ' '",
          ),
        );
      });
    }
  });
}
