import { isIPv6 } from "node:net";
import type { FirewallRule } from "../../components/core/network/firewall";
import type { Plan } from "../../components/core/plan/plan";
import * as aws from "../../components/targets/aws/firewall";
import { renderAws } from "../../components/targets/aws/render";
import * as digitalOcean from "../../components/targets/digitalocean/cloud-rules";
import { renderDigitalOcean } from "../../components/targets/digitalocean/render";
import * as gcp from "../../components/targets/gcp/cloud-rules";
import { renderGcp } from "../../components/targets/gcp/render";
import { isWithin, type Probe } from "./probes";

/** A cloud's own firewall, read as the cloud reads it. A target that has one needs a line in `CLOUDS`. */
export interface Cloud {
  /** What is let in to a machine of a plan, by everything that the engine creates for it. */
  ofMachine(plan: Plan, machine: string): Verdict;
  /** What the rules for an allow list let in. */
  ofRules(firewall: FirewallRule[]): Verdict;
  /** The allow list that the rules for one amount to, by the target's own inverse. */
  back(firewall: FirewallRule[]): FirewallRule[];
}

export interface Verdict {
  admits(probe: Probe): boolean;
  /** Whether messages of ICMP get through, by protocol and number. */
  admitsIcmp(protocol: "icmp" | "icmpv6", type: number): boolean;
}

/** Security groups: ports from-to, one network a rule. What a machine's groups say is added up. */
const awsVerdict = (rules: readonly aws.IngressRule[]): Verdict => ({
  admits: ({ protocol, source, port }) =>
    rules.some(
      ({ ipProtocol, fromPort, toPort, cidrIpv4, cidrIpv6 }) =>
        ipProtocol === protocol &&
        port >= fromPort &&
        port <= toPort &&
        isWithin(
          source,
          [cidrIpv4, cidrIpv6].filter((cidr) => cidr !== undefined),
        ),
    ),
  admitsIcmp: (wanted, type) =>
    rules.some(({ ipProtocol, fromPort }) => ipProtocol === wanted && (fromPort === type || fromPort === -1)),
});

/** VPC firewall rules: a source range of one family each, all that aim at the machine's account added up. */
const gcpVerdict = (rules: readonly gcp.CloudRule[]): Verdict => ({
  admits: ({ protocol, source, port }) =>
    rules.some((rule) => {
      const families = new Set(rule.sourceRanges.map((range) => isIPv6(range.split("/")[0] ?? "")));
      if (families.size !== 1) throw new Error(`${rule.name} mixes families, which the API refuses`);
      return (
        rule.protocol === protocol &&
        (rule.port === undefined || rule.port === port) &&
        isWithin(source, rule.sourceRanges)
      );
    }),
  admitsIcmp: (wanted) => rules.some(({ protocol }) => protocol === (wanted === "icmp" ? "icmp" : "58")),
});

/** Cloud firewalls: ports as text, both families in one rule, ICMP as a whole. */
const digitalOceanVerdict = (rules: readonly digitalOcean.InboundRule[]): Verdict => ({
  admits: ({ protocol, source, port }) =>
    rules.some((rule) => {
      const [first, last = first] = (rule.portRange ?? "").split("-").map(Number);
      return (
        rule.protocol === protocol &&
        port >= Number(first) &&
        port <= Number(last) &&
        isWithin(source, rule.sourceAddresses)
      );
    }),
  admitsIcmp: () => rules.some(({ protocol }) => protocol === "icmp"),
});

function found<Thing>(thing: Thing | undefined, name: string): Thing {
  if (thing === undefined) throw new Error(`nothing is rendered for ${name}`);
  return thing;
}

export const CLOUDS: Readonly<Record<string, Cloud>> = {
  aws: {
    ofMachine: (plan, machine) => {
      const { hosts, pools } = renderAws(plan);
      const host = hosts.find((each) => each.host.name === machine);
      const pool = pools.find((each) => each.pool.name === machine);
      return awsVerdict([...found(host ?? pool, machine).rules, ...aws.sharedRules]);
    },
    ofRules: (firewall) => awsVerdict(aws.cloudRules({ firewall })),
    back: (firewall) => aws.admits(aws.cloudRules({ firewall })),
  },
  gcp: {
    ofMachine: (plan, machine) => {
      const { hosts, pools, accounts } = renderGcp(plan);
      const host = hosts.find((each) => each.host.name === machine);
      const pool = pools.find((each) => each.pool.name === machine);
      const { account } = found(host ?? pool, machine);
      return gcpVerdict(
        found(
          accounts.find(({ key }) => key === account),
          account,
        ).rules,
      );
    },
    ofRules: (firewall) => gcpVerdict(gcp.cloudRules({ firewall })),
    back: (firewall) => gcp.admits(gcp.cloudRules({ firewall })),
  },
  digitalocean: {
    ofMachine: (plan, machine) => {
      const { hosts, pools, firewalls } = renderDigitalOcean(plan);
      const host = hosts.find((each) => each.host.name === machine);
      const pool = pools.find((each) => each.pool.name === machine);
      const { tags } = found(host ?? pool, machine);
      return digitalOceanVerdict(
        firewalls.filter(({ tag }) => tags.includes(tag)).flatMap(({ inbound }) => inbound),
      );
    },
    ofRules: (firewall) => digitalOceanVerdict(digitalOcean.cloudRules({ firewall })),
    back: (firewall) => digitalOcean.admits(digitalOcean.cloudRules({ firewall })),
  },
};
