import { UserError } from "../components/core/config/finding";
import { knownAddress } from "../components/core/network/address-ref";
import type { Plan, StandIn } from "../components/core/plan/plan";
import { readJson } from "./read-json";
import type { Room } from "./room";
import { hostStatus } from "./serving";

/** The state of a lab, as `lab:status --json` prints it. */
export interface LabStatus {
  hosts: {
    name: string;
    role: string;
    addresses: { public: string; cluster: string };
    /** `serving` when all its services are well; `degraded` when one is not; `unreachable` when nothing answers. */
    state: "serving" | "degraded" | "unreachable";
    services: { name: string; state: string; detail?: string }[];
  }[];
  endpoints: { rpc?: string; nodeos?: string };
  standIns: StandIn[];
}

/** Asks every host of the plan that was last brought up. Throws a `UserError` where no lab is up. */
export async function labStatus(room: Room): Promise<LabStatus> {
  const plan = readJson<Plan>(room.plan);
  if (!plan) throw new UserError(`the lab "${room.stack}" is not up: start it with \`npm run lab\``);
  const url = (wanted: string) => {
    // Reads come from a host that serves the public, where there is one.
    const found = plan.endpoints.filter(({ listener }) => listener === wanted);
    return (
      found.find(({ host }) => plan.hosts.some(({ name, role }) => name === host && role === "rpc")) ??
      found[0]
    )?.url;
  };
  const [rpc, nodeos] = [url("rpc"), url("http")];
  return {
    hosts: await Promise.all(plan.hosts.map(hostState)),
    endpoints: { ...(rpc ? { rpc } : {}), ...(nodeos ? { nodeos } : {}) },
    standIns: plan.standIns,
  };
}

async function hostState(host: Plan["hosts"][number]): Promise<LabStatus["hosts"][number]> {
  const known = {
    name: host.name,
    role: host.role,
    addresses: {
      public: knownAddress(host.addresses.public).ipv4,
      cluster: knownAddress(host.addresses.cluster).ipv4,
    },
  };
  try {
    const { services } = await hostStatus(host);
    const wanted = new Set(host.services.map(({ unit }) => unit));
    const shown = services.filter(({ name }) => wanted.has(name));
    const well = shown.length === wanted.size && shown.every(({ healthy }) => healthy);
    return {
      ...known,
      state: well ? "serving" : "degraded",
      services: shown.map(({ name, state, detail }) => ({ name, state, ...(detail ? { detail } : {}) })),
    };
  } catch {
    return {
      ...known,
      state: "unreachable",
      services: host.services.map(({ unit }) => ({ name: unit, state: "unknown" })),
    };
  }
}
