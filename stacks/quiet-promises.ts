interface Debuggable {
  debuggablePromise<Value>(promise: Promise<Value>, context: string): Promise<Value>;
}

/**
 * The SDK takes a stack trace for each property of each resource, to tell of promises that never settle, and looks every
 * frame up in source maps: half the time that a program of a hundred hosts takes. They are left out unless somebody asks for
 * them, in the way that the SDK has for it. Errors keep all their frames.
 */
export function quietPromises(): void {
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS) return;
  // Not among the SDK's own exports; where a later version has it elsewhere, programs are slower and do the same.
  let sdk: Debuggable;
  try {
    sdk = require("@pulumi/pulumi/runtime/debuggable") as Debuggable;
  } catch {
    return;
  }
  const traced = sdk.debuggablePromise;
  sdk.debuggablePromise = (promise, context) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return traced(promise, context);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}
