import { error, type Finding } from "../../config/finding";
import type { Check } from "./index";

/** What the section says of the chain is what the network says of it, and it names the one chain that it is for. */
export const checkChain: Check = ({ config: { chain }, plan: { network } }): Finding[] => {
  if (!chain) return [];
  const { native, evm, birth, name } = network;
  const { chainId } = chain;
  return [
    ...(chainId !== undefined && native.chainId !== undefined && chainId !== native.chainId
      ? [error("chain.chainId", `is ${native.chainId} on ${name}: leave it out, or correct network`)]
      : []),
    ...(chainId === undefined && native.chainId === undefined && !birth
      ? [
          error(
            "chain.chainId",
            `is missing: nothing says which chain ${name} is, and another one must be refused`,
          ),
        ]
      : []),
    ...(chain.evm && evm && chain.evm.chainId !== evm.chainId
      ? [
          error(
            "chain.evm.chainId",
            `is ${evm.chainId} on ${name}: hosts would serve another EVM than the contract runs`,
          ),
        ]
      : []),
    ...(chain.evm && evm && chain.evm.account !== evm.account
      ? [
          error(
            "chain.evm.account",
            `is ${evm.account} on ${name}: hosts would read another account's blocks`,
          ),
        ]
      : []),
    ...(chain.distribution && !samePrecision(chain.distribution.total, chain.tokens[0]?.maximum)
      ? [
          error(
            "chain.distribution.total",
            `${chain.distribution.total} has other decimals than ${chain.tokens[0]?.maximum}`,
          ),
        ]
      : []),
  ];
};

/** Amounts of one token have the same decimals everywhere. */
function samePrecision(amount: string, other: string | undefined): boolean {
  const [one = "", code] = amount.split(" ");
  const [two = "", its] = (other ?? amount).split(" ");
  const decimals = (text: string) => text.split(".")[1]?.length ?? 0;
  return code !== its || decimals(one) === decimals(two);
}
