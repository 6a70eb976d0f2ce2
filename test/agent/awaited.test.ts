import { expect } from "chai";
import { hostStatus, isHealthy } from "../../agent/status";
import { statusTable } from "../../agent/status-table";
import { document, FakeHost, file, unit } from "./fake-host";

describe("a service that comes with a later document", () => {
  it("is told by the status with its reason, and takes nothing from the host's health", async () => {
    const host = new FakeHost();
    try {
      const why = "starts with the first up that finds the EVM's genesis on the chain";
      const awaited = [{ name: "evm-node.service", service: "evm-node", why }];
      await host.provision({ ...document({ files: [file("a", "1")], units: [unit("a")] }), awaited });
      const status = await hostStatus(host.system);
      expect(status.awaited).to.deep.equal(awaited);
      expect(status.services.map(({ name }) => name)).to.deep.equal(["a"]);
      expect(isHealthy(status)).to.equal(true);
      expect(statusTable(status)).to.match(
        /^awaits +evm-node +evm-node\.service +not here yet +starts with/m,
      );
      await host.provision(
        document({ files: [file("a", "1"), file("evm-node", "1")], units: [unit("a"), unit("evm-node")] }),
      );
      expect((await hostStatus(host.system)).awaited).to.equal(undefined);
    } finally {
      host.remove();
    }
  });
});
