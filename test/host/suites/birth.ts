import { expect } from "chai";
import { emitBirth } from "../../../cloud-init/emit/user-data";
import { docker } from "../../../components/targets/docker";
import { HOSTS, type TestLab } from "../test-lab";

/** Each host came up by cloud-init alone, without a complaint. */
export function wasBorn(lab: TestLab): void {
  for (const name of HOSTS) {
    describe(`${name} was born by cloud-init`, () => {
      it("from the bytes that the plan gives any target", async () => {
        const { userData } = emitBirth(lab.plan, lab.host(name));
        expect(Buffer.byteLength(userData)).to.be.at.most(docker.traits.userDataBytes);
        expect(await lab.inHost(name, "cat", "/var/lib/cloud/instance/user-data.txt")).to.equal(userData);
      });

      it("which its own schema check accepts", async () => {
        const out = await lab.inHost(
          name,
          "cloud-init",
          "schema",
          "--config-file",
          "/var/lib/cloud/instance/user-data.txt",
        );
        expect(out).to.include("Valid");
      });

      it("to its end, with no error and no warning", async () => {
        const status = JSON.parse(await lab.inHost(name, "cloud-init", "status", "--format", "json")) as {
          status: string;
          errors: string[];
        };
        expect({ status: status.status, errors: status.errors }).to.deep.equal({
          status: "done",
          errors: [],
        });
        expect(
          await lab.inHost(
            name,
            "sh",
            "-c",
            "grep -E 'WARNING|ERROR|Traceback' /var/log/cloud-init.log /var/log/cloud-init-output.log || true",
          ),
        ).to.equal("");
      });

      it("into a system where every unit runs", async () => {
        expect((await lab.inHost(name, "systemctl", "is-system-running")).trim()).to.equal("running");
      });

      it("with unit files that systemd has nothing to say about", async () => {
        const units = lab.host(name).services.map(({ unit }) => `/etc/systemd/system/${unit}.service`);
        const { out, err } = await lab.tryInHost(
          name,
          "systemd-analyze",
          "verify",
          ...units,
          "/etc/systemd/system/nodewright-firewall.service",
        );
        expect(out + err).to.equal("");
      });
    });
  }
}
