import { type Call, callText } from "./call";
import type { EdgeContext } from "./context";
import { lost } from "./lost";
import { NodeAnswer } from "./node-answer";
import { outcomeOf } from "./nodes";
import type { SharedQuestions } from "./shared-questions";
import { post, UpstreamError } from "./upstream";

export type Prices = SharedQuestions<NodeAnswer | UpstreamError | undefined>;

/** Clients ask the same of the wrapper all the time: those who ask while a question is under way share its answer. */
export async function price(call: Call, { settings, prices }: EdgeContext): Promise<string> {
  const text = callText(call, "0");
  const answer = await prices.ask(text, async () => {
    const outcome = await outcomeOf(post(`${settings.inside}/price`, text, settings.timeouts.read, 1 << 20));
    if (outcome instanceof UpstreamError) return outcome;
    return outcome.status < 500 ? NodeAnswer.of(outcome.text) : undefined;
  });
  return answer instanceof NodeAnswer ? answer.withId(call.id ?? "null") : lost(call.id, answer);
}
