/**
 * The protocol as a finite machine, a tick for the unit of time: one host that holds the lease, everything that may befall
 * it, and another that takes over as soon as etcd lets it. Every interleaving is looked at, breadth first, so a counter-example
 * is a shortest one.
 */

/** Ticks; `lease` is the shortest that etcd's may last on the holder's own clock. */
export interface Times {
  fence: number;
  stop: number;
  age: number;
  early: number;
  lease: number;
}

/** What may be left out, to see what it is for. */
export type Part = "fence" | "guard" | "gate" | "age";

interface State {
  /** Since the holder sent the last renewal that was answered. */
  sent: number;
  /** A renewal that is under way: since it was sent, and whether etcd has it. */
  asked: number;
  reached: boolean;
  /** Since etcd got the last renewal. */
  lease: number;
  taken: boolean;
  agentRuns: boolean;
  /** The whole host: agent, guard and nodeos. Its kernel's timers go on. */
  hostRuns: boolean;
  nodeRuns: boolean;
  /** Whether nodeos would produce if it ran. */
  resumed: boolean;
  /** Since the guard heard the agent last. */
  heard: number;
  /** Until the kernel closes the gate. */
  gate: number;
  /** Age of the last irreversible block that nodeos knows, and of the one that waits in its sockets. */
  known: number;
  waiting: number;
  /** The latest slot that the host signed, from now; below 0 it is past. */
  signed: number;
  /** Thawed late: its guard acts before it can be frozen again. */
  overdue: boolean;
}

const NOTHING = -1;

const FIRST: State = {
  sent: 0,
  asked: NOTHING,
  reached: false,
  lease: 0,
  taken: false,
  agentRuns: true,
  hostRuns: true,
  nodeRuns: true,
  resumed: true,
  heard: 0,
  gate: 0,
  known: 0,
  waiting: 0,
  signed: NOTHING,
  overdue: false,
};

type Step = [what: string, next: State];

/** The shortest way to a slot that two hosts sign; undefined where there is none. */
export function counterExample(times: Times, without: readonly Part[] = []): string[] | undefined {
  const has = (part: Part) => !without.includes(part);
  const start = { ...FIRST, gate: times.fence };
  const came = new Map<string, { from: string; by: string } | undefined>([[keyOf(start), undefined]]);
  let front: State[] = [start];
  while (front.length > 0) {
    const next: State[] = [];
    for (const state of front) {
      const from = keyOf(state);
      for (const [by, reached] of steps(state, times, has)) {
        const key = keyOf(reached);
        if (came.has(key)) continue;
        came.set(key, { from, by });
        if (isTwice(reached)) return wayTo(key, came);
        next.push(reached);
      }
    }
    front = next;
  }
  return undefined;
}

const keyOf = (state: State): string => Object.values(state).map(Number).join();

/** Another may sign from the slot of now on. */
const isTwice = ({ taken, signed }: State): boolean => taken && signed >= 0;

function wayTo(last: string, came: ReadonlyMap<string, { from: string; by: string } | undefined>): string[] {
  const way: string[] = [];
  for (let step = came.get(last); step; step = came.get(step.from)) way.unshift(step.by);
  return way;
}

function steps(state: State, times: Times, has: (part: Part) => boolean): Step[] {
  const acts = [
    ...renewals(state, times),
    ...faults(state, times, has),
    ...ofNodeos(state, times, has),
    ...others(state, times),
  ];
  const duties = dutiesOf(state, times, has);
  // Whoever must act does so before time goes on, but anything may come in between.
  return [...acts, ...duties, ...(duties.length > 0 ? [] : [tick(state, times, has)])];
}

