import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import type { HostPlan, Plan } from "../../components/core/plan/plan";
import type { LabKeys } from "../../lab/keys";
import { proveServing } from "../../lab/serving";

interface Chain {
  headBlock: number;
  lib: number;
}

/** A host whose agent tells of a nodeos, as far as it is asked for here. */
interface Told {
  host: HostPlan;
  server: Server;
}

async function hostOf(name: string, role: string, chain: () => Chain): Promise<Told> {
  const server = createServer((_, response) =>
    response.end(JSON.stringify({ services: [{ name: "nodeos", ...chain() }] })),
  ).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const host = {
    name,
    role,
    addresses: { cluster: { kind: "known", ipv4: "127.0.0.1", ipv6: "::1" } },
    listeners: [{ name: "agent", port, exposure: "cluster" }],
    services: [{ service: "nodeos" }],
    ...(role === "validator" ? { producer: { name: "eosio" } } : {}),
  } as unknown as HostPlan;
  return { host, server };
}

describe("whether a lab serves", () => {
  const told: Told[] = [];
  afterEach(() => {
    for (const { server } of told.splice(0)) server.close();
  });

  const prove = async (follower: string, chain: (made: Chain) => Chain) => {
    let headBlock = 100;
    let said = 0;
    // Two producers: what is irreversible lies a round behind.
    const made = () => ({ headBlock, lib: headBlock - 24 });
    told.push(
      await hostOf("validator-a", "validator", () => {
        headBlock += 1;
        return made();
      }),
      await hostOf("follower", follower, () => chain(made())),
    );
    const plan = { hosts: told.map(({ host }) => host), endpoints: [] } as unknown as Plan;
    const proof = await proveServing(plan, {} as LabKeys, () => {
      said += 1;
    });
    return { ...proof, said };
  };

  it("counts a host of backups as far as its irreversible blocks", async () => {
    const { said } = await prove("backup", ({ lib }) => ({ headBlock: lib, lib }));
    expect(said, "times that it was waited").to.equal(0);
  });

  it("waits for a host that is behind the head, or behind what is irreversible", async () => {
    for (const role of ["seed", "backup"]) {
      let late = 3;
      const { said } = await prove(role, ({ headBlock, lib }) => {
        late -= 1;
        return { headBlock: late < 0 ? headBlock : lib - 10, lib };
      });
      expect(said, `times that a ${role} was waited for`).to.be.greaterThan(0);
      for (const { server } of told.splice(0)) server.close();
    }
  });
});
