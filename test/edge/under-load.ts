interface Load {
  /** What is sent over and over. */
  body: string;
  /** What each answer has to hold. */
  expected: string;
  clients?: number;
}

/** A read that each fake node answers with the method's own name. */
export const SMALL_READ: Load = {
  body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] }),
  expected: '"result":"eth_chainId"',
};

/** One that HAProxy does not keep whole, and so cannot repeat. */
export const LONG_READ: Load = {
  body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_call", params: [`0x${"ab".repeat(50_000)}`] }),
  expected: '"result":"eth_call"',
  clients: 2,
};

/** What came of reads that some clients sent, each one after the other, while `work` was done. */
export async function underLoad(
  url: string,
  loads: readonly Load[],
  work: (sent: () => number) => Promise<void>,
): Promise<{ sent: number; failed: string[] }> {
  let isOn = true;
  const outcome = { sent: 0, failed: [] as string[] };
  const one = async ({ body, expected }: Load) => {
    while (isOn) {
      outcome.sent++;
      const said = await fetch(url, { method: "POST", body }).then(
        async (response) => `${response.status} ${await response.text()}`,
        (error: Error) => `${error.message} ${String(error.cause)}`,
      );
      if (!said.includes(expected)) outcome.failed.push(said);
    }
  };
  const all = Promise.all(
    loads.flatMap((load) => Array.from({ length: load.clients ?? 4 }, () => one(load))),
  );
  try {
    await work(() => outcome.sent);
  } finally {
    isOn = false;
    await all;
  }
  return outcome;
}
