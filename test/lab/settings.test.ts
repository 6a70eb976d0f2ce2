import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PrivateKey } from "@wharfkit/antelope";
import { expect } from "chai";
import { keysFor, type LabKeys } from "../../lab/keys";
import { joinSettings, secretsOf } from "../../lab/settings";
import { planOf, SAMPLE } from "../support/sample";

const plan = planOf(SAMPLE.replace(/, signingKey: \S+/, ""));
const WRITTEN = {
  config: {
    "nodewright:network": "lab",
    "nodewright:target": { docker: { publish: { "rpc-a": { rpc: 8545 } } } },
    "nodewright:hosts": {
      "seed-a": { role: "seed" },
      "validator-a": { role: "validator", producer: "eosio" },
      "rpc-a": { role: "rpc" },
    },
  },
};

describe("what the lab makes for a stack", () => {
  let folder: string;
  let keys: LabKeys;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "nodewright-keys-"));
    keys = keysFor(join(folder, "keys.json"), plan);
  });
  after(() => rmSync(folder, { recursive: true }));

  it("is for its owner's eyes alone", () =>
    expect(statSync(join(folder, "keys.json")).mode & 0o777).to.equal(0o600));

  it("has a value for every secret of the plan", () => {
    expect(Object.keys(keys.secrets).sort()).to.deep.equal(["rpc-a/miner-key", "validator-a/signing-key"]);
    expect(secretsOf(keys)).to.include.keys(
      "ssh/private-key",
      "seed-a/ssh-host-key",
      "seed-a/ssh-host-key-public",
    );
  });

  it("has a signing key whose public half is that of the secret", () => {
    const secret = PrivateKey.from(keys.secrets["validator-a/signing-key"] ?? "");
    expect(keys.signing["validator-a"]?.public).to.equal(secret.toPublic().toString());
  });

  it("is made once: a later run keeps it, and adds what a new host needs", () => {
    const path = join(folder, "keys.json");
    const before = readFileSync(path, "utf8");
    expect(keysFor(path, plan)).to.deep.equal(JSON.parse(before));
    const larger = planOf(
      SAMPLE.replace("rpc-a: { role: rpc }", "rpc-a: { role: rpc }\n  rpc-b: { role: rpc }"),
    );
    const more = keysFor(path, larger);
    expect(more.secrets).to.include(keys.secrets).and.include.keys("rpc-b/miner-key");
    expect(more.hosts["rpc-b"]?.public).to.match(/^ssh-ed25519 /);
  });

  it("gives each host that takes turns a key of its own, by its name", () => {
    const twins = planOf(`
network: lab
target: { docker: {} }
hosts:
  relay: { role: seed }
  producers: { role: validator, producer: eosio, count: 2 }
`);
    const made = keysFor(join(folder, "twins.json"), twins);
    const written = { config: { "nodewright:target": {}, "nodewright:hosts": { producers: { count: 2 } } } };
    const { config } = joinSettings(written, twins, {
      keys: made,
      image: "image:1",
      mirror: "/mirror",
      docker: "unix:///d.sock",
      labels: {},
    }) as { config: Record<string, Record<string, unknown>> };
    const [first, second] = [made.signing["producers-1"]?.public, made.signing["producers-2"]?.public];
    expect(first).not.to.equal(second);
    expect(config["nodewright:hosts"]?.producers).to.deep.equal({
      count: 2,
      signingKeys: { "producers-1": first, "producers-2": second },
    });
  });

  it("joins the stack file without a secret, and never over what the user wrote", () => {
    const made = { keys, image: "image:1", mirror: "/mirror", docker: "unix:///d.sock", labels: { a: "b" } };
    const { config } = joinSettings(WRITTEN, plan, made) as {
      config: Record<string, Record<string, Record<string, unknown>>>;
    };
    expect(config["nodewright:target"]?.docker).to.deep.equal({
      image: "image:1",
      mirror: "/mirror",
      host: "unix:///d.sock",
      labels: { a: "b" },
      publish: { "rpc-a": { rpc: 8545 } },
    });
    expect(config["nodewright:hosts"]?.["validator-a"]).to.deep.equal({
      signingKey: keys.signing["validator-a"]?.public,
      role: "validator",
      producer: "eosio",
    });
    expect(config["nodewright:sshKeys"]).to.deep.equal([keys.ssh.public]);
    const text = JSON.stringify(config);
    for (const secret of [...Object.values(keys.secrets), keys.account.privateKey])
      expect(text).not.to.include(secret);

    const own = { config: { ...WRITTEN.config, "nodewright:target": { docker: { image: "mine:2" } } } };
    const kept = joinSettings(own, plan, made) as { config: Record<string, { docker: { image: string } }> };
    expect(kept.config["nodewright:target"]?.docker.image).to.equal("mine:2");
  });
});
