import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { BEGIN_ANEW } from "../../../agent/chain/anew";
import { NO_GATE } from "../../../agent/failover/gate";
import { runFailover } from "../../../agent/failover/run";
import { machine } from "../../../agent/system";
import { failoverSchema } from "../../../components/core/failover/settings";

/** The failover of a host as its unit runs it, but in a folder of its own and with no kernel to tell. */
const [settingsFile = "", fence = ""] = process.argv.slice(2);
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
const folder = dirname(settingsFile);
const say = (line: string): void => console.log(`${new Date().toISOString()} ${line}`);
const real = machine();

runFailover(
  {
    system: {
      ...real,
      // A disk that a test has filled.
      space: async (path) => ({
        ...(await real.space(path)),
        ...(existsSync(`${folder}/full`) ? { freeBytes: 0 } : {}),
      }),
    },
    settings: failoverSchema.parse(JSON.parse(readFileSync(settingsFile, "utf8"))),
    gate: NO_GATE,
    folder,
    statusFile: `${folder}/status.json`,
    anewFile: `${folder}${BEGIN_ANEW}`,
    data: folder,
    record: async (what) => say(`audit: ${what}`),
    say,
    // What the product has no switch for.
    ...(fence === "unfenced" ? { fences: false } : {}),
  },
  stop.signal,
).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
