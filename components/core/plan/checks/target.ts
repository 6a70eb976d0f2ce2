import { named } from "../../config/registry";
import type { Check } from "./index";

/** What only the target can see, at the place where the user wrote it. */
export const checkTarget: Check = ({ plan, config, registry, whole }) => {
  const target = named(registry.targets, config.target.name);
  const found = target.check(config.target.config, plan, whole);
  return found.map((finding) => ({
    ...finding,
    path: `target.${target.name}${finding.path === "" ? "" : `.${finding.path}`}`,
  }));
};
