import { keccak_256 } from "@noble/hashes/sha3.js";
import { z } from "zod";
import { type Call, callText, errorText, INTERNAL_ERROR, INVALID_PARAMS, resultText } from "./call";
import { NodeAnswer } from "./node-answer";
import type { EdgeSettings, Server } from "./settings";
import { post, UpstreamError } from "./upstream";

/** A writer that says so has the transaction, by whatever way it came there. */
const KNOWN = /already known|already imported|known transaction|duplicate transaction|tx_duplicate/i;
/** The writer's own way to the chain is gone: another one may have a better. eos-evm-miner passes on what fetch says. */
const WAY_LOST =
  /ECONN|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|fetch failed|socket hang up|network|timed? ?out|\b50[234]\b/i;

const paramsSchema = z.tuple([z.string().regex(/^0x([0-9a-f]{2})+$/i)]);
const errorSchema = z.object({ error: z.object({ message: z.string() }) });

const REMEMBERED = 10_000;
const REMEMBER_MS = 60_000;
/** How long the chain is asked for a transaction whose writer broke off. */
const SETTLE_MS = 4_000;
const ASK_AGAIN_MS = 250;

/** An answer, its id still open. */
type Outcome = (id: string | undefined) => string;

/** Sends signed transactions: each at most once to each writer, however often a client asks while it is under way. */
export class Writers {
  private readonly known = new Map<string, Promise<Outcome>>();

  constructor(private readonly settings: Pick<EdgeSettings, "writers" | "timeouts" | "inside">) {}

  get none(): boolean {
    return this.settings.writers.length === 0;
  }

  async send(call: Call): Promise<string> {
    const params = paramsSchema.safeParse(call.params === undefined ? undefined : JSON.parse(call.params));
    if (!params.success)
      return errorText(call.id, INVALID_PARAMS, "give one signed transaction as a hex string");
    const raw = params.data[0].toLowerCase();
    let outcome = this.known.get(raw);
    if (!outcome) {
      outcome = this.deliver(raw, call);
      this.remember(raw, outcome);
    }
    return (await outcome)(call.id);
  }

  /** What went well stays known for a while; what failed may be tried again at once. */
  private remember(raw: string, outcome: Promise<Outcome>): void {
    this.known.set(raw, outcome);
    const forget = () => {
      if (this.known.get(raw) === outcome) this.known.delete(raw);
    };
    void outcome.then((answer) => {
      if (!answer("0").includes('"result"')) forget();
      else setTimeout(forget, REMEMBER_MS).unref();
    }, forget);
    const [oldest] = this.known.keys();
    if (this.known.size > REMEMBERED && oldest !== undefined) this.known.delete(oldest);
  }

  private async deliver(raw: string, call: Call): Promise<Outcome> {
    const hash = hashOf(raw);
    let uncertain = false;
    let last: Outcome = (id) => errorText(id, INTERNAL_ERROR, "no writer is ready");
    for (const writer of this.settings.writers) {
      const attempt = await this.attempt(writer, call);
      if (attempt.kind === "unsent") continue;
      if (attempt.kind === "lost") {
        uncertain = true;
        continue;
      }
      if (KNOWN.test(attempt.message)) return (id) => resultText(id, JSON.stringify(hash));
      last = attempt.outcome;
      if (attempt.message === "") return last;
      // The one before may have got it through: then this one says that its nonce is used.
      if (uncertain) break;
      if (!WAY_LOST.test(attempt.message)) return last;
    }
    if (!uncertain) return last;
    if (await this.isOnChain(hash)) return (id) => resultText(id, JSON.stringify(hash));
    const advice = `it is not known whether the transaction was sent: ask for the receipt of ${hash} before you sign it anew`;
    return (id) => errorText(id, INTERNAL_ERROR, advice);
  }

  private async attempt({ url }: Server, call: Call): Promise<Attempt> {
    try {
      // A connection of its own: on a kept one that has just ended nobody could say whether it was sent.
      const { status, text } = await post(
        url,
        callText(call, "0"),
        this.settings.timeouts.write,
        1 << 20,
        false,
      );
      const answer = NodeAnswer.of(text);
      if (!answer) return { kind: "lost" };
      const failed = errorSchema.safeParse(JSON.parse(text));
      const message = failed.success ? failed.data.error.message || `status ${status}` : "";
      return { kind: "answered", message, outcome: (id) => answer.withId(id ?? "null") };
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      return { kind: error.sent ? "lost" : "unsent" };
    }
  }

  private async isOnChain(hash: string): Promise<boolean> {
    const ask = `{"jsonrpc":"2.0","id":1,"method":"eth_getTransactionByHash","params":["${hash}"]}`;
    for (const until = Date.now() + SETTLE_MS; Date.now() < until; ) {
      const found = await post(
        `${this.settings.inside}/read`,
        ask,
        this.settings.timeouts.read,
        1 << 20,
      ).then(
        ({ text }) => text.includes(hash),
        () => false,
      );
      if (found) return true;
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
    return false;
  }
}

type Attempt =
  | { kind: "unsent" }
  /** Sent, and nobody knows what came of it. */
  | { kind: "lost" }
  /** `message` is empty for a success. */
  | { kind: "answered"; message: string; outcome: Outcome };

const hashOf = (raw: string): string =>
  `0x${Buffer.from(keccak_256(Buffer.from(raw.slice(2), "hex"))).toString("hex")}`;
