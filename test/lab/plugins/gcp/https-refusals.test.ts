import { expect } from "chai";
import { googleCloud } from "../../../../lab/plugins/gcp/cloud";
import { TOKENS as t } from "../../../../lab/plugins/gcp/tokens";
import { type Properties, UNKNOWN } from "../../../../lab/plugins/value";
import { failureOf } from "../call";
import { PluginUnderTest } from "../cloud/plugin-under-test";

const ENVIRONMENT = { GOOGLE_CREDENTIALS: "{}", GOOGLE_PROJECT: "demo", GOOGLE_REGION: "europe-west3" };
const http = { httpHealthCheck: { port: 9102 } };
const LAST = { priority: 2_147_483_647, action: "allow" };
const all = { match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } } };
const CERTIFICATE = "projects/demo/global/sslCertificates/own";

let plugin: PluginUnderTest;
let at: Record<
  "address" | "check" | "local" | "group" | "policy" | "service" | "map" | "tls" | "proxy" | "certificate",
  string
>;

const service = (more: Properties): Properties => ({
  name: "other",
  protocol: "HTTP",
  portName: "edge",
  loadBalancingScheme: "EXTERNAL_MANAGED",
  healthChecks: at?.check,
  backends: [{ group: at?.group, balancingMode: "UTILIZATION" }],
  ...more,
});
const proxy = (more: Properties): Properties => ({
  name: "other",
  urlMap: at?.map,
  sslPolicy: at?.tls,
  sslCertificates: [CERTIFICATE],
  ...more,
});
const rule = (more: Properties): Properties => ({
  name: "other",
  target: at?.proxy,
  loadBalancingScheme: "EXTERNAL_MANAGED",
  portRange: "8443",
  ...more,
});
const policy = (...rules: Properties[]): Properties => ({
  name: "other",
  rules: [...rules, { ...all, ...LAST }],
});
const limit = (count: number, intervalSec = 300, action = "throttle"): Properties => ({
  ...all,
  ...{ priority: 1, action },
  rateLimitOptions: {
    conformAction: "allow",
    exceedAction: "deny(429)",
    enforceOnKey: "IP",
    rateLimitThreshold: { count, intervalSec },
  },
});

async function settle(): Promise<typeof at> {
  const net = await plugin.create(t.network, { name: "net", autoCreateSubnetworks: false });
  const subnetwork = await plugin.create(t.subnetwork, {
    ...{ name: "a", network: net, ipCidrRange: "10.0.0.0/24" },
  });
  const template = await plugin.create(t.instanceTemplate, {
    name: "rpc",
    machineType: "e2-standard-2",
    disks: [{ sourceImage: "debian-cloud/debian-12", boot: true }],
    networkInterfaces: [{ subnetwork }],
  });
  const manager = { name: "rpc", baseInstanceName: "rpc", versions: [{ instanceTemplate: template }] };
  const group = await plugin.create(t.regionInstanceGroupManager, manager);
  const address = await plugin.create(t.globalAddress, { name: "rpc" });
  const check = await plugin.create(t.healthCheck, { name: "rpc", ...http });
  const local = await plugin.create(t.regionHealthCheck, { name: "rpc", ...http });
  const armor = await plugin.create(t.securityPolicy, { ...policy(limit(3000)), name: "rpc" });
  const made = { name: "rpc", healthChecks: check, securityPolicy: armor };
  const instances = group.replace("/instanceGroupManagers/", "/instanceGroups/");
  const backends = [{ group: instances, balancingMode: "UTILIZATION" }];
  const backend = await plugin.create(t.backendService, service({ ...made, backends }));
  const map = await plugin.create(t.urlMap, { name: "rpc", defaultService: backend });
  const tls = await plugin.create(t.sslPolicy, {
    ...{ name: "rpc", profile: "RESTRICTED", minTlsVersion: "TLS_1_2" },
  });
  const certificate = await plugin.create(t.managedSslCertificate, {
    ...{ name: "rpc", managed: { domains: ["rpc.example.org"] } },
  });
  const front = await plugin.create(
    t.targetHttpsProxy,
    proxy({ name: "rpc", urlMap: map, sslPolicy: tls, sslCertificates: [certificate] }),
  );
  await plugin.create(
    t.globalForwardingRule,
    rule({ name: "rpc", target: front, portRange: "443", ipAddress: address }),
  );
  return {
    ...{ address, check, local, group, policy: armor, service: backend, map, tls, certificate },
    proxy: front,
  };
}

