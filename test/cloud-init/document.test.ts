import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { parse } from "yaml";
import { documentFor } from "../../cloud-init/document-for";
import { emitBundle } from "../../cloud-init/emit/bundle";
import { emitBirth } from "../../cloud-init/emit/user-data";
import { explain } from "../../components/core/plan/explain";
import { docker } from "../../components/targets/docker";
import { expectGolden } from "../support/golden";
import { hostOf, planOf } from "../support/sample";

const plan = planOf();

describe("the sample plan", () => {
  it("reads as a reviewer saw it last", () => expectGolden("plan/sample.txt", `${explain(plan)}\n`));

  for (const host of plan.hosts) {
    it(`gives ${host.name} the document that a reviewer saw last`, () => {
      expectGolden(`document/${host.name}.json`, `${JSON.stringify(documentFor(plan, host), null, 2)}\n`);
    });
  }
});

describe("user data", () => {
  /** Top-level keys that cloud-init 22.4 knows and this project uses; its own schema check lets unknown ones pass. */
  const KNOWN = [
    "hostname",
    "ssh_pwauth",
    "disable_root",
    "ssh_deletekeys",
    "ssh_genkeytypes",
    "users",
    "bootcmd",
    "packages",
    "write_files",
    "runcmd",
  ];

  for (const host of plan.hosts) {
    const { userData, bundle } = emitBirth(plan, host);

    it(`of ${host.name} fits the smallest target`, () => {
      expect(Buffer.byteLength(userData)).to.be.at.most(16_384);
    });

    it(`of ${host.name} has only keys that cloud-init knows`, () => {
      expect(userData.split("\n")[0]).to.equal("#cloud-config");
      expect(Object.keys(parse(userData) as object).filter((key) => !KNOWN.includes(key))).to.deep.equal([]);
    });

    it(`of ${host.name} carries the bundle that later changes send`, () => {
      const files = (parse(userData) as { write_files: { path: string; content: string }[] }).write_files;
      const written = files.find(({ path }) => path === "/etc/nodewright/bundle.json");
      expect(gunzipSync(Buffer.from(written?.content ?? "", "base64")).toString()).to.equal(bundle.json);
    });

    it(`of ${host.name} is the same bytes again`, () =>
      expect(emitBirth(planOf(), host).userData).to.equal(userData));
  }

  it("grows over no limit when every service has long settings", () => {
    const options = Array.from({ length: 60 }, (_, index) => `some-option-${index}: value-${index}`).join(
      ", ",
    );
    const long = planOf(`
network: lab
target: { docker: {} }
hosts:
  seed-a: { role: seed }
  validator-a: { role: validator, producer: eosio }
  rpc-a: { role: rpc, services: { nodeos: { options: { ${options} } }, evm-rpc: { instances: 6 } } }`);
    expect(Buffer.byteLength(emitBirth(long, hostOf(long, "rpc-a")).userData)).to.be.at.most(
      docker.traits.userDataBytes,
    );
  });
});

describe("a changed service setting", () => {
  it("changes the document of the hosts that have it, and no other", () => {
    const changed = planOf(`
network: lab
target: { docker: { publish: { rpc-a: { rpc: 8545 } } } }
hosts:
  seed-a: { role: seed }
  validator-a: { role: validator, producer: eosio, signingKey: PUB_K1_6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGqET5BoDq63 }
  rpc-a: { role: rpc, services: { nodeos: { options: { http-max-response-time-ms: 200 } } } }
sshKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk0]`);
    const hash = (from: typeof plan, name: string) =>
      emitBundle(documentFor(from, hostOf(from, name))).sha256;
    const moved = plan.hosts
      .map(({ name }) => name)
      .filter((name) => hash(plan, name) !== hash(changed, name));
    expect(moved).to.deep.equal(["rpc-a"]);
  });

  it("of the stack is joined with the host's own, which wins", () => {
    const joined = planOf(`
network: lab
target: { docker: {} }
services: { nodeos: { stateSize: 2 GB, options: { max-clients: 5, http-threads: 2 } } }
hosts:
  seed-a: { role: seed, services: { nodeos: { options: { max-clients: 9 } } } }
  validator-a: { role: validator, producer: eosio }`);
    const config = documentFor(joined, hostOf(joined, "seed-a")).files.find(({ path }) =>
      path.endsWith("config.ini"),
    )?.content;
    expect(config)
      .to.include("max-clients = 9\n")
      .and.include("http-threads = 2\n")
      .and.include("chain-state-db-size-mb = 2048\n");
  });
});
