import { expect } from "chai";
import type { HostDocument } from "../../cloud-init/document";
import { emitBundle } from "../../cloud-init/emit/bundle";
import { registry } from "../../components/registry";
import { intentOf } from "../../policies/intent";
import { type Resource, UNKNOWN } from "../../policies/resource";
import { updateRules } from "../../policies/updates";
import type { Step } from "../../policies/updates/step";
import { isOlder } from "../../policies/updates/version-downgrade";

const intent = intentOf(
  "sample",
  { secrets: { "producer/signing-key": "a value that is told to nobody" } },
  registry,
);

const resource = (type: string, name: string, props: Record<string, unknown> = {}): Resource => ({
  ...{ urn: `urn:pulumi:sample::nodewright::${type}::${name}`, type, name, props },
  ...{ from: {}, protect: false, ignoreChanges: [] },
});
const machine = (host: string, role: string): Resource =>
  resource("aws:ec2/instance:Instance", `${host}-machine`, {
    tags: { "nodewright:host": host, "nodewright:role": role },
  });
const volume = resource("aws:ebs/volume:Volume", "producer-data", { size: 2048 });
const document = (version: string): Resource => {
  const host = {
    schema: 1,
    host: "relay",
    role: "seed",
    artifacts: [{ name: "nodeos", version }],
    units: [],
    files: [],
  };
  return resource("command:remote:Command", "relay-document", {
    stdin: emitBundle({ ...host, mirror: "https://mirror.example.org".repeat(4) } as unknown as HostDocument)
      .packed,
  });
};

/** `rule resource` of everything that the rules over updates find. */
const found = (steps: readonly Step[]): string[] =>
  updateRules.flatMap((rule) =>
    rule.check(steps, intent).map(({ resource: { name } }) => `${rule.id} ${name}`),
  );

const CASES: readonly [what: string, steps: Step[], expected: string[]][] = [
  [
    "nothing changes",
    [{ op: "same", before: machine("producer", "validator"), after: machine("producer", "validator") }],
    [],
  ],
  [
    "a producer is changed in place",
    [{ op: "update", before: machine("producer", "validator"), after: machine("producer", "validator") }],
    [],
  ],
  [
    "a producer is made",
    [
      { op: "create", after: machine("producer", "validator") },
      { op: "create", after: volume },
    ],
    [],
  ],
  [
    "a producer is replaced",
    [{ op: "replace", before: machine("producer", "validator"), after: machine("producer", "validator") }],
    ["validator-leaves producer-machine"],
  ],
  [
    "a producer is deleted",
    [{ op: "delete", before: machine("producer", "validator") }],
    ["validator-leaves producer-machine"],
  ],
  [
    "a relay is replaced",
    [{ op: "replace", before: machine("relay", "seed"), after: machine("relay", "seed") }],
    [],
  ],
  [
    "one relay is replaced, in the engine's three steps",
    ["create-replacement", "replace", "delete-replaced"].map((op) => ({
      op,
      before: machine("relay", "seed"),
    })),
    [],
  ],
  [
    "two relays are replaced",
    ["one", "two"].map((name) => ({ op: "replace", before: machine(name, "seed") })),
    ["many-hosts-leave two-machine"],
  ],
  [
    "two monitors are replaced",
    ["one", "two"].map((name) => ({ op: "replace", before: machine(name, "monitor") })),
    [],
  ],
  ["a data disk is deleted", [{ op: "delete", before: volume }], ["data-disk-leaves producer-data"]],
  [
    "a data disk is replaced",
    [{ op: "replace", before: volume, after: volume }],
    ["data-disk-leaves producer-data"],
  ],
  ["a data disk grows", [{ op: "update", before: volume, after: volume }], []],
  ["an upgrade", [{ op: "update", before: document("1.0.9"), after: document("1.0.10") }], []],
  [
    "a downgrade",
    [{ op: "update", before: document("1.0.10"), after: document("1.0.9") }],
    ["version-downgrade relay-document"],
  ],
  [
    "a secret in an output",
    [
      {
        op: "create",
        after: resource("pulumi:pulumi:Stack", "sample", { key: "a value that is told to nobody" }),
      },
    ],
    ["secret-in-state sample"],
  ],
  [
    "a masked one",
    [{ op: "create", after: resource("pulumi:pulumi:Stack", "sample", { key: "[secret]", later: UNKNOWN }) }],
    [],
  ],
];

describe("the policies over what an update would do", () => {
  for (const [what, steps, expected] of CASES) it(what, () => expect(found(steps)).to.deep.equal(expected));

  it("compares versions by their numbers", () => {
    expect(isOlder("1.2.9", "1.2.10")).to.equal(true);
    expect(isOlder("1.2.10", "1.2.9")).to.equal(false);
    expect(isOlder("v1.2", "1.2.0")).to.equal(false);
    expect(isOlder("1.2.0-rc1", "1.2.0")).to.equal(false);
  });
});
