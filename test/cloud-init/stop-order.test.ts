import { expect } from "chai";
import { documentFor } from "../../cloud-init/document-for";
import { planOf } from "../support/sample";

/** What is stopped first stands first: systemd stops in the reverse of `After=`. */
const ORDER = ["proxy", "nodewright-edge", "evm-rpc-1", "evm-node", "nodeos"];

describe("the stop of a host that answers reads", () => {
  const plan = planOf();
  const host = plan.hosts.find(({ role }) => role === "rpc");
  if (!host) throw new Error("the sample has no rpc host");
  const { units } = documentFor(plan, host);
  const contentOf = (name: string) => units.find((unit) => unit.name === `${name}.service`)?.content ?? "";

  for (const [index, name] of ORDER.slice(0, -1).entries())
    it(`takes ${name} before ${ORDER[index + 1]}, by systemd and by provision`, () => {
      const behind = `${ORDER[index + 1]}.service`;
      expect(/^After=(.*)$/m.exec(contentOf(name))?.[1]?.split(" ")).to.include(behind);
      const names = units.map((unit) => unit.name);
      // Provision stops in the reverse of the document.
      expect(names.indexOf(`${name}.service`)).to.be.above(names.indexOf(behind));
    });

  it("lets the proxy answer what it has taken", () => {
    expect(contentOf("proxy"))
      .to.match(/^KillSignal=SIGUSR1$/m)
      .and.match(/^KillMode=mixed$/m);
    expect(contentOf("nodeos")).not.to.include("KillSignal");
  });
});
