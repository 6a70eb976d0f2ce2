import { aws } from "./aws";
import { bareMetal } from "./bare-metal";
import { digitalOcean } from "./digitalocean";
import { docker } from "./docker";
import { gcp } from "./gcp";
import type { Target } from "./target";

/** Every target a stack file can name. One folder and one line each. */
export const targets: readonly Target[] = [aws, bareMetal, digitalOcean, docker, gcp];
