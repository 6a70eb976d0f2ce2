import type { Method } from "../components/core/edge/methods";
import type { Counters } from "./counters";
import type { Pool } from "./pool";
import type { Prices } from "./price";
import type { EdgeSettings } from "./settings";
import type { Writers } from "./writers";

/** What answering a call needs. */
export interface EdgeContext {
  /** One object for as long as the gateway runs; its members change at a reload, so they are looked at where they are needed. */
  readonly settings: EdgeSettings;
  methods: ReadonlyMap<string, Method>;
  pool: Pool;
  writers: Writers;
  prices: Prices;
  counters: Counters;
}
