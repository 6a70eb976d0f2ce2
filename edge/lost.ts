import { errorText, INTERNAL_ERROR, RESPONSE_TOO_LARGE } from "./call";
import { UpstreamError } from "./upstream";

/** What a client is told where there is no answer to its call; `id` is JSON text. */
export const lost = (id: string | undefined, outcome?: unknown): string =>
  outcome instanceof UpstreamError && outcome.tooLarge
    ? errorText(id, RESPONSE_TOO_LARGE, "response too large")
    : errorText(id, INTERNAL_ERROR, "no node answered in time");
