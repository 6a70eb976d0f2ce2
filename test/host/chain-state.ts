import { knownAddress } from "../../components/core/network/address-ref";
import { need, type TestLab } from "./test-lab";

type NodeosStatus = { name: string; healthy: boolean; headBlock?: number };

export async function status(lab: TestLab, name: string): Promise<NodeosStatus> {
  const { services } = JSON.parse(
    (await lab.tryInHost(name, "/opt/nodewright/bin/nodewright-host", "status", "--json")).out,
  ) as { services: NodeosStatus[] };
  return need(
    services.find((each) => each.name === "nodeos"),
    "nodeos",
  );
}

/** Waits until all of a host is well again and its chain has gone past a block. */
export async function serves(lab: TestLab, name: string, head: number): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const { code } = await lab
      .tryInHost(name, "/opt/nodewright/bin/nodewright-host", "status")
      .catch(() => ({ code: -1 }));
    const at = code === 0 ? (await status(lab, name)).headBlock : undefined;
    if (at !== undefined && at > head) return;
    if (attempt > 120)
      throw new Error(
        `${name} did not come back: ${(await lab.tryInHost(name, "/opt/nodewright/bin/nodewright-host", "status")).out}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

export async function firstBlock(lab: TestLab): Promise<string> {
  const { addresses } = lab.host("rpc-a");
  const response = await fetch(`http://${knownAddress(addresses.cluster).ipv4}:8888/v1/chain/get_block`, {
    method: "POST",
    body: JSON.stringify({ block_num_or_id: 2 }),
  });
  return ((await response.json()) as { id: string }).id;
}

/** When each unit of nodewright last started. */
export async function startTimes(lab: TestLab): Promise<Record<string, string>> {
  const units = lab.host("rpc-a").services.map(({ unit }) => `${unit}.service`);
  const times = await Promise.all(
    units.map(async (unit) => [
      unit,
      await lab.inHost("rpc-a", "systemctl", "show", "-P", "ExecMainStartTimestampMonotonic", unit),
    ]),
  );
  return Object.fromEntries(times) as Record<string, string>;
}
