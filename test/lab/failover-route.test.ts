import { expect } from "chai";
import type { Plan } from "../../components/core/plan/plan";
import { sshRoute } from "../../lab/failover-route";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ";

const metal = {
  target: {
    name: "bare-metal",
    config: {
      hosts: { "producers-1": { address: "192.0.2.7", port: 2222, user: "root", hostKey: `${KEY} me@x` } },
    },
  },
  hosts: [{ name: "producers-1" }],
} as unknown as Plan;

const cloud = {
  target: { name: "aws", config: {} },
  hosts: [{ name: "relay-1" }, { name: "producers-1", reachedThrough: "relay-1" }],
} as unknown as Plan;

const ADDRESSES = {
  "relay-1": { public: "203.0.113.5", cluster: "10.0.0.5" },
  "producers-1": { cluster: "10.0.0.9" },
};

describe("the way of an order to a host of a stack that is no lab", () => {
  it("takes a machine of one's own for no other than the stack file's key says", () =>
    expect(sshRoute(metal, {}, "producers-1")).to.deep.equal({
      words: ["-p", "2222", "-o", "HostKeyAlias=producers-1", "root@192.0.2.7"],
      known: `producers-1 ${KEY}\n`,
    }));

  it("goes to a cloud's host through the one that the outside reaches", () => {
    expect(sshRoute(cloud, ADDRESSES, "producers-1").words).to.deep.equal([
      "-J",
      "nodewright@203.0.113.5",
      "nodewright@10.0.0.9",
    ]);
    expect(sshRoute(cloud, ADDRESSES, "relay-1").words).to.deep.equal(["nodewright@203.0.113.5"]);
  });

  it("says so of a host that was not made yet", () => {
    expect(() => sshRoute(cloud, {}, "producers-1")).to.throw(/has not made "relay-1" yet: pulumi up/);
    expect(() => sshRoute(metal, {}, "producers-2")).to.throw(/says no machine for "producers-2"/);
  });
});
