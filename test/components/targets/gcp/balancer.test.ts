import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { gcp } from "../../../../components/targets/gcp";
import { TOKENS as t } from "../../../../lab/plugins/gcp/tokens";
import type { Properties } from "../../../../lab/plugins/value";
import { missingEngine, skipSuite } from "../../../lab/plugins/engine";
import { planOf } from "../../../support/sample";
import { type GcpStack, gcpStack } from "./gcp-stack";

const missing = missingEngine();
const HTTPS_TYPES = [
  ...[t.globalAddress, t.globalForwardingRule, t.backendService, t.urlMap, t.targetHttpProxy],
  ...[t.targetHttpsProxy, t.sslPolicy, t.managedSslCertificate, t.securityPolicy, t.healthCheck],
];
const TCP_TYPES = [t.forwardingRule, t.regionBackendService];

const stackOf = (tls: string, balancer?: string) => ({
  ...planOf(`
network: eos
domain: nodes.example.org
target:
  gcp:
    project: my-project
    region: europe-west4
    admins: [203.0.113.7/32]
${balancer === undefined ? "" : `    balancer: ${balancer}`}
hosts:
  seed: { role: seed }
  writes: { role: rpc, services: { proxy: { tls: off } } }
  rpc: { role: rpc, count: 2, services: { proxy: { tls: ${tls} } } }
sshKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk0]
protect: false
`),
});
const TCP = stackOf("off");
const HTTPS = stackOf("balancer", "{ firewall: { requestsIn5Minutes: 3000 } }");
const OWN = "projects/my-project/global/sslCertificates/wild";
const MAP = "projects/my-project/locations/global/certificateMaps/names";

