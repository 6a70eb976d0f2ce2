import { z } from "zod";
import type { EtcdCall } from "./etcd-client";

/** A key as etcd has it: revisions tell which write made it, and which was its last. */
export interface Entry {
  value: string;
  created: string;
  modified: string;
}

/** What must be so for a transaction to be carried out. */
export type Condition = { key: string; is: "absent" } | { key: string; is: "at"; modified: string };

export type Write = { put: string; value: string; lease?: string } | { remove: string };

/** Keys of etcd with leases and transactions; every call goes through its quorum. Throws EtcdError. */
export interface EtcdStore {
  /** Every key below a prefix. */
  below(prefix: string): Promise<Map<string, Entry>>;
  /** A lease for so many seconds from when the quorum has it: no sooner than this was called. Answers with its id. */
  grant(seconds: number): Promise<string>;
  /** All writes or none; answers with the revision, or undefined where a condition does not hold. */
  transact(conditions: readonly Condition[], writes: readonly Write[]): Promise<string | undefined>;
}

const entry = z.object({
  key: z.string(),
  value: z.string().default(""),
  create_revision: z.string(),
  mod_revision: z.string(),
});
const range = z.object({ kvs: z.array(entry).default([]) });
const granted = z.object({ ID: z.string(), TTL: z.string() });
const transaction = z.object({
  header: z.object({ revision: z.string() }),
  succeeded: z.boolean().default(false),
});

const encode = (text: string): string => Buffer.from(text).toString("base64");
const decode = (text: string): string => Buffer.from(text, "base64").toString();

/** The first key after all that begin with a prefix, as etcd wants a range's end. */
function endOf(prefix: string): string {
  const bytes = Buffer.from(prefix);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) + 1;
  return bytes.toString("base64");
}

export const etcdStore = (call: EtcdCall): EtcdStore => ({
  below: async (prefix) => {
    const { kvs } = range.parse(
      await call("/v3/kv/range", { key: encode(prefix), range_end: endOf(prefix) }),
    );
    return new Map(
      kvs.map(({ key, value, create_revision, mod_revision }) => [
        decode(key).slice(prefix.length),
        { value: decode(value), created: create_revision, modified: mod_revision },
      ]),
    );
  },
  grant: async (seconds) => {
    const { ID, TTL } = granted.parse(await call("/v3/lease/grant", { TTL: String(Math.ceil(seconds)) }));
    // etcd never grants less than it was asked for; if it did, the fence would come too late.
    if (Number(TTL) < seconds) throw new Error(`etcd granted ${TTL} s for ${seconds} s`);
    return ID;
  },
  transact: async (conditions, writes) => {
    const answer = transaction.parse(
      await call("/v3/kv/txn", { compare: conditions.map(compare), success: writes.map(operation) }),
    );
    return answer.succeeded ? answer.header.revision : undefined;
  },
});

const compare = (condition: Condition) =>
  condition.is === "absent"
    ? { key: encode(condition.key), target: "CREATE", result: "EQUAL", create_revision: "0" }
    : { key: encode(condition.key), target: "MOD", result: "EQUAL", mod_revision: condition.modified };

const operation = (write: Write) =>
  "remove" in write
    ? { request_delete_range: { key: encode(write.remove) } }
    : {
        request_put: {
          key: encode(write.put),
          value: encode(write.value),
          ...(write.lease === undefined ? {} : { lease: write.lease }),
        },
      };
