import type { z } from "zod";
import type { Finding } from "../core/config/finding";
import type { Address } from "../core/network/address";
import type { Zones } from "../core/network/firewall";
import type { HostPlan } from "../core/plan/plan";
import type { Provisioner } from "./provisioner";

/** How a target differs from the others, for code that serves them all. */
export interface Traits {
  /** Most bytes of user data it takes, as sent. */
  userDataBytes: number;
  /** Whether it has a firewall of its own, beside the host's nftables. */
  firewall: boolean;
  /** Whether a host may change kernel settings: not where it shares the machine's kernel. */
  ownKernel: boolean;
}

/** The place of one host on a target. */
export interface Placement {
  addresses: { public: Address; cluster: Address };
  /** DNS name by which other hosts of the stack reach it on the cluster network. */
  clusterName: string;
  /** What it runs on, for people: a machine type, a container. */
  machine: string;
}

/** What a target needs to know of a host to place it. */
export interface HostNeeds {
  stack: string;
  host: string;
}

/** Where hosts run. One folder each: config, render and index are pure, provision alone touches the engine. */
export interface Target<Schema extends z.ZodType = z.ZodType> {
  name: string;
  summary: string;
  config: Schema;
  traits: Traits;
  zones(config: z.output<Schema>): Zones;
  /** Base URL, as the hosts see it, of the mirror that holds the stack's artifacts. */
  mirror(config: z.output<Schema>): string;
  place(config: z.output<Schema>, needs: HostNeeds): Placement;
  /** Mistakes that only the target can see, paths below `target.<name>`. Not `whole`: hosts may be missing by a typo. */
  check(config: z.output<Schema>, hosts: readonly HostPlan[], whole: boolean): Finding[];
  /** URLs that reach a host's listener from the operator's machine, if the target makes it reachable there. */
  endpoint(config: z.output<Schema>, host: HostPlan, listener: string): string | undefined;
  /** Loads the engine code, and with it this target's SDK alone. */
  load(): Provisioner;
}
