import { error, warning } from "../../config/finding";
import { named } from "../../config/registry";
import { lacksGenesis, missingEvm } from "../../networks/evm-gaps";
import type { Check } from "./index";

/** A role that serves an EVM chain needs one; only a chain that is born with the stack takes accounts from it. */
export const checkEvm: Check = ({ plan, config, registry }) => {
  const { network } = plan;
  if (lacksGenesis(network))
    return [
      error(
        "network.evm.genesis",
        "is missing: give timestamp and mixHash, or declare chain.evm, by which the chain is asked",
      ),
    ];
  const missing = missingEvm(network);
  const serving = Object.entries(config.hosts).filter(([, { role }]) =>
    named(registry.roles, role).services.some((service) => named(registry.services, service).onEvm),
  );
  const strangers = !network.birth && Object.keys(config.evm.alloc).length > 0;
  return [
    ...(network.evm?.isAwaited
      ? [
          warning(
            "network.evm.genesis",
            "comes from the chain: what serves the EVM is started by the first `pulumi up` that finds it there, which is the one after its `init`",
          ),
        ]
      : []),
    ...(missing === undefined
      ? []
      : serving.map(([group, { role }]) =>
          error(`hosts.${group}.role`, `"${role}" serves an EVM chain: ${missing}`),
        )),
    ...(strangers
      ? [
          error(
            "evm.alloc",
            `is for a chain that is born with the stack: the accounts of ${network.name} are what they are`,
          ),
        ]
      : []),
  ];
};
