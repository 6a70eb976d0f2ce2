import { knownAddress } from "../../../components/core/network/address-ref";
import type { SampleLab } from "../sample-lab";
import type { Cut } from "./ground";

const PORTS = { etcd: [2379, 2380], peers: [9876] };
export type Far = keyof typeof PORTS | "everything";

const TABLE = "inet drill_failover";
/** Of a hundred packets each way: TCP still gets on, badly. */
const LOST_PERCENT = 15;
/** No netem in the lab's kernel: a narrow way with a long queue is late too. A second to send what waits, at most. */
const NARROW = { rate: "48kbit", queueBytes: 6_000 };
/** A class of the queueing below, as `tc` names it, and as the firewall does. */
const NARROW_CLASS = "1:10";
const NARROW_PRIORITY = "0x10010";

/** Makes the network of a host ill, for what goes to or comes from some ports of others and its own. */
export async function cutHost(lab: SampleLab, host: string, from: Far, how: Cut): Promise<void> {
  await healHost(lab, host);
  const ports = from === "everything" ? [...PORTS.etcd, ...PORTS.peers] : PORTS[from];
  if (how === "slow") for (const line of await narrowing(lab, host)) await lab.inHost(host, ...line);
  await lab.inHost(host, "nft", rulesOf(ports, how));
}

/** Ends it. Done again it changes nothing. */
export async function healHost(lab: SampleLab, host: string): Promise<void> {
  await lab.tryInHost(host, "nft", `delete table ${TABLE}`);
  await lab.tryInHost(host, "tc", "qdisc", "del", "dev", await deviceOf(lab, host), "root");
}

/** Replies of the other end come from its port; what this host begins goes there; what others begin comes to its own. */
function rulesOf(ports: readonly number[], how: Cut): string {
  const set = `{ ${ports.join(", ")} }`;
  const verdict = {
    both: "drop",
    in: "drop",
    lossy: `numgen random mod 100 < ${LOST_PERCENT} drop`,
    slow: `meta priority set ${NARROW_PRIORITY}`,
  }[how];
  const hooks = { both: ["input", "output"], in: ["input"], lossy: ["input", "output"], slow: ["output"] }[
    how
  ] as ("input" | "output")[];
  // Its own member, on the host itself, it always reaches.
  const away = { input: 'iifname != "lo"', output: 'oifname != "lo"' };
  return [
    `add table ${TABLE}`,
    ...hooks.flatMap((hook) => [
      `add chain ${TABLE} ${hook} { type filter hook ${hook} priority -300; }`,
      ...["sport", "dport"].map(
        (side) => `add rule ${TABLE} ${hook} ${away[hook]} tcp ${side} ${set} ${verdict}`,
      ),
    ]),
  ].join("; ");
}

/** What the firewall marks goes the narrow way, the rest as before. */
async function narrowing(lab: SampleLab, host: string): Promise<string[][]> {
  const device = await deviceOf(lab, host);
  const { rate, queueBytes } = NARROW;
  const parts = [
    ["qdisc", "add", "dev", device, "root", "handle", "1:", "htb", "default", "20"],
    ["class", "add", "dev", device, "parent", "1:", "classid", "1:20", "htb", "rate", "10gbit"],
    ["class", "add", "dev", device, "parent", "1:", "classid", NARROW_CLASS, "htb", "rate", rate],
    ["qdisc", "add", "dev", device, "parent", NARROW_CLASS, "bfifo", "limit", `${queueBytes}`],
  ];
  return parts.map((words) => ["tc", ...words]);
}

/** The one on the cluster's network. */
async function deviceOf(lab: SampleLab, host: string): Promise<string> {
  const { ipv4 } = knownAddress(lab.host(host).addresses.cluster);
  const lines = (await lab.inHost(host, "ip", "-brief", "address")).split("\n");
  const device = lines.find((line) => line.includes(` ${ipv4}/`))?.split(/[@ ]/)[0];
  if (!device) throw new Error(`${host} has no device with ${ipv4}`);
  return device;
}
