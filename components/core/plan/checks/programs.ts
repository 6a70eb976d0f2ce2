import { error, type Finding } from "../../config/finding";
import { releaseOf } from "../../releases";
import { evmGenerations } from "../../services/evm-generation";
import { machinesOf } from "../plan";
import type { Check, Checked } from "./index";

/** Every program that a host runs must be pinned. */
export const checkPrograms: Check = (checked) => {
  const { plan, config, releases } = checked;
  const wanted = new Set(
    machinesOf(plan).flatMap(({ services }) => services.flatMap(({ programs }) => programs)),
  );
  const missing = [...wanted].filter((program) => releaseOf(releases, program) === undefined);
  const evm = evmGenerations.flatMap(({ node, rpc }) => [node, rpc]);
  return [
    ...missing
      .filter((program) => !evm.includes(program))
      .map((program) =>
        error(
          "releases",
          `${config.releases} pins no release with the program "${program}": add one with its source and sha256`,
        ),
      ),
    ...(missing.some((program) => evm.includes(program)) ? [noGeneration(checked)] : []),
  ];
};

/** A node and an RPC of two generations do not understand each other. */
function noGeneration({ config, releases }: Checked): Finding {
  const pairs = evmGenerations.map(({ node, rpc }) => `${node} and ${rpc}`).join(", or ");
  const pinned = evmGenerations
    .flatMap(({ node, rpc }) => [node, rpc])
    .filter((program) => releaseOf(releases, program));
  const found =
    pinned.length === 0
      ? "pins neither generation of the EVM programs"
      : `pins ${pinned.join(" and ")} alone`;
  return error(
    "releases",
    `${config.releases} ${found}: a node and its RPC belong together, so pin ${pairs} (npm run pin)`,
  );
}
