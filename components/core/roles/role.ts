import type { z } from "zod";
import type { Hardware } from "../hardware/hardware";
import type { Exposure } from "../network/listener";

/** A kind of host. To add one: a file here and a line in `roles/index.ts`. */
export interface Role<Settings extends z.ZodRawShape = z.ZodRawShape> {
  name: string;
  summary: string;
  /** Names of the services it runs, in start order. */
  services: readonly string[];
  /** The floor, and who says so. A network may raise it; a stack may, too. */
  hardware: Hardware;
  /** Roles that must be in the stack for this one to work, and why. */
  requires: readonly { role: string; why: string }[];
  /** Keys of its own in a host's entry, beside those that every host has. */
  settings: Settings;
  /** Roles whose hosts it opens p2p connections to. */
  peersWith: readonly string[];
  /** Who may reach a listener, by its name, where that differs from what its service says. */
  exposes: Readonly<Record<string, Exposure>>;
  /** Whether it has a place in the world: a name, and an address that stays. */
  named: boolean;
  /** Whether more of it may stand behind one balancer, none of them special: a counted group becomes a pool. */
  scales: boolean;
}
