import { error } from "../../config/finding";
import { moneyText } from "../explain-cost";
import type { Check } from "./index";

/** The budget holds for what the stack can come to, not only for what it starts with. */
export const checkBudget: Check = ({ plan, config }) => {
  const { cost } = plan;
  if (config.budget === undefined || !cost) return [];
  const most = Number.parseFloat(config.budget);
  return cost.most <= most
    ? []
    : [
        error(
          "budget",
          `the stack comes to ${moneyText(cost.most)} USD a month at list prices${cost.most > cost.total ? ", with every pool at its largest" : ""}, over ${config.budget}: raise it, or take fewer or smaller hosts (\`npm run plan\` shows each)`,
        ),
      ];
};
