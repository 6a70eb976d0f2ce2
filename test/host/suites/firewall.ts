import { expect } from "chai";
import { knownAddress } from "../../../components/core/network/address-ref";
import { allowedPorts, type Family, type Scanner, startScanner, type Zone } from "../port-scan";
import { HOSTS, need, type TestLab } from "../test-lab";

/** What answers from each network is what the plan says, no more and no less. */
export function isClosed(lab: TestLab): void {
  describe("is closed to all that the plan does not open", () => {
    const scanners = new Map<Zone, Scanner>();
    before(async () => {
      const image = (await lab.container("seed-a").inspect()).Image;
      for (const zone of ["public", "cluster"] as const)
        scanners.set(zone, await startScanner(lab.docker, lab.plan, image, zone));
    });
    after(async () => {
      for (const scanner of scanners.values()) await scanner.remove();
    });

    for (const zone of ["public", "cluster"] as const) {
      for (const family of ["ipv4", "ipv6"] as const satisfies Family[]) {
        for (const name of HOSTS) {
          it(`${name} from ${zone} by ${family}`, async () => {
            const scanner = need(scanners.get(zone), zone);
            const host = lab.host(name);
            const open = await scanner.openPorts(
              need(knownAddress(host.addresses[zone])[family], family),
              family,
            );
            expect(open).to.deep.equal(allowedPorts(host, scanner.address[family], family));
          });
        }
      }
    }

    it("which leaves a validator nothing, a seed p2p, an rpc host the proxy, from outside", () => {
      const outside = HOSTS.map((name) => allowedPorts(lab.host(name), "203.0.113.7", "ipv4"));
      expect(outside).to.deep.equal([[9876], [], [80]]);
    });
  });
}
