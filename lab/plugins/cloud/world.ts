import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { type Properties, plainProperties } from "../value";
import { CloudError } from "./cloud-type";

const bag = z.record(z.string(), z.unknown());
const entrySchema = z.strictObject({ inputs: bag, outputs: bag });
const fileSchema = z.strictObject({
  /** Most resources of a type, by its token: what the account's quota allows. */
  limits: z.record(z.string(), z.number()).default({}),
  /** How many ids were drawn so far; ids are never used again. */
  drawn: z.number().default(0),
  resources: z.record(z.string(), z.record(z.string(), entrySchema)).default({}),
});
type WorldFile = z.infer<typeof fileSchema>;

/** A cloud knows its resources' secrets, and so does this file. */
const PRIVATE = { mode: 0o600 };

/** What the cloud holds of one resource. */
export interface Entry {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** All that exists in one simulated cloud, in memory and in one JSON file. */
class Store {
  readonly path: string;
  readonly data: WorldFile;
  /** Counts changes; tells whether something still happens. */
  changes = 0;
  private writing: Promise<void> | undefined;
  private waiting: Promise<void> | undefined;

  constructor(path: string) {
    this.path = path;
    const text = existsSync(path) ? readFileSync(path, "utf8") : "{}";
    const parsed = fileSchema.safeParse(JSON.parse(text));
    if (!parsed.success) throw new CloudError(`${path} is no world: ${z.prettifyError(parsed.error)}`);
    this.data = parsed.data;
  }

  /** Resolves when what is in memory now is on the disk. Many waiting at once share one write. */
  save(): Promise<void> {
    if (!this.writing) {
      this.writing = this.write().finally(() => {
        this.writing = undefined;
      });
      return this.writing;
    }
    this.waiting ??= this.writing
      .catch(() => {})
      .then(() => {
        this.waiting = undefined;
        return this.save();
      });
    return this.waiting;
  }

  saveNow(): void {
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(unfinished(this.path), this.text(), PRIVATE);
    renameSync(unfinished(this.path), this.path);
  }

  private async write(): Promise<void> {
    // One turn of the event loop: creates that arrived together go into this write.
    await new Promise((done) => setImmediate(done));
    mkdirSync(dirname(this.path), { recursive: true });
    await writeFile(unfinished(this.path), this.text(), PRIVATE);
    await rename(unfinished(this.path), this.path);
  }

  private text(): string {
    return `${JSON.stringify(this.data, null, 1)}\n`;
  }
}

function unfinished(path: string): string {
  return `${path}.${process.pid}`;
}

/** One provider's view of the world: the shared store, and the provider's own settings. */
export class World {
  constructor(
    private readonly store: Store,
    /** What the cloud's `settings` made of the provider's configuration: region, project. */
    readonly config: Properties,
  ) {}

  get(token: string, id: string): Entry | undefined {
    const found = this.store.data.resources[token]?.[id];
    return found && { id, ...found };
  }

  /** All of one type, in the order of their creation. */
  all(token: string): Entry[] {
    return Object.entries(this.store.data.resources[token] ?? {}).map(([id, entry]) => ({ id, ...entry }));
  }

  /** How many changes this process made so far. */
  get changes(): number {
    return this.store.changes;
  }

  /** The first of one type whose inputs (or, where they lack it, outputs) hold this value. */
  findBy(token: string, property: string, value: unknown): Entry | undefined {
    return this.all(token).find((entry) => (entry.inputs[property] ?? entry.outputs[property]) === value);
  }

  count(token: string): number {
    return Object.keys(this.store.data.resources[token] ?? {}).length;
  }

  limit(token: string): number | undefined {
    return this.store.data.limits[token];
  }

  /** A number never drawn before in this world: 1, 2, 3 … */
  draw(): number {
    this.store.data.drawn += 1;
    return this.store.data.drawn;
  }

  /** An id as AWS writes them, never drawn before in this world: `vol-` and 17 hex digits. */
  nextId(prefix: string, digits = 17): string {
    return prefix + createHash("sha256").update(String(this.draw())).digest("hex").slice(0, digits);
  }

  /** Takes a resource in or lays the new entry over the old one; on the disk after {@link saved}. */
  put(token: string, id: string, entry: { inputs: Properties; outputs: Properties }): void {
    this.store.data.resources[token] ??= {};
    const ofType = this.store.data.resources[token];
    ofType[id] = entry;
    this.store.changes += 1;
  }

  /** Forgets a resource, as if somebody had deleted it by hand; on the disk after {@link saved}. */
  drop(token: string, id: string): void {
    delete this.store.data.resources[token]?.[id];
    this.store.changes += 1;
  }

  saved(): Promise<void> {
    return this.store.save();
  }
}

const stores = new Map<string, Store>();

/** The file of one cloud's world in the folder. */
export function worldFile(folder: string, cloud: string): string {
  return join(folder, `${cloud}.json`);
}

/** The world of a plugin: providers of one process (several regions) share what is in it. */
export function sharedWorld(path: string, config: Properties): World {
  const store = stores.get(path) ?? new Store(path);
  stores.set(path, store);
  return new World(store, config);
}

/** A world opened by a person or a test, between two runs of the engine, to make drift. */
export interface OpenWorld {
  /** All ids of a type. */
  readonly ids: (token: string) => string[];
  readonly get: (token: string, id: string) => Entry | undefined;
  /** Lays `inputs` (undefined removes a member) and `outputs` over a resource, as a hand in the console would. */
  readonly change: (token: string, id: string, inputs: Properties, outputs?: Properties) => void;
  readonly remove: (token: string, id: string) => void;
  /** Adds a resource that no program made. */
  readonly add: (token: string, id: string, inputs: Properties, outputs?: Properties) => void;
  /** Sets the account's quota of a type: how many may exist. */
  readonly limit: (token: string, most: number) => void;
}

/**
 * Opens the world of `cloud` (`aws`) in the folder that NODEWRIGHT_CLOUD_WORLD names. Every change is on the disk when
 * the function returns. Not for use while the engine runs: the plugin keeps its world in memory.
 */
export function openWorld(folder: string, cloud: string): OpenWorld {
  const path = worldFile(folder, cloud);
  const edit = (
    token: string,
    id: string,
    entry: { inputs: Properties; outputs: Properties } | undefined,
  ) => {
    const store = new Store(path);
    const world = new World(store, {});
    if (entry) world.put(token, id, entry);
    else world.drop(token, id);
    store.saveNow();
  };
  const read = () => new World(new Store(path), {});
  return {
    ids: (token) =>
      read()
        .all(token)
        .map((entry) => entry.id),
    get: (token, id) => read().get(token, id),
    add: (token, id, inputs, outputs = {}) => edit(token, id, { inputs, outputs }),
    remove: (token, id) => edit(token, id, undefined),
    change: (token, id, inputs, outputs = {}) => {
      const entry = read().get(token, id);
      if (!entry) throw new Error(`${path} holds no ${token} ${id}`);
      const laid = plainProperties({ ...entry.inputs, ...inputs });
      edit(token, id, { inputs: laid, outputs: { ...entry.outputs, ...outputs } });
    },
    limit: (token, most) => {
      const store = new Store(path);
      store.data.limits[token] = most;
      store.saveNow();
    },
  };
}
