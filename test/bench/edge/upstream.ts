import { createServer } from "node:http";

/**
 * An EVM node as far as load goes: one block a second, every call answered at once, or one after the other where a time for
 * each is given. Started as a program of its own, with its port and that time in ms as arguments.
 */
interface Call {
  id?: unknown;
  method: string;
  params?: unknown[];
}

const hex = (value: number) => `0x${value.toString(16)}`;
const head = () => Math.floor(Date.now() / 1000);
/** An account's answer to `eth_call`: one word. */
const WORD = `0x${"00".repeat(31)}2a`;

const block = () => ({ number: hex(head()), timestamp: hex(head()), hash: WORD, parentHash: WORD });
const RESULTS: Record<string, () => unknown> = {
  eth_blockNumber: () => hex(head()),
  eth_getBlockByNumber: block,
  eth_chainId: () => hex(15_555),
  eth_syncing: () => false,
};

const answerTo = ({ id = null, method }: Call) => ({
  jsonrpc: "2.0",
  id,
  result: (RESULTS[method] ?? (() => WORD))(),
});

/** What a node's small answers look like, ready made: the load's own calls all have the id 1. */
const SMALL = JSON.stringify(answerTo({ id: 1, method: "eth_call" }));

function answer(body: string): string {
  if (body.includes('"id":1,') && !body.startsWith("[") && body.includes("eth_call")) return SMALL;
  const calls = JSON.parse(body) as Call | Call[];
  return JSON.stringify(Array.isArray(calls) ? calls.map(answerTo) : answerTo(calls));
}

const [port, serviceMs = 0] = process.argv.slice(2).map(Number);
let freeAt = 0;

/** When the one before is done, and its own time is over: reckoned from the clock, so that late timers do not add up. */
function inTurn(send: () => void): void {
  freeAt = Math.max(freeAt, performance.now()) + serviceMs;
  setTimeout(send, freeAt - performance.now());
}

createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const text = answer(Buffer.concat(parts).toString());
    const send = () => {
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
      });
      response.end(text);
    };
    if (text === SMALL && serviceMs > 0) inTurn(send);
    else send();
  });
}).listen(port, "127.0.0.1");
