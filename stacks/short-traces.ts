const FRAMES = 3;

/**
 * Runs work that registers resources. The SDK takes a stack trace for each property of each resource and looks every frame
 * up in source maps: of Node's ten frames, that is half the time that a program of a hundred hosts takes. Three still say
 * where an error comes from. Positions of resources are not touched: for them the SDK asks for all frames itself.
 */
export function withShortTraces<Value>(work: () => Value): Value {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Math.min(FRAMES, stackTraceLimit);
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
