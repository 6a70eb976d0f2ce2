import type { Catalog } from "../../components/core/hardware/machine";
import type { Brought } from "../documents";
import type { Bucket, DnsName, Graph, Intent, Machine } from "../graph";
import type { Stack } from "../resource";

/** What a cloud's reader is given beside the resources. */
export interface Given {
  intent: Intent;
  documents: readonly Brought[];
}

/** A machine as its cloud's resources tell of it; what its host's document tells comes later. */
export type BareMachine = Omit<Machine, "host" | "role" | "document" | "documentBy" | "ports"> & {
  hostTag?: string | undefined;
  roleTag?: string | undefined;
};

/** How to read one cloud's resources. A team adds its own to the list in `clouds/index.ts`, or to `pack`. */
export interface Cloud {
  name: string;
  machines(stack: Stack, given: Given): BareMachine[];
  buckets?(stack: Stack): Bucket[];
  names?(stack: Stack): DnsName[];
  extras?(stack: Stack): Graph["extras"][number]["extra"][];
  catalog?: Catalog;
}
