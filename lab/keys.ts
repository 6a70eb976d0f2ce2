import { renameSync, writeFileSync } from "node:fs";
import { PrivateKey } from "@wharfkit/antelope";
import { Wallet } from "ethers";
import { secretName } from "../components/core/naming";
import type { Plan } from "../components/core/plan/plan";
import { SIGNING_KEY } from "../components/core/services/nodeos-files";
import { MINER_KEY } from "../components/core/services/tx-wrapper";
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

/** The lab's keys, with those added that new hosts need. Existing ones are never made anew. */
export function keysFor(path: string, plan: Plan): LabKeys {
  const keys = plan.hosts.reduce(addHost, readJson<LabKeys>(path) ?? firstKeys());
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

function addHost(keys: LabKeys, host: Plan["hosts"][number]): LabKeys {
  const { name } = host;
  const signing = host.producer ? { [name]: keys.signing[name] ?? nativePair() } : {};
  const values: Record<string, () => string> = {
    [SIGNING_KEY]: () => signing[name]?.private ?? nativePair().private,
    [MINER_KEY]: () => nativePair().private,
  };
  const secrets = host.secrets.map((secret) => {
    const key = secretName(name, secret);
    const make = values[secret];
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

function nativePair(): KeyPair {
  const key = PrivateKey.generate("K1");
  return { private: key.toString(), public: key.toPublic().toString() };
}
