import { z } from "zod";
import type { Plan } from "../../core/plan/plan";
import { machinesAtMost, type QuotaQuestions } from "../quotas";
import type { AwsConfig } from "./config";
import { elasticAddresses } from "./shared";

const answer = z.object({ Quota: z.object({ Value: z.number() }) });
/** Codes of Service Quotas, of the service ec2. */
const STANDARD_CORES = "L-1216C47A";
const ELASTIC_ADDRESSES = "L-0263D0A3";
/** Families that count together as "Standard" (EC2 User Guide, On-Demand Instance quotas). */
const STANDARD = /^[acdhimrtz]\d/;

export function quotasOf(config: AwsConfig, plan: Plan): QuotaQuestions {
  const { region } = config;
  const ask = (code: string) => ({
    command: "aws",
    words: [
      ...["service-quotas", "get-service-quota", "--service-code", "ec2", "--quota-code", code],
      ...["--region", region, "--output", "json"],
    ],
  });
  const standard = machinesAtMost(plan).filter(({ machine }) => STANDARD.test(machine));
  const taken = [
    {
      what: `vCPUs of standard instances in ${region} (${STANDARD_CORES})`,
      takes: standard.reduce((sum, { cores }) => sum + cores, 0),
    },
    { what: `Elastic IPs in ${region} (${ELASTIC_ADDRESSES})`, takes: elasticAddresses(config, plan) },
  ];
  return {
    asks: [STANDARD_CORES, ELASTIC_ADDRESSES].map(ask),
    read: (answers) =>
      taken.map((each, index) => ({ ...each, limit: answer.parse(answers[index]).Quota.Value })),
  };
}
