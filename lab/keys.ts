import { generateKeyPairSync, randomBytes } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import { PrivateKey } from "@wharfkit/antelope";
import { Wallet } from "ethers";
import { secretName } from "../components/core/naming";
import type { Plan } from "../components/core/plan/plan";
import { receiverSecret } from "../components/core/services/alertmanager";
import { BACKUP_PASSWORD } from "../components/core/services/backups";
import { SIGNING_KEY } from "../components/core/services/nodeos-files";
import { S3_LOGIN, SNAPSHOT_KEY } from "../components/core/services/snapshots";
import { MINER_KEY } from "../components/core/services/tx-wrapper";
import { STACK_AUTHORITY } from "../components/core/tls/certificate";
import { makeAuthority } from "../tls/authority";
import { tlsSecretNames } from "../tls/host-secrets";
import { readJson } from "./read-json";
import { sshKeyPair } from "./ssh-key";

/** Everything secret of one lab, and the public halves. Born with the lab, gone with it. */
export interface LabKeys {
  /** The operator's own, to log in with. */
  ssh: KeyPair;
  /** Per host: by what it is known at the first connection. */
  hosts: Record<string, KeyPair>;
  /** Per host that produces. */
  signing: Record<string, KeyPair>;
  /** By the name that the plan gives them. */
  secrets: Record<string, string>;
  /** An EVM account with funds from the genesis, for a first transaction. */
  account: { address: string; privateKey: string };
}

export interface KeyPair {
  private: string;
  public: string;
}

const RECEIVER = receiverSecret("");
/** The port that discards: the lab does not know whom its alerts are for. */
const NOBODY = "http://127.0.0.1:9/";

/** The lab's keys, with those added that new hosts need. Existing ones are never made anew. */
export function keysFor(path: string, plan: Plan): LabKeys {
  const { given, made } = tlsSecretNames(plan);
  const keys = plan.hosts.reduce(
    (known, host) => addHost(known, host, made),
    withAuthority(readJson<LabKeys>(path) ?? firstKeys(), plan.stack, given),
  );
  writeFileSync(`${path}.part`, JSON.stringify(keys, null, 2), { mode: 0o600 });
  renameSync(`${path}.part`, path);
  return keys;
}

function firstKeys(): LabKeys {
  const { address, privateKey } = Wallet.createRandom();
  return {
    ssh: sshKeyPair("nodewright-lab"),
    hosts: {},
    signing: {},
    secrets: {},
    account: { address, privateKey },
  };
}

/** The one of the stack, where its hosts want certificates: the only one that the lab makes. */
function withAuthority(keys: LabKeys, stack: string, wanted: readonly string[]): LabKeys {
  if (wanted.every((name) => keys.secrets[name] !== undefined)) return keys;
  const { certificate, key } = makeAuthority(stack, new Date());
  const made = { [STACK_AUTHORITY.certificate]: certificate, [STACK_AUTHORITY.key]: key };
  return { ...keys, secrets: { ...keys.secrets, ...made } };
}

function addHost(keys: LabKeys, host: Plan["hosts"][number], issued: readonly string[]): LabKeys {
  const { name } = host;
  const signing = host.producer ? { [name]: keys.signing[name] ?? nativePair() } : {};
  const values: Record<string, () => string> = {
    [SIGNING_KEY]: () => signing[name]?.private ?? nativePair().private,
    [MINER_KEY]: () => nativePair().private,
    [SNAPSHOT_KEY]: snapshotKey,
    [BACKUP_PASSWORD]: () => randomBytes(24).toString("base64url"),
    [S3_LOGIN]: () => `lab:${randomBytes(24).toString("base64url")}`,
  };
  const own = host.secrets.filter((secret) => !issued.includes(secretName(name, secret)));
  const secrets = own.map((secret) => {
    const key = secretName(name, secret);
    const make = secret.startsWith(RECEIVER) ? () => NOBODY : values[secret];
    if (!make && keys.secrets[key] === undefined)
      throw new Error(`the lab cannot make a value for the secret ${key}`);
    return [key, keys.secrets[key] ?? make?.()];
  });
  return {
    ...keys,
    hosts: { ...keys.hosts, [name]: keys.hosts[name] ?? sshKeyPair(name) },
    signing: { ...keys.signing, ...signing },
    secrets: { ...keys.secrets, ...Object.fromEntries(secrets) },
  };
}

const snapshotKey = (): string =>
  generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");

function nativePair(): KeyPair {
  const key = PrivateKey.generate("K1");
  return { private: key.toString(), public: key.toPublic().toString() };
}
