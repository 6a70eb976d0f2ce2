import { aws } from "./aws";
import { bareMetal } from "./bare-metal";
import type { Cloud } from "./cloud";
import { digitalocean } from "./digitalocean";
import { docker } from "./docker";
import { gcp } from "./gcp";

/** Every cloud whose resources the rules can read. One file and one line each. */
export const clouds: readonly Cloud[] = [aws, gcp, digitalocean, docker, bareMetal];
