import { warning } from "../../config/finding";
import type { Check } from "./index";

/** Sources of packages are set at birth, by cloud-init: a machine that was there before keeps its own. */
export const checkPackageMirror: Check = ({ plan, config }) =>
  config.packageMirror && plan.target.traits.keepsLogins
    ? [
        warning(
          "packageMirror",
          "says nothing to machines of your own: they keep the package sources that they have, so set it there (/etc/apt/sources.list.d)",
        ),
      ]
    : [];
