import type { Output } from "@pulumi/pulumi";
import type { Plan } from "../core/plan/plan";

/** Secrets of a stack, by the name that the plan gives them: `<host>/<secret>`. */
export type Secrets = (name: string) => Output<string>;

/** Creates what a plan says, and decides nothing. Engine code: loaded only where a program runs on the engine. */
export type Provisioner = (plan: Plan, secrets: Secrets) => Record<string, HostOutputs>;

/** What a stack tells of one host when it is up. */
export interface HostOutputs {
  role: string;
  machine: Output<string>;
  addresses: { public: string; cluster: string };
  /** sha256 of the host document that the host runs. */
  bundle: Output<string>;
}