describe("a pool's balancer on Google Cloud that ends TLS", function () {
  this.timeout(900_000);
  let test: GcpStack;
  let plan = TCP;
  let made: string[];
  const of = (token: string): Properties[] =>
    test.world.ids(token).map((id) => ({
      ...test.world.get(token, id)?.outputs,
      ...test.world.get(token, id)?.inputs,
      id,
    }));
  const only = (token: string): Properties => {
    const [found, ...more] = of(token);
    if (!found || more.length > 0) throw new Error(`${more.length + Number(!!found)} of ${token}`);
    return found;
  };
  const machinery = () => [...test.world.ids(t.instance), ...test.world.ids(t.regionInstanceGroupManager)];
  /** Runs the plan; answers what was done to how many. */
  const up = async () => (await test.stack.up()).summary.resourceChanges ?? {};

  before(async function () {
    if (missing !== undefined) return skipSuite(this, missing);
    const secrets = (name: string) => pulumi.secret(`the value of ${name}`);
    test = await gcpStack(async (files) => ({ ...gcp.load()(plan, secrets, files) }));
  });
  after(() => test?.remove());

  it("takes the place of one that passes TCP on, and neither a machine's nor the pool's", async () => {
    await test.stack.up();
    made = machinery();
    for (const token of HTTPS_TYPES) expect(of(token), token).to.deep.equal([]);
    plan = HTTPS;
    const { changeSummary } = await test.stack.preview();
    expect(changeSummary).not.to.have.property("replace");
    await test.stack.up();
    for (const token of TCP_TYPES) expect(of(token), token).to.deep.equal([]);
    expect(machinery()).to.deep.equal(made);
  });

  it("has nothing to do a second time", async () => {
    expect((await test.stack.preview()).changeSummary).to.have.keys("same");
    expect((await test.stack.refresh()).summary.resourceChanges).to.have.keys("same");
  });

  it("speaks TLS 1.2 and later with Google's certificate for the pool's names", () => {
    const proxy = only(t.targetHttpsProxy);
    expect(only(t.sslPolicy)).to.include({ profile: "RESTRICTED", minTlsVersion: "TLS_1_2" });
    expect(proxy.sslPolicy).to.equal(only(t.sslPolicy).id);
    expect(proxy.sslCertificates).to.deep.equal([only(t.managedSslCertificate).id]);
    expect(only(t.managedSslCertificate).managed).to.deep.equal({ domains: ["rpc.nodes.example.org"] });
  });

  it("answers at one address, where names lead to, and plain HTTP only to say where to, by 308", () => {
    const { address } = only(t.globalAddress);
    const ports = Object.fromEntries(of(t.globalForwardingRule).map((rule) => [rule.portRange, rule]));
    expect(ports).to.have.keys("80", "443");
    for (const rule of Object.values(ports)) expect(rule).to.include({ ipAddress: address });
    expect(ports[443]?.target).to.equal(only(t.targetHttpsProxy).id);
    expect(ports[80]?.target).to.equal(only(t.targetHttpProxy).id);
    const redirect = of(t.urlMap).find(({ id }) => id === only(t.targetHttpProxy).urlMap);
    expect(redirect).not.to.have.property("defaultService");
    expect(redirect?.defaultUrlRedirect).to.include({
      httpsRedirect: true,
      redirectResponseCode: "PERMANENT_REDIRECT",
    });
    const record = of(t.recordSet).find(({ name }) => name === "rpc.nodes.example.org.");
    expect(record?.rrdatas).to.deep.equal([address]);
  });

  it("gives to the pool by the port that it serves, and asks it for health", () => {
    const [backend, group] = [only(t.backendService), only(t.regionInstanceGroupManager)];
    const [pool] = plan.pools;
    expect(group.namedPorts).to.deep.equal([{ name: backend.portName, port: pool?.serves.port }]);
    expect(backend).to.include({ protocol: "HTTP", connectionDrainingTimeoutSec: 60, timeoutSec: 3600 });
    expect(backend.backends).to.have.nested.property("[0].group", group.instanceGroup);
    expect(backend.healthChecks).to.equal(only(t.healthCheck).id);
    expect(only(t.healthCheck).httpHealthCheck).to.deep.equal({
      port: pool?.probes.port,
      requestPath: "/healthz",
    });
  });

  it("keeps no log of requests, whose URLs can carry keys", () => {
    expect(only(t.backendService).logConfig).to.deep.equal({ enable: false });
    expect(only(t.securityPolicy).advancedOptionsConfig).to.deep.include({ logLevel: "NORMAL" });
  });

  it("has Cloud Armor before it: one limit an address, and all else let in", () => {
    const policy = only(t.securityPolicy);
    expect(only(t.backendService).securityPolicy).to.equal(policy.selfLink);
    const rules = policy.rules as Properties[];
    expect(rules.map(({ action }) => action)).to.deep.equal(["throttle", "allow"]);
    expect(rules[0]?.rateLimitOptions).to.deep.equal({
      enforceOnKey: "IP",
      rateLimitThreshold: { count: 3000, intervalSec: 300 },
      conformAction: "allow",
      exceedAction: "deny(429)",
    });
    expect(policy).not.to.have.property("adaptiveProtectionConfig");
  });

  it("is set right again where somebody opened it by hand", async () => {
    const policy = only(t.securityPolicy);
    const open = (policy.rules as Properties[]).filter(({ action }) => action === "allow");
    test.world.change(t.securityPolicy, String(policy.id), { rules: open });
    const { id } = only(t.backendService);
    test.world.change(t.backendService, String(id), { securityPolicy: undefined });
    expect((await test.stack.refresh()).summary.resourceChanges).to.include({ update: 2 });
    expect(await up())
      .to.include({ update: 2 })
      .and.not.have.any.keys("create", "delete", "replace");
    expect(only(t.securityPolicy).rules).to.have.length(2);
    expect(only(t.backendService).securityPolicy).to.equal(policy.selfLink);
  });

  it("takes other limits in place", async () => {
    plan = stackOf(
      "balancer",
      "{ firewall: { requestsIn5Minutes: 900, bodyBytes: 200000, adaptive: true } }",
    );
    expect(await up())
      .to.include({ update: 1 })
      .and.not.have.any.keys("create", "delete", "replace");
    const { rules, adaptiveProtectionConfig } = only(t.securityPolicy);
    expect(JSON.stringify(rules))
      .to.include('"count":900')
      .and.to.include("int(request.headers['content-length']) > 200000");
    expect(adaptiveProtectionConfig).to.deep.equal({ layer7DdosDefenseConfig: { enable: true } });
  });

  it("changes certificates in place: Google's, one of the operator's, a map", async () => {
    const firewall = "firewall: { requestsIn5Minutes: 900, bodyBytes: 200000, adaptive: true }";
    plan = stackOf("balancer", `{ certificate: ${OWN}, ${firewall} }`);
    expect(await up())
      .to.include({ update: 1, delete: 1 })
      .and.not.have.any.keys("create", "replace");
    expect(only(t.targetHttpsProxy).sslCertificates).to.deep.equal([OWN]);
    plan = stackOf("balancer", `{ certificate: ${MAP}, ${firewall} }`);
    expect(await up())
      .to.include({ update: 1 })
      .and.not.have.any.keys("create", "delete", "replace");
    expect(only(t.targetHttpsProxy)).to.include({
      certificateMap: `//certificatemanager.googleapis.com/${MAP}`,
    });
    expect(only(t.targetHttpsProxy)).not.to.have.property("sslCertificates");
  });

  it("goes on without a firewall", async () => {
    plan = stackOf("balancer", `{ certificate: ${MAP} }`);
    expect(await up())
      .to.include({ update: 1, delete: 1 })
      .and.not.have.any.keys("create", "replace");
    expect(of(t.securityPolicy)).to.deep.equal([]);
    expect(machinery()).to.deep.equal(made);
  });

  it("gives its place back, and leaves nothing behind", async () => {
    plan = TCP;
    await test.stack.up();
    for (const token of HTTPS_TYPES) expect(of(token), token).to.deep.equal([]);
    for (const token of TCP_TYPES) expect(of(token), token).to.have.length(1);
    expect(only(t.regionInstanceGroupManager)).not.to.have.property("namedPorts");
    expect(machinery()).to.deep.equal(made);
    await test.stack.destroy();
    for (const token of Object.values(t)) expect(test.world.ids(token), token).to.deep.equal([]);
  });
});
