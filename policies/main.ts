import { join } from "node:path";
import { declarePack } from "./declare-pack";
import { rules } from "./rules";

/** The pack of this repository, as `pulumi preview --policy-pack policies` runs it. */
const file = process.env.NODEWRIGHT_POLICIES ?? join(__dirname, "..", "stacks", "config", "policies.yaml");

// Half of what this process would load before the engine may begin: it knows every role, service and target.
const registry = () =>
  (require("../components/registry") as typeof import("../components/registry")).registry;

declarePack({ registry, rules, file });
