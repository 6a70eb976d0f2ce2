import { error } from "../../config/finding";
import { releaseOf } from "../../releases";
import { machinesOf } from "../plan";
import type { Check } from "./index";

/** Every program that a host runs must be pinned. */
export const checkPrograms: Check = ({ plan, config }) => {
  const wanted = new Set(
    machinesOf(plan).flatMap(({ services }) => services.flatMap(({ programs }) => programs)),
  );
  const known = machinesOf(plan).flatMap(({ releases }) => releases);
  return [...wanted]
    .filter((program) => releaseOf(known, program) === undefined)
    .map((program) =>
      error(
        "releases",
        `${config.releases} pins no release with the program "${program}": add one with its source and sha256`,
      ),
    );
};
