import type { Plan } from "../core/plan/plan";

/** One limit of an account, and what the stack takes of it at its largest. */
export interface Quota {
  /** As the cloud calls it: `droplets`, `N2_CPUS in europe-west3`. */
  what: string;
  limit: number;
  /** What the account uses already, this stack's own among it. Absent where the cloud does not tell. */
  used?: number;
  takes: number;
}

/** A question whose answer is JSON: a command, which knows every way to log in, or a page of an API. */
export type Ask =
  | { command: string; words: readonly string[] }
  | { url: URL; token: string /** Who answers, for people. */; of: string };

/** What to ask a cloud for an account's limits. It is asked for nothing else, and nothing of it changes. */
export interface QuotaQuestions {
  asks: readonly Ask[];
  /** Reads the answers, in the order of the questions. Throws where one is none. */
  read(answers: readonly unknown[]): Quota[];
}

/** Machines of a kind: `cores` are virtual ones, all together. */
interface Machines {
  machine: string;
  count: number;
  cores: number;
}

/** Every machine of a stack, with pools at their largest. */
export const machinesAtMost = ({ hosts, pools }: Pick<Plan, "hosts" | "pools">): Machines[] =>
  [
    ...hosts.map((host) => ({ host, count: 1 })),
    ...pools.map(({ member, max }) => ({ host: member, count: max })),
  ].map(({ host: { machine, has }, count }) => ({ machine, count, cores: count * (has?.cores ?? 0) }));
