import { expect } from "chai";
import { registry } from "../../components/registry";
import { judgeStack, leastStack } from "./stacks";

type Raw = Record<string, unknown>;

/** The least stack of a target with one RPC host, some of the target's own settings and of the host's in their place. */
function stackOf(target: string, settings: Raw, host: Raw, rename?: string): Raw {
  const role = registry.roles.find(({ name }) => name === "rpc");
  if (!role) throw new Error("no role rpc");
  const stack = leastStack(target, role);
  const { subject, ...others } = stack.hosts as Record<string, Raw>;
  const own = { ...(stack.target as Record<string, Raw>)[target], ...settings };
  const hosts = { ...others, [rename ?? "subject"]: { ...subject, ...host } };
  return { ...stack, target: { [target]: own }, hosts };
}

const LONG = "a-host-whose-name-goes-on-and-on-and-on1";
const METAL = { address: "198.51.100.10", hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk0" };
const CLOUDS = ["aws", "gcp", "digitalocean"];

const TABLE: [what: string, targets: string[], settings: Raw, host: Raw, said: RegExp][] = [
  ["no region", CLOUDS, { region: undefined }, {}, /region.*(missing|is one of|needs)/],
  ["an unknown region", CLOUDS, { region: "atlantis-1" }, {}, /region.*(atlantis-1|one of)/],
  ["an unknown machine", CLOUDS, {}, { machine: "huge.thing" }, /machine.*huge\.thing/],
  [
    "less memory than the floor",
    [...CLOUDS, "bare-metal"],
    {},
    { memory: "8 GB" },
    /8 GB is below the floor of rpc/,
  ],
  ["an administrator's network that is no CIDR", CLOUDS, { admins: ["203.0.113.7"] }, {}, /is no network/],
  ["everybody as administrator", [...CLOUDS, "bare-metal"], { admins: ["0.0.0.0/0"] }, {}, /admins/],
  [
    "a network that overlaps the administrators'",
    ["aws", "gcp"],
    { network: "10.80.0.0/16", admins: ["10.80.1.0/24"] },
    {},
    /overlaps/,
  ],
  [
    "an unknown operating system",
    ["bare-metal"],
    { hosts: { subject: { ...METAL, os: "plan-9" } } },
    {},
    /os.*(plan-9|one of|debian-12)/,
  ],
];

describe("a mistake in a stack file is told where it stands, with the way out", () => {
  for (const [what, targets, settings, host, said] of TABLE)
    for (const target of targets)
      it(`${target}: ${what}`, () => {
        const errors = judgeStack(stackOf(target, settings, host)).findings.filter(
          ({ severity }) => severity === "error",
        );
        expect(errors.map(({ path, message }) => `${path} ${message}`).join("\n")).to.match(said);
      });

  it("digitalocean, gcp: a name too long for the cloud", () => {
    for (const target of ["digitalocean", "gcp"]) {
      const { findings } = judgeStack(
        stackOf(target, {}, {}, LONG),
        "a-stack-whose-name-is-far-too-long-for-any-cloud",
      );
      expect(findings.map(({ message }) => message).join("\n")).to.match(/has \d+ characters.*shorten/);
    }
  });
});
