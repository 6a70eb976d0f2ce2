import { METHODS } from "./methods";

/** docs/methods.md, from the catalog. */
export const methodsPage = (): string =>
  [
    "# Methods",
    "",
    "What the edge does with each, from `components/core/edge/methods.ts`; a test keeps this page true. `read` and `heavy` go to a",
    "node, `price` and `write` to the transaction wrapper, `local` to a node and, where it has no such method, to the gateway itself;",
    "`subscription` needs a WebSocket; `denied` and all that is not here get `-32601`. Cost: units of a client's limit.",
    "",
    "| method | class | cost | source |",
    "|---|---|---|---|",
    ...METHODS.map(({ name, class: kind, cost, source }) => `| ${name} | ${kind} | ${cost} | ${source} |`),
    "",
  ].join("\n");