const REFUSED: readonly [what: string, token: string, inputs: () => Properties, words: string][] = [
  [
    "a health check of a region before a global service",
    t.backendService,
    () => service({ healthChecks: at.local }),
    "was not found",
  ],
  ["a service without a check", t.backendService, () => service({ healthChecks: undefined }), "health check"],
  ["TCP", t.backendService, () => service({ protocol: "TCP" }), "expected one of HTTP, HTTPS"],
  [
    "a mode that counts connections",
    t.backendService,
    () => service({ backends: [{ group: at.group, balancingMode: "CONNECTION" }] }),
    "Balancing mode must be one of",
  ],
  [
    "a firewall that is not there",
    t.backendService,
    () => service({ securityPolicy: "none" }),
    "securityPolicies/none' was not found",
  ],
  ["two hours of draining", t.backendService, () => service({ connectionDrainingTimeoutSec: 7200 }), "3600"],
  ["a map to nowhere", t.urlMap, () => ({ name: "other" }), "exactly one of"],
  [
    "a redirect by a number",
    t.urlMap,
    () => ({ name: "other", defaultUrlRedirect: { redirectResponseCode: "308", stripQuery: false } }),
    "PERMANENT_REDIRECT",
  ],
  ["a proxy without a map", t.targetHttpProxy, () => ({ name: "other", urlMap: "none" }), "was not found"],
  [
    "a certificate of a region",
    t.targetHttpsProxy,
    () => proxy({ sslCertificates: ["projects/demo/regions/europe-west3/sslCertificates/own"] }),
    "must be a global SSL certificate",
  ],
  ["no certificate", t.targetHttpsProxy, () => proxy({ sslCertificates: [] }), "At least one"],
  [
    "a map of certificates by its short name",
    t.targetHttpsProxy,
    () => proxy({ certificateMap: "names" }),
    "accepted format is",
  ],
  [
    "restricted ciphers with TLS 1.0",
    t.sslPolicy,
    () => ({ name: "other", profile: "RESTRICTED" }),
    "TLS_1_2",
  ],
  [
    "a certificate for all names",
    t.managedSslCertificate,
    () => ({ name: "other", managed: { domains: ["*.example.org"] } }),
    "without a wildcard",
  ],
  ["a rule before nothing", t.globalForwardingRule, () => rule({ target: "none" }), "was not found"],
  ["several ports of a rule", t.globalForwardingRule, () => rule({ portRange: "80-443" }), "One port alone"],
  [
    "a port that is taken",
    t.globalForwardingRule,
    () => rule({ ipAddress: at.address, portRange: "443" }),
    "is in use by",
  ],
  [
    "an address of nobody's",
    t.globalForwardingRule,
    () => rule({ ipAddress: "192.0.2.1" }),
    "no global address",
  ],
  [
    "a rule of the classic kind before a managed service",
    t.globalForwardingRule,
    () => rule({ loadBalancingScheme: "EXTERNAL" }),
    "must match that of the backend service",
  ],
  [
    "rules without a last one",
    t.securityPolicy,
    () => ({ name: "other", rules: [limit(3000)] }),
    "must be among them",
  ],
  ["two rules of one place", t.securityPolicy, () => policy(limit(1), limit(2)), "same priority"],
  ["more than it counts to", t.securityPolicy, () => policy(limit(1_000_001)), "from 1 to 1000000"],
  [
    "more than a ban counts to",
    t.securityPolicy,
    () => policy(limit(10_001, 300, "rate_based_ban")),
    "from 1 to 10000",
  ],
  ["a window of its own", t.securityPolicy, () => policy(limit(9, 299)), "expected one of 10, 30"],
  [
    "a throttle without a limit",
    t.securityPolicy,
    () => policy({ ...limit(9), rateLimitOptions: undefined }),
    "go with throttle",
  ],
  [
    "an answer that it cannot give",
    t.securityPolicy,
    () => policy({ ...all, priority: 1, action: "deny(413)" }),
    "is no action",
  ],
  ["a rule for nobody", t.securityPolicy, () => policy({ ...limit(9), match: {} }), "either expr or"],
];

describe("Google's balancer that ends TLS, simulated,", () => {
  beforeEach(async () => {
    plugin = new PluginUnderTest(googleCloud, ENVIRONMENT);
    at = await settle();
  });
  afterEach(() => plugin.dispose());

  for (const [what, token, inputs, words] of REFUSED)
    it(`refuses ${what}`, async () => {
      expect(await failureOf(plugin.create(token, inputs()))).to.contain(words);
    });

  it("refuses to delete what something stands on", async () => {
    const used: readonly [token: string, id: string, by: string][] = [
      [t.securityPolicy, at.policy, "backendServices/rpc"],
      [t.healthCheck, at.check, "backendServices/rpc"],
      [t.regionInstanceGroupManager, at.group, "backendServices/rpc"],
      [t.backendService, at.service, "urlMaps/rpc"],
      [t.urlMap, at.map, "targetHttpsProxies/rpc"],
      [t.sslPolicy, at.tls, "targetHttpsProxies/rpc"],
      [t.managedSslCertificate, at.certificate, "targetHttpsProxies/rpc"],
      [t.targetHttpsProxy, at.proxy, "forwardingRules/rpc"],
      [t.globalAddress, at.address, "forwardingRules/rpc"],
    ];
    for (const [token, id, by] of used)
      expect(await failureOf(plugin.delete(token, id)), token).to.contain(by);
  });

  it("complains of nothing that is not known yet", () => {
    const unknown: readonly [token: string, inputs: Properties][] = [
      [t.backendService, service({ healthChecks: UNKNOWN, backends: [{ group: UNKNOWN }] })],
      [t.urlMap, { name: "other", defaultService: UNKNOWN }],
      [t.targetHttpsProxy, proxy({ urlMap: UNKNOWN, sslPolicy: UNKNOWN, sslCertificates: [UNKNOWN] })],
      [t.globalForwardingRule, rule({ target: UNKNOWN, ipAddress: UNKNOWN })],
      [t.managedSslCertificate, { name: "other", managed: { domains: [UNKNOWN] } }],
      [t.securityPolicy, policy(limit(9))],
    ];
    for (const [token, inputs] of unknown) expect(plugin.check(token, inputs), token).to.deep.equal([]);
  });
});
