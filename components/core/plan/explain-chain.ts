import { UNBORN } from "../chain/chain-state";
import { stepsFor } from "../chain/steps-for";
import type { Plan } from "./plan";

export const chainTitle = ({ chain }: Plan): string =>
  `native chain by ${chain?.section.endpoint ?? ""} (as from nothing; what is there already is not done again)`;

/** All that the chain shall have, as the actions that would make it from nothing. */
export function chainRows({ chain }: Plan): string[][] {
  if (!chain) return [];
  const { section } = chain;
  const steps = stepsFor({ ...section, files: {}, transfers: [] }, UNBORN);
  const { accounts, distribution, proposals, budget } = section;
  return [
    ...steps.map(({ stage, title }) => [stage, title]),
    ...(distribution
      ? [
          [
            "distribution",
            `transfer ${distribution.total} from ${distribution.from}, by ${distribution.file}`,
          ],
        ]
      : []),
    ...Object.entries(proposals).map(([account, { proposer, approvals }]) => [
      "proposals",
      `what ${account} does is proposed by ${proposer} to ${approvals.join(", ")}`,
    ]),
    ...(Object.values(accounts).some(({ ram, cpu, net }) => ram ?? cpu ?? net)
      ? [
          [
            "resources",
            "bought and topped up by `pulumi up` alone; the alert EvmAccountShort says when to run it",
          ],
        ]
      : []),
    ...(budget === undefined ? [] : [["budget", `at most ${budget} for RAM, CPU and NET`]]),
  ];
}
