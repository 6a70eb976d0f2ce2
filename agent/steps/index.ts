import { artifacts } from "./artifacts";
import { bundle } from "./bundle";
import { dataDisk } from "./data-disk";
import { directories } from "./directories";
import { files, units } from "./files";
import { packages } from "./packages";
import { programs } from "./programs";
import { prune, retire } from "./retire";
import { services } from "./services";
import type { Step } from "./step";
import { users } from "./users";

/** All the work of `provision`, in order. After a step that fails, those behind it are left for the next run. */
export const steps: readonly Step[] = [
  bundle,
  packages,
  users,
  directories,
  dataDisk,
  artifacts,
  programs,
  files,
  units,
  retire,
  services,
  prune,
];
