import type { Input, Output } from "@pulumi/pulumi";
import type { Plan } from "../core/plan/plan";
import type { Verified } from "../ssh/verified";

/** Secrets of a stack, by the name that the plan gives them: `<host>/<secret>`. */
export type Secrets = (name: string) => Output<string>;

/** Creates what a plan says, and decides nothing. Engine code: loaded only where a program runs on the engine. */
export type Provisioner = (plan: Plan, secrets: Secrets, files: Files) => Provisioned;

/** Path on the operator's machine of an artifact that a target keeps for its hosts, by its sha256. */
export type Files = (sha256: string) => string;

/** What a target tells of what it made. */
export interface Provisioned {
  hosts: Record<string, HostOutputs>;
  /** By the pool's name: the host name or address of its balancer. */
  balancers?: Record<string, Input<string>>;
  /** Name servers to delegate the stack's domain to. */
  nameServers?: Input<string[]>;
}

/** What a stack tells of one host when it is up. */
export interface HostOutputs {
  role: string;
  machine: Input<string>;
  /** `public` is absent on a host that the world does not reach. */
  addresses: { public?: Input<string>; cluster: Input<string> };
  /** sha256 of the host document that the host runs. */
  bundle: Input<string>;
  /** How the host was found at the end of its last change; the host itself tells how it is now. */
  verification?: Input<Verified | undefined>;
}
