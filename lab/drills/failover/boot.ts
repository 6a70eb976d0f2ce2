import { bootChain, type Scheduled } from "../chain/boot";
import { nativeOf } from "../chain/native";
import type { DrillContext } from "../drill";
import { need } from "../run";
import { groupStatus, validatorsOf } from "./lab-group";

/** Seconds. A machine that has far too much to do lets nobody keep a lease for minutes, and that is safe. */
export const PATIENCE = 900;

type Context = Pick<DrillContext, "lab" | "until" | "progress">;

/**
 * The chain's schedule becomes the group's producer with the keys of all of its hosts, and the producers of others. The
 * genesis knows the first key alone, so the first host must hold when this is done first.
 */
export async function setSchedule(context: Context, others: readonly string[]): Promise<void> {
  const { lab, until, progress } = context;
  progress(`the schedule: the group${others.map((name) => `, ${name}`).join("")}`);
  const [first = "", ...rest] = validatorsOf(lab);
  const { signing } = lab.keys;
  const keyOf = (host: string) => need(signing[host], `the signing key of ${host}`);
  const scheduled = (host: string): Scheduled => ({
    account: need(lab.host(host).producer?.name, `the producer of ${host}`),
    publicKey: keyOf(host).public,
  });
  const holder = await produces(context);
  await bootChain({
    native: nativeOf(lab, holder),
    key: keyOf(first).private,
    schedule: [
      { ...scheduled(first), others: rest.map((host) => keyOf(host).public) },
      ...others.map(scheduled),
    ],
    until,
  });
}

/** Until somebody holds and a relay gets the group's own blocks; answers with who. */
export async function produces({ lab, until }: Context): Promise<string> {
  const relay = need(
    lab.plan.hosts.find(({ role }) => role === "seed"),
    "a relay",
  ).name;
  const [first = ""] = validatorsOf(lab);
  const account = lab.host(first).producer?.name;
  let [from, holder] = [-1, ""];
  const isProducing = async () => {
    const { head, producer } = await nativeOf(lab, relay).info();
    holder = (await groupStatus(lab)).view?.holder?.host ?? "";
    if (holder === "" || producer !== account) return false;
    if (from < 0) from = head;
    return head >= from + 4;
  };
  await until("the group produces", isProducing, PATIENCE);
  return holder;
}