/** What the agent does of itself: it counts from the sending, whenever the answer comes. */
function renewals(state: State, times: Times): Step[] {
  const { agentRuns, hostRuns, asked, reached, taken, sent, resumed } = state;
  if (!agentRuns || !hostRuns) return [];
  return [
    ...(asked === NOTHING && !taken
      ? [["the holder sends a renewal", { ...state, asked: 0, reached: false }] satisfies Step]
      : []),
    ...(asked !== NOTHING && reached
      ? [
          [
            "its answer comes",
            { ...state, sent: asked, asked: NOTHING, reached: false, gate: Math.max(0, times.fence - asked) },
          ] satisfies Step,
        ]
      : []),
    ...(!resumed && sent < times.fence
      ? [["the holder lets nodeos produce", { ...state, resumed: true }] satisfies Step]
      : []),
  ];
}

/** What must be done before time goes on, by those who run. */
function dutiesOf(state: State, times: Times, has: (part: Part) => boolean): Step[] {
  const { agentRuns, hostRuns, resumed, sent, heard } = state;
  if (!hostRuns || !resumed) return [];
  return [
    ...(has("fence") && agentRuns && sent >= times.fence
      ? [["the holder pauses nodeos", { ...state, resumed: false, overdue: false }] satisfies Step]
      : []),
    ...(has("guard") && heard >= times.stop
      ? [["the guard ends nodeos", { ...state, resumed: false, overdue: false }] satisfies Step]
      : []),
  ];
}

function faults(state: State, times: Times, has: (part: Part) => boolean): Step[] {
  const { agentRuns, hostRuns, nodeRuns, asked, overdue } = state;
  const isLate = has("guard") && state.resumed && state.heard >= times.stop;
  return [
    [agentRuns ? "the agent is frozen" : "the agent is thawed", { ...state, agentRuns: !agentRuns }],
    [nodeRuns ? "nodeos is frozen" : "nodeos is thawed", { ...state, nodeRuns: !nodeRuns }],
    ...(hostRuns && overdue
      ? []
      : [
          [
            hostRuns ? "the host is frozen" : "the host is thawed",
            { ...state, hostRuns: !hostRuns, overdue: !hostRuns && isLate },
          ] satisfies Step,
        ]),
    ...(asked === NOTHING
      ? []
      : [
          ["the renewal is lost, or its answer", { ...state, asked: NOTHING, reached: false }] satisfies Step,
        ]),
  ];
}

/** nodeos signs ahead of the slot; a chain of its own becomes irreversible with it. */
function ofNodeos(state: State, times: Times, has: (part: Part) => boolean): Step[] {
  const { hostRuns, nodeRuns, resumed, known, waiting } = state;
  if (!hostRuns || !nodeRuns) return [];
  return [
    ...(resumed && (!has("age") || known < times.age)
      ? [["nodeos signs a block", { ...state, known: 0, signed: times.early }] satisfies Step]
      : []),
    ...(waiting < known
      ? [["nodeos hears what came in meanwhile", { ...state, known: waiting }] satisfies Step]
      : []),
  ];
}

const others = (state: State, times: Times): Step[] => [
  ...(state.asked !== NOTHING && !state.reached && !state.taken
    ? [["the renewal reaches etcd", { ...state, reached: true, lease: 0 }] satisfies Step]
    : []),
  ...(!state.taken && state.lease >= times.lease
    ? [["the lease ends, another takes it and produces", { ...state, taken: true }] satisfies Step]
    : []),
];

/** Time goes on for all clocks alike, the frozen ones too; how they may differ is in `lease`. */
function tick(state: State, times: Times, has: (part: Part) => boolean): Step {
  const { agentRuns, hostRuns, gate } = state;
  const open = !has("gate") || gate > 0;
  return [
    "a tick",
    {
      ...state,
      sent: Math.min(times.fence, state.sent + 1),
      asked: state.asked === NOTHING ? NOTHING : Math.min(times.fence, state.asked + 1),
      lease: Math.min(times.lease, state.lease + 1),
      // A sign of life is given when the work of a turn is done, so not by one who owes a pause.
      heard: agentRuns && hostRuns ? 0 : Math.min(times.stop, state.heard + 1),
      gate: Math.max(0, gate - 1),
      known: Math.min(times.age, state.known + 1),
      waiting: open ? 0 : Math.min(times.age, state.waiting + 1),
      signed: Math.max(NOTHING, state.signed - 1),
    },
  ];
}
