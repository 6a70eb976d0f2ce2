import type { Bundle } from "../bundle";
import type { Manifest } from "../manifest";
import { HostError, type System } from "../system";

/** One thing that is not yet as the document says. */
export interface Change {
  /** For people and the audit trail: names and paths, never content. */
  what: string;
  apply(): Promise<void>;
}

export interface Context {
  system: System;
  bundle: Bundle;
  /** What earlier documents put on the host. */
  manifest: Manifest;
}

/** A part of the work. It looks first and touches nothing; a dry run prints the same changes that a run applies. */
export interface Step {
  name: string;
  plan(context: Context): Promise<Change[]>;
  /** Called once before the first change is applied. */
  prepare?(context: Context): Promise<void>;
}

export interface Failure {
  what: string;
  /** For the operator's eyes only: it may quote a unit's log. */
  reason: string;
}

export const reasonOf = (error: unknown): string =>
  error instanceof HostError
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
