import { z } from "zod";
import type { SampleLab } from "../sample-lab";

/** A nodeos of a lab, asked on its own host: the APIs of a producer are open to nobody else. */
export interface Native {
  info(): Promise<NativeInfo>;
  /** Id of a block of its chain. */
  blockId(num: number): Promise<string>;
  /** A call of its chain API, `/v1/chain/…`. Throws with nodeos' own reason. */
  chain(call: string, body: unknown): Promise<unknown>;
  /** A call of the producer API, `/v1/producer/…`. */
  control(call: string, body: unknown): Promise<unknown>;
}

export interface NativeInfo {
  chainId: string;
  head: number;
  headId: string;
  headTime: string;
  producer: string;
  lib: number;
}

const info = z.object({
  chain_id: z.string(),
  head_block_num: z.number(),
  head_block_id: z.string(),
  head_block_time: z.string(),
  head_block_producer: z.string(),
  last_irreversible_block_num: z.number(),
});

export function nativeOf(lab: SampleLab, host: string): Native {
  const portOf = (...names: string[]) =>
    names.flatMap((name) => lab.host(host).listeners.filter((listener) => listener.name === name))[0]?.port;
  const call = async (port: number | undefined, path: string, body: unknown): Promise<unknown> => {
    const url = `http://127.0.0.1:${port}${path}`;
    const text = await lab.inHost(host, "curl", "-sS", "-m", "30", "-d", JSON.stringify(body), url);
    const answer: unknown = JSON.parse(text);
    const failed = z.object({ error: z.object({ details: z.array(z.unknown()) }) }).safeParse(answer);
    if (failed.success)
      throw new Error(`${host} ${path}: ${JSON.stringify(failed.data.error).slice(0, 500)}`);
    return answer;
  };
  const chain: Native["chain"] = (name, body) => call(portOf("http"), `/v1/chain/${name}`, body);
  return {
    chain,
    control: (name, body) => call(portOf("control", "http"), `/v1/producer/${name}`, body),
    info: async () => {
      const found = info.parse(await chain("get_info", {}));
      return {
        chainId: found.chain_id,
        head: found.head_block_num,
        headId: found.head_block_id,
        headTime: found.head_block_time,
        producer: found.head_block_producer,
        lib: found.last_irreversible_block_num,
      };
    },
    blockId: async (num) =>
      z.object({ id: z.string() }).parse(await chain("get_block", { block_num_or_id: num })).id,
  };
}
