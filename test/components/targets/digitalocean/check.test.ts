import { expect } from "chai";
import { checkDigitalOcean } from "../../../../components/targets/digitalocean/check";
import { requireCredentials } from "../../../../components/targets/digitalocean/credentials";
import { judge, planOf } from "../../../support/sample";
import { configOf, sample } from "./sample";

const told = (severity: "error" | "warning", yaml: string) =>
  judge(yaml)
    .findings.filter((finding) => finding.severity === severity)
    .map(({ path, message }) => `${path}: ${message}`);

const target = (text: string) => sample({ target: text });
const HERE = "admins: [203.0.113.7/32]";

describe("what DigitalOcean refuses", () => {
  it("is nothing in a stack with every role and a pool", () => {
    expect(told("error", sample())).to.deep.equal([]);
  });

  const refused: Record<string, [yaml: string, messages: string[]]> = {
    "a missing region": [target(HERE), ["target.digitalocean.region: is missing: one of "]],
    "an unknown region": [
      target(`region: fra2, ${HERE}`),
      ['target.digitalocean.region: "fra2" is not one of them. Did you mean fra1? Choose: '],
    ],
    "the whole world as admins": [
      target("region: fra1, admins: [0.0.0.0/0, '::/0']"),
      [
        'target.digitalocean.admins[0]: "0.0.0.0/0" is wider than /8: name the networks that you log in from',
        'target.digitalocean.admins[1]: "::/0" is wider than /19: name the networks that you log in from',
      ],
    ],
    "admins that are no network": [
      target("region: fra1, admins: [203.0.113.7]"),
      [
        'target.digitalocean.admins[0]: "203.0.113.7" is no network: write it like 203.0.113.7/32 or 2001:db8:7::/48, with no bits set behind it',
      ],
    ],
    "no admins": [
      target("region: fra1"),
      [
        "target.digitalocean.admins: is empty: nobody can log in by SSH, and no change would ever reach a host. Add the network that you run pulumi from, like 203.0.113.7/32",
      ],
    ],
    "a network that the platform keeps": [
      target(`region: fra1, network: 10.244.0.0/16, ${HERE}`),
      [
        'target.digitalocean.network: "10.244.0.0/16" overlaps 10.244.0.0/16, which DigitalOcean keeps for itself: take another',
      ],
    ],
    "a network that is too large": [
      target(`region: fra1, network: 10.0.0.0/12, ${HERE}`),
      ['target.digitalocean.network: "10.0.0.0/12" is of no size that a VPC has: from /28 to /16'],
    ],
    "a public network": [
      target(`region: fra1, network: 203.0.113.0/24, ${HERE}`),
      ['target.digitalocean.network: "203.0.113.0/24" is not private: take a part of 10.0.0.0/8, '],
    ],
    "a balancer that ends TLS, or a web firewall": [
      target(`region: fra1, ${HERE}, balancer: { firewall: { requestsIn5Minutes: 3000 } }`),
      [
        "target.digitalocean.balancer: is not here: a balancer of DigitalOcean has no web firewall, and could end TLS",
      ],
    ],
    "an image that is none": [
      target(`region: fra1, image: "Debian 12", ${HERE}`),
      [
        'target.digitalocean.image: "Debian 12" is no image: write a slug like debian-12-x64, or a snapshot\'s number',
      ],
    ],
    "a zone that does not hold the domain": [
      target(`region: fra1, zone: example.com, ${HERE}`),
      [
        "target.digitalocean.zone: example.com does not hold nodes.example.org: name the domain itself, or one above it",
      ],
    ],
    "a stack without a domain": [
      sample({ domain: null }),
      [
        "target.digitalocean: needs domain: DigitalOcean has no private DNS, so hosts find each other as <host>.cluster.<domain>. Write a domain of yours that you can delegate to ns1.digitalocean.com",
      ],
    ],
    "a stack without SSH keys": [
      sample({ sshKeys: "[]" }),
      [
        "target.digitalocean: needs sshKeys, beside target: without one nobody could log in, and up itself finishes hosts over SSH. Add your public key, and its private half as the secret ssh/private-key",
      ],
    ],
    "an unknown key": [
      target(`region: fra1, regoin: fra1, ${HERE}`),
      ["target.digitalocean.regoin: is no known key. Did you mean region?"],
    ],
  };
  for (const [what, [yaml, messages]] of Object.entries(refused))
    it(`says so of ${what}`, () => {
      const errors = told("error", yaml);
      for (const [index, message] of messages.entries())
        expect(errors[index] ?? "nothing").to.contain(message);
      expect(errors.length).to.be.at.least(messages.length);
    });

  it("says which name is too long for what", () => {
    const plan = planOf(sample());
    const named = (stack: string) => checkDigitalOcean(configOf(plan), { ...plan, stack }, false);
    const [first, second] = named("a-stack-with-a-name-of-more-than-fifty-characters-in-all");
    expect(first?.message).to.contain(
      'seed-1-data" has 68 characters, and a volume\'s name at most 64: shorten the name of host "seed-1", or of the stack',
    );
    expect(second?.message).to.contain('"seed-2"');
    expect(named("My_Stack").map(({ message }) => message)).to.deep.equal([
      'the stack\'s name, "My_Stack", goes into names of droplets and volumes, which take a–z, 0–9 and - after a first letter: rename the stack',
    ]);
  });

  it("takes one host without a domain: it has nobody to find", () => {
    expect(told("error", sample({ domain: null, hosts: "{ seed: { role: seed } }" }))).to.deep.equal([]);
  });

  it("warns of what an operator should know before the first up", () => {
    const warnings = told("warning", sample()).filter((each) => each.startsWith("target."));
    expect(warnings).to.have.length(3);
    expect(warnings[0]).to.contain("region: single point of failure: fra1 is one datacenter");
    expect(warnings[1]).to.contain("5 hosts get a reserved address, and an account has 3");
    expect(warnings[2]).to.contain(
      "ECC memory, which seed-1, seed-2, producer, writes, history, rpc need, is inferred",
    );
  });
});

describe("credentials for DigitalOcean", () => {
  const spaces = { SPACES_ACCESS_KEY_ID: "id", SPACES_SECRET_ACCESS_KEY: "key" };

  it("are a token, and keys of Spaces where the stack has a bucket", () => {
    expect(() => requireCredentials({ DIGITALOCEAN_TOKEN: "t", ...spaces }, true)).not.to.throw();
    expect(() => requireCredentials({ DIGITALOCEAN_ACCESS_TOKEN: "t" }, false)).not.to.throw();
  });

  it("are named all at once where they are missing", () => {
    expect(() => requireCredentials({}, true))
      .to.throw("set in the environment")
      .with.property("message")
      .that.matches(/DIGITALOCEAN_TOKEN[\s\S]*SPACES_ACCESS_KEY_ID[\s\S]*SPACES_SECRET_ACCESS_KEY/);
    expect(() => requireCredentials({}, false))
      .to.throw()
      .with.property("message")
      .not.contain("SPACES");
  });
});
