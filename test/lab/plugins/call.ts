import type { Call } from "../../../lab/plugins/resource";

interface TestCall extends Call {
  readonly lines: string[];
  readonly abort: () => void;
}

/** A request's surroundings: keeps what would be shown to the operator. */
export function testCall(): TestCall {
  const controller = new AbortController();
  const lines: string[] = [];
  return {
    urn: "urn:pulumi:test::plugins::test:index:Thing::thing",
    signal: controller.signal,
    log: (_severity, line) => lines.push(line),
    lines,
    abort: () => controller.abort(),
  };
}

/** The message of the error that a promise ends with. */
export async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("it did not fail");
}

/** Waits until something was shown to the operator. */
export async function firstLine(call: TestCall): Promise<void> {
  while (call.lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
}
