import { checkLogins } from "../../core/config/admins";
import { error, type Finding, warning } from "../../core/config/finding";
import { machinesOf } from "../../core/plan/plan";
import type { CheckedPlan } from "../target";
import type { AwsConfig } from "./config";
import { cloudRules } from "./firewall";
import { elasticAddresses } from "./shared";

/** Rules of one security group, for each family (VPC User Guide, Amazon VPC quotas). */
const MOST_RULES = 60;
/** Elastic addresses of an account in a region, until it asks for more. */
const USUAL_ADDRESSES = 5;
/** Letters between two dots of a name (RFC 1035). */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/** Mistakes that only this target can see. */
export const checkAws = (config: AwsConfig, plan: CheckedPlan, whole: boolean): Finding[] => [
  ...checkLogins(config.admins, plan),
  ...(whole
    ? [...noDoor(plan), ...zoneWithoutDomain(config, plan), ...balancerWithoutPool(config, plan)]
    : []),
  ...unnameable(plan),
  ...tooManyRules(plan),
  ...manyAddresses(config, plan),
];

/** Validators and monitors have no public address: SSH goes through a host that has one. */
function noDoor({ hosts }: CheckedPlan): Finding[] {
  const shut = hosts.filter(
    ({ addresses, reachedThrough }) => addresses.public === "none" && reachedThrough === undefined,
  );
  return shut.length === 0
    ? []
    : [
        error(
          "",
          `${shut.map(({ name }) => name).join(", ")} cannot be reached: no host of the stack has a public address to go through. Add a seed`,
        ),
      ];
}

const zoneWithoutDomain = ({ zone }: AwsConfig, { names }: CheckedPlan): Finding[] =>
  zone !== undefined && !names
    ? [error("zone", "has no names to hold: set domain, beside target, or leave zone out")]
    : [];

const balancerWithoutPool = ({ balancer }: AwsConfig, { pools }: CheckedPlan): Finding[] =>
  balancer && pools.length === 0
    ? [error("balancer", "has no pool to stand before: give an rpc group a count, or leave balancer out")]
    : [];

function unnameable({ stack }: CheckedPlan): Finding[] {
  return stack.split(".").every((label) => LABEL.test(label))
    ? []
    : [
        error(
          "",
          `the stack's name, ${stack}, cannot be part of the hosts' names: Route 53 takes up to 63 of a–z, 0–9 and -. Rename the stack`,
        ),
      ];
}

function tooManyRules({ hosts, pools }: CheckedPlan): Finding[] {
  const counts = machinesOf({ hosts: [...hosts], pools: [...pools] }).flatMap((host) => {
    const rules = cloudRules(host);
    const ofIpv4 = rules.filter(({ cidrIpv4 }) => cidrIpv4 !== undefined).length;
    return [ofIpv4, rules.length - ofIpv4];
  });
  const most = Math.max(0, ...counts);
  return most <= MOST_RULES
    ? []
    : [
        error(
          "admins",
          `makes ${most} rules for one host, and a security group takes ${MOST_RULES} of a family: name fewer, wider networks`,
        ),
      ];
}

function manyAddresses(config: AwsConfig, { hosts, pools }: CheckedPlan): Finding[] {
  const count = elasticAddresses(config, { hosts: [...hosts], pools: [...pools] });
  return count <= USUAL_ADDRESSES
    ? []
    : [
        warning(
          "region",
          `${count} Elastic IPs are needed, and an account has ${USUAL_ADDRESSES} in ${config.region} until it asks for more: Service Quotas, "EC2-VPC Elastic IPs"`,
        ),
      ];
}
