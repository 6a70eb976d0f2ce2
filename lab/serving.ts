import { JsonRpcProvider, type TransactionReceipt, Wallet } from "ethers";
import type { HostStatus } from "../agent/status";
import { knownAddress } from "../components/core/network/address-ref";
import type { HostPlan, Plan } from "../components/core/plan/plan";
import type { LabKeys } from "./keys";

/** What was seen when the lab was found to serve. */
export interface Proof {
  /** Head of the producer, and how far the slowest other host was behind it. */
  head: number;
  behind: number;
  chainId?: string;
  /** Where the stack publishes a JSON-RPC endpoint: a transaction signed by the lab's own account, and its EVM block. */
  transaction?: { hash: string; block: number };
}

const MOST_BEHIND = 2;
const PATIENCE_MS = 120_000;
const PAUSE_MS = 300;

/** Asks the agent of a host, over the cluster network. */
export async function hostStatus(host: HostPlan): Promise<HostStatus> {
  const port = host.listeners.find(({ name }) => name === "agent")?.port;
  const response = await fetch(`http://${knownAddress(host.addresses.cluster).ipv4}:${port}/status`, {
    signal: AbortSignal.timeout(5000),
  });
  return (await response.json()) as HostStatus;
}

const nodeosOf = (status: HostStatus) => status.services.find(({ name }) => name === "nodeos");
const headOf = (status: HostStatus): number | undefined => nodeosOf(status)?.headBlock;

/**
 * Waits until the chain advances, everyone follows and a signed transaction has gone through the public endpoint.
 * Throws with what was still missing when it gave up.
 */
export async function proveServing(
  plan: Plan,
  keys: LabKeys,
  progress: (line: string) => void,
): Promise<Proof> {
  const { head, behind } = await until("the chain", progress, () => chainAdvances(plan));
  const endpoint = plan.endpoints.find(({ listener }) => listener === "rpc");
  if (!endpoint) return { head, behind };
  const provider = new JsonRpcProvider(endpoint.url, plan.network.evm?.chainId, {
    staticNetwork: true,
    batchMaxCount: 1,
    pollingInterval: 250,
  });
  try {
    const chainId = await until(
      "eth_chainId",
      progress,
      async () => (await provider.send("eth_chainId", [])) as string,
    );
    const receipt = await until("a signed transaction", progress, () => transact(provider, keys));
    return { head, behind, chainId, transaction: { hash: receipt.hash, block: receipt.blockNumber } };
  } finally {
    provider.destroy();
  }
}

/** The producer's head moves, and at that moment no other host is more than two blocks behind it. */
async function chainAdvances(plan: Plan): Promise<{ head: number; behind: number }> {
  const producer = plan.hosts.find((host) => host.producer);
  if (!producer) throw new Error("the plan has no producer");
  const first = headOf(await hostStatus(producer));
  const head = await nextHead(producer, first);
  const followers = plan.hosts.filter(
    (host) => host !== producer && host.services.some(({ service }) => service === "nodeos"),
  );
  const lib = nodeosOf(await hostStatus(producer))?.lib ?? 0;
  const others = await Promise.all(
    // The head of a host of backups is the last irreversible block: with several producers an older one.
    followers.map(async (host) => (host.role === "backup" ? lib : head) - (await headNow(host))),
  );
  const behind = Math.max(0, ...others);
  if (behind > MOST_BEHIND) throw new Error(`a host is ${behind} blocks behind ${producer.name}`);
  return { head, behind };
}

/** The agent's answers are up to a second old, so a head is new only when it differs from the one before. */
async function nextHead(producer: HostPlan, first: number | undefined): Promise<number> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const head = headOf(await hostStatus(producer));
    if (head !== undefined && head > (first ?? head)) return head;
    if (Date.now() > deadline) throw new Error(`${producer.name} stands at block ${head ?? "none"}`);
    await pause(100);
  }
}

/** Straight from nodeos where the cluster may ask it, else from the agent. */
async function headNow(host: HostPlan): Promise<number> {
  const http = host.listeners.find(({ name, exposure }) => name === "http" && exposure !== "loopback");
  if (!http) return headOf(await hostStatus(host)) ?? 0;
  const url = `http://${knownAddress(host.addresses.cluster).ipv4}:${http.port}/v1/chain/get_info`;
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
  return ((await response.json()) as { head_block_num: number }).head_block_num;
}

async function transact(provider: JsonRpcProvider, keys: LabKeys): Promise<TransactionReceipt> {
  const wallet = new Wallet(keys.account.privateKey, provider);
  const sent = await wallet.sendTransaction({ to: wallet.address, value: 1n });
  const receipt = await sent.wait(1, 20_000);
  if (receipt?.status !== 1) throw new Error("the transaction was not carried out");
  return receipt;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function until<Value>(
  what: string,
  progress: (line: string) => void,
  attempt: () => Promise<Value>,
): Promise<Value> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
      if (Date.now() > deadline)
        throw new Error(`${what} did not come within ${PATIENCE_MS / 1000} s: ${reason}`);
      progress(`waiting for ${what}: ${reason}`);
      await pause(PAUSE_MS);
    }
  }
}
