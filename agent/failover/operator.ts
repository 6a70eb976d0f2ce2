import { setTimeout as pause } from "node:timers/promises";
import type { FailoverSettings } from "../../components/core/failover/settings";
import { HostError } from "../system";
import type { Group, GroupStore, Order } from "./group";

interface Operated {
  settings: FailoverSettings;
  store: GroupStore;
}

/** An order that nobody has carried out by then is forgotten. */
const ORDER_SECONDS = 60;
const LOOK_MS = 200;

/** Moves production by an operator's word and waits until it has moved. Throws a HostError where it cannot, or did not. */
export async function move(
  { settings, store }: Operated,
  { kind, host, by }: Pick<Order, "kind" | "host" | "by">,
): Promise<string> {
  const group = await store.read();
  const refusal = refusalOf(settings, group, { kind, host });
  if (refusal !== undefined) throw new HostError(refusal);
  if (group.holder?.host === host) return `${host} produces already`;
  const time = new Date().toISOString();
  const from = group.history.at(-1)?.term ?? 0;
  if ((await store.order({ kind, host, by, time }, ORDER_SECONDS)) === undefined) {
    const other = (await store.read()).order;
    throw new HostError(
      `an order is under way: ${other?.by ?? "someone"} wants ${other?.kind ?? "move"} to ${other?.host ?? "another host"}; look again in ${ORDER_SECONDS} s`,
    );
  }
  return moved(settings, store, { host, from });
}

/** Why an order makes no sense, before anything is touched. */
function refusalOf(
  settings: FailoverSettings,
  group: Group,
  { kind, host }: Pick<Order, "kind" | "host">,
): string | undefined {
  const names = settings.hosts.map(({ name }) => name);
  if (!names.includes(host)) return `${host} is none of ${settings.group}: ${names.join(", ")}`;
  if (group.maintenance.has(host)) return `${host} is in maintenance: end that first`;
  const state = group.hosts.get(host);
  if (!state) return `${host} was not heard of: is it up? systemctl status nodewright-failover`;
  return kind === "move" && state.hindrances.length > 0 && group.holder?.host !== host
    ? `${host} cannot take over: ${state.hindrances.join("; ")}`
    : undefined;
}

/** Waits until the host holds in a later term. */
async function moved(
  { producer }: FailoverSettings,
  store: GroupStore,
  { host, from }: { host: string; from: number },
): Promise<string> {
  const until = performance.now() + (ORDER_SECONDS + 5) * 1000;
  let group = await store.read();
  for (; performance.now() < until; group = await store.read()) {
    const { holder, order } = group;
    if (holder && holder.term > from && holder.host === host)
      return `${host} produces for ${producer} since ${holder.since}, term ${holder.term}`;
    if (!order && holder && holder.term > from)
      throw new HostError(`${holder.host} took over in place of ${host}: ${holder.reason}`);
    await pause(LOOK_MS);
  }
  const why = group.hosts.get(host)?.hindrances.join("; ");
  throw new HostError(
    `production did not move to ${host} within ${ORDER_SECONDS} s${why ? `: ${why}` : ""}; ${group.holder?.host ?? "nobody"} holds`,
  );
}

/** Takes a host out of the group's turns or lets it in again; where it holds, waits until another does. */
export async function maintain(
  { settings, store }: Operated,
  { host, isOut, by }: { host: string; isOut: boolean; by: string },
): Promise<string> {
  const names = settings.hosts.map(({ name }) => name);
  if (!names.includes(host)) throw new HostError(`${host} is none of ${settings.group}: ${names.join(", ")}`);
  if (!isOut) {
    await store.maintain(host, undefined);
    return `${host} takes turns again`;
  }
  const group = await store.read();
  const ready = [...group.hosts].filter(
    ([name, state]) => name !== host && !group.maintenance.has(name) && state.hindrances.length === 0,
  );
  if (group.holder?.host === host && ready.length === 0)
    throw new HostError(`${host} produces, and no other host is ready to take over: mend one first`);
  await store.maintain(host, { by, time: new Date().toISOString() });
  if (group.holder?.host !== host) return `${host} is in maintenance`;
  const until = performance.now() + ORDER_SECONDS * 1000;
  while (performance.now() < until) {
    const { holder } = await store.read();
    if (holder && holder.host !== host) return `${host} is in maintenance; ${holder.host} produces`;
    await pause(LOOK_MS);
  }
  throw new HostError(
    `${host} is in maintenance and was not relieved within ${ORDER_SECONDS} s: look at its status`,
  );
}
