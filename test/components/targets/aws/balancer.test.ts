import { expect } from "chai";
import type { OpenWorld } from "../../../../lab/plugins/cloud/world";
import type { Properties } from "../../../../lab/plugins/value";
import type { AwsStack } from "../../../lab/plugins/aws/aws-stack";
import { missingEngine, skipSuite } from "../../../lab/plugins/engine";
import { planOf } from "../../../support/sample";
import { onEngine } from "./on-engine";
import { CERTIFICATE } from "./stack";

const missing = missingEngine();
const LISTENER = "aws:lb/listener:Listener";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const WEB_ACL = "aws:wafv2/webAcl:WebAcl";
const ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation";

const stackOf = (target: string, tls: string) =>
  planOf(`
network: eos
domain: nodes.example.org
target: { aws: { region: eu-central-1, admins: [203.0.113.7/32]${target} } }
hosts:
  seed: { role: seed }
  writes: { role: rpc, services: { proxy: { tls: off } } }
  rpc: { role: rpc, count: 2, services: { proxy: { tls: ${tls} } } }
sshKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk0]
protect: false
`);
const TCP = stackOf("", "off");
const HTTPS = stackOf(
  `, balancer: { certificate: "${CERTIFICATE}", firewall: { requestsIn5Minutes: 3000 } }`,
  "balancer",
);

describe("a pool's balancer on AWS that ends TLS", function () {
  this.timeout(300_000);
  let test: AwsStack;
  let world: OpenWorld;
  let plan = TCP;
  const of = (token: string): Properties[] =>
    world.ids(token).map((id) => ({ ...world.get(token, id)?.outputs, ...world.get(token, id)?.inputs }));

  before(async function () {
    if (missing !== undefined) skipSuite(this, missing);
    test = await onEngine(() => plan);
    world = test.world;
  });
  after(() => test?.remove());

  it("takes the place of one that passes TCP on, and no machine's", async () => {
    await test.stack.up();
    const machines = world.ids("aws:ec2/instance:Instance");
    plan = HTTPS;
    await test.stack.up();
    expect(of(BALANCER).map(({ loadBalancerType }) => loadBalancerType)).to.deep.equal(["application"]);
    expect(world.ids("aws:ec2/instance:Instance")).to.have.members(machines);
  });

  it("has nothing to do a second time", async () => {
    const { changeSummary } = await test.stack.preview();
    expect(changeSummary).to.have.keys("same");
    const { summary } = await test.stack.refresh();
    expect(summary.resourceChanges).to.have.keys("same");
  });

  it("speaks TLS 1.2 and 1.3 with the stack's certificate, and plain HTTP only to say where to", () => {
    const byPort = Object.fromEntries(of(LISTENER).map((each) => [each.port, each]));
    expect(byPort).to.have.keys("80", "443");
    expect(byPort[443]).to.include({ protocol: "HTTPS", certificateArn: CERTIFICATE });
    expect(byPort[443]?.sslPolicy).to.match(/TLS13-1-2/);
    expect(JSON.stringify(byPort[80]?.defaultActions)).to.match(/"redirect".*"HTTPS"/);
    expect(JSON.stringify(byPort[80]?.defaultActions)).not.to.include("forward");
  });

  it("gives to the machines of the pool, by the port that they serve", () => {
    const [targets] = of("aws:lb/targetGroup:TargetGroup");
    const [group] = of("aws:autoscaling/group:Group");
    expect(targets).to.include({ protocol: "HTTP", port: plan.pools[0]?.serves.port });
    expect(group?.targetGroupArns).to.deep.equal([targets?.arn]);
  });

  it("has a web firewall before it, which refuses as the edge does and keeps no request", () => {
    const [list] = of(WEB_ACL);
    const [balancer] = of(BALANCER);
    expect(of(ASSOCIATION)).to.have.length(1);
    expect(of(ASSOCIATION)[0]).to.include({ resourceArn: balancer?.arn, webAclArn: list?.arn });
    const text = JSON.stringify(list);
    expect(text)
      .to.include('"limit":3000')
      .and.to.include('"responseCode":429')
      .and.to.include("Retry-After");
    expect(text).not.to.include('"sampledRequestsEnabled":true');
    const [body] = (list?.customResponseBodies ?? []) as { content: string }[];
    expect(JSON.parse(body?.content ?? "")).to.deep.include({ jsonrpc: "2.0", id: null });
  });

  it("gives its place back, and leaves nothing behind", async () => {
    plan = TCP;
    await test.stack.up();
    expect(of(BALANCER).map(({ loadBalancerType }) => loadBalancerType)).to.deep.equal(["network"]);
    for (const token of [WEB_ACL, ASSOCIATION]) expect(world.ids(token)).to.deep.equal([]);
    await test.stack.destroy();
    expect(world.ids(BALANCER)).to.deep.equal([]);
  });
});
