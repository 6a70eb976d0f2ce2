import { join } from "node:path";
import { registry } from "../components/registry";
import { declarePack } from "./declare-pack";
import { rules } from "./rules";

/** The pack of this repository, as `pulumi preview --policy-pack policies` runs it. */
const file = process.env.NODEWRIGHT_POLICIES ?? join(__dirname, "..", "stacks", "config", "policies.yaml");

declarePack({ registry, rules, file });
