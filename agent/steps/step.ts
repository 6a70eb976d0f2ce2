import type { HostDocument } from "../../cloud-init/document";
import type { Bundle } from "../bundle";
import type { Difference } from "../difference";
import { orderAfter } from "../kept-bundles";
import type { Manifest } from "../manifest";
import { remedyFor } from "../remedy";
import { HostError, type System } from "../system";

/** One thing that is not yet as the document says. */
export interface Change {
  /** For people and the audit trail: names and paths, never content. */
  what: string;
  apply(): Promise<void>;
  /** Of what has content: its hashes before and after. */
  difference?: Difference;
}

export interface Context {
  system: System;
  bundle: Bundle;
  /** What earlier documents put on the host. */
  manifest: Manifest;
  /** The last good bundles, newest first. */
  kept: readonly Bundle[];
}

/** The documents that stay within reach once this run has come to a good end, besides its own. */
export const documentsKept = ({ bundle, kept }: Context): HostDocument[] => {
  const order = orderAfter(
    kept.map(({ sha256 }) => sha256),
    bundle.sha256,
  );
  return kept
    .filter(({ sha256 }) => sha256 !== bundle.sha256 && order.includes(sha256))
    .map(({ document }) => document);
};

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

/** What to tell the operator of an error. A bug keeps its stack; what the machine refuses gets a remedy. */
export function reasonOf(error: unknown): string {
  if (error instanceof HostError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const remedy = remedyFor("code" in error ? String(error.code) : error.message);
  return remedy === undefined ? (error.stack ?? error.message) : `${error.message}\n${remedy}`;
}
