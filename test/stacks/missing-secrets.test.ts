import * as pulumi from "@pulumi/pulumi";
import { PrivateKey } from "@wharfkit/antelope";
import { expect } from "chai";
import { stackSecrets } from "../../stacks/secrets";
import { ENGINE_TIME_LIMIT_MS } from "../lab/engine/sandbox";
import { cloudPlan, cloudStack, HOSTS } from "../support/fake-cloud";
import { Backend, diagnosticsOf, failureOf } from "./backend";

const { seed, producer, rpc, writes } = HOSTS;
const HOW = (name: string) =>
  `${name} is not set: pulumi config set --secret --path 'nodewright:secrets["${name}"]'`;
const NAMES = ["ssh/private-key", "producer/signing-key", "writes/miner-key"];

describe("the secrets of a stack", function () {
  this.timeout(ENGINE_TIME_LIMIT_MS);
  const backend = new Backend();
  const key = PrivateKey.generate("K1");
  const signingKey = key.toPublic().toString();

  const program = async () => {
    const hosts = { seed, producer: { ...producer, signingKey }, rpc, writes };
    const secret = await stackSecrets(cloudPlan(cloudStack({ hosts })));
    return { length: pulumi.unsecret(secret("producer/signing-key").apply((value) => value.length)) };
  };
  const stack = () => backend.stack("secrets", program);
  const set = async (values: Record<string, string>) => {
    const them = await stack();
    for (const [name, value] of Object.entries(values))
      await them.setConfig(`nodewright:secrets["${name}"]`, { value, secret: true }, true);
    return them;
  };

  before(() => backend.start());
  after(() => backend.remove());

  it("are a warning in a preview where they are missing, and make it no failure", async () => {
    const lines: string[] = [];
    await (await stack()).preview({ onOutput: (line) => lines.push(line) });
    const told = lines.join("");
    expect(told).to.include("secrets to set before the first pulumi up:");
    for (const name of NAMES) expect(told).to.include(HOW(name));
  });

  it("are all asked for at once before anything is made", async () => {
    const text = await failureOf((await stack()).up());
    expect(diagnosticsOf(text), text).to.deep.equal([
      "pulumi:pulumi:Stack (nodewright-secrets):",
      "error: stack test: secrets",
      ...NAMES.map(HOW),
    ]);
  });

  it("are refused where a key is not that of its public half, and the key is not told", async () => {
    const other = PrivateKey.generate("K1").toString();
    const them = await set({
      "ssh/private-key": "k",
      "producer/signing-key": other,
      "writes/miner-key": "m",
    });
    const text = await failureOf(them.up());
    expect(diagnosticsOf(text).slice(1), text).to.deep.equal([
      "error: stack test: secrets",
      `producer/signing-key is not the private key of hosts.producer.signingKey, ${signingKey}: correct one of them`,
    ]);
    expect(text).not.to.include(other);
  });

  it("are given to whoever asks once they are right", async () => {
    const { outputs } = await (await set({ "producer/signing-key": key.toString() })).up();
    expect(outputs.length?.value).to.equal(key.toString().length);
  });
});
