import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { OPERATOR_KEY, secretName } from "../components/core/naming";
import type { Plan } from "../components/core/plan/plan";
import type { LabContracts } from "./chain/contracts";
import { labChain } from "./chain/section";
import type { LabKeys } from "./keys";
import type { Room } from "./room";

/** What the lab made for the stack, beside what the user wrote. */
export interface Made {
  keys: LabKeys;
  /** Tag of the host image. */
  image: string;
  mirror: string;
  /** Docker API, as in DOCKER_HOST. */
  docker: string;
  /** Labels by which this lab knows what is its own, and never takes another folder's lab for it. */
  labels: Record<string, string>;
  /** What the accounts of its own chain run, where the stack file has a `chain` section. */
  contracts?: LabContracts;
}

/** Enough for any number of first transactions: a million units of 10^18 wei. */
const FUNDS = (10n ** 24n).toString();

type Settings = Record<string, unknown>;
interface StackYaml extends Settings {
  config: Settings;
}

/**
 * The user's stack file with what was made for it. Pure; secrets are not in it.
 * A value that the user gave is kept.
 */
export function joinSettings(
  written: StackYaml,
  plan: Plan,
  { keys, image, mirror, docker, labels, contracts }: Made,
): StackYaml {
  const get = (key: string): unknown => written.config[`nodewright:${key}`];
  const target = get("target") as { docker?: Settings };
  const hosts = get("hosts") as Record<string, Settings>;
  const evm = (get("evm") ?? {}) as { alloc?: Record<string, string> };
  const chain = get("chain") as Settings | undefined;
  return {
    ...written,
    config: {
      ...written.config,
      "nodewright:target": {
        docker: {
          image,
          mirror,
          host: docker,
          ...target.docker,
          labels: { ...(target.docker?.labels as Settings | undefined), ...labels },
        },
      },
      "nodewright:hosts": Object.fromEntries(
        Object.entries(hosts).map(([group, host]) => [group, { ...signing(group, plan, keys), ...host }]),
      ),
      "nodewright:sshKeys": [...((get("sshKeys") ?? []) as string[]), keys.ssh.public],
      "nodewright:evm": { alloc: { [keys.account.address]: FUNDS, ...evm.alloc } },
      ...(chain && contracts ? { "nodewright:chain": labChain(chain, plan, { keys, contracts }) } : {}),
    },
  };
}

/** The keys of an entry's hosts: one by itself, several by their names. */
function signing(group: string, plan: Plan, keys: LabKeys): Settings {
  const hosts = plan.hosts.filter((each) => each.group === group && each.producer);
  const made = hosts.flatMap(({ name }) => {
    const pair = keys.signing[name];
    return pair ? [[name, pair.public] as const] : [];
  });
  if (plan.failover?.groups.some((each) => each.group === group))
    return { signingKeys: Object.fromEntries(made) };
  return made[0] ? { signingKey: made[0][1] } : {};
}

/** All secrets of the stack, by name. */
export const secretsOf = (keys: LabKeys): Record<string, string> => ({
  ...keys.secrets,
  [OPERATOR_KEY]: keys.ssh.private,
  ...Object.fromEntries(
    Object.entries(keys.hosts).flatMap(([host, pair]) => [
      [secretName(host, "ssh-host-key"), pair.private],
      [secretName(host, "ssh-host-key-public"), pair.public],
    ]),
  ),
});

const SECRETS = "nodewright:secrets";

/**
 * Writes the Pulumi project of the lab. Secrets are encrypted by `encrypt`, which gets them as JSON and stores them under
 * the key that it is given; unchanged ones keep their encrypted form.
 */
export async function writeSettings(
  room: Room,
  settings: StackYaml,
  keys: LabKeys,
  encrypt: (key: string, value: string) => Promise<void>,
) {
  const before = existsSync(room.settings)
    ? (parse(readFileSync(room.settings, "utf8")) as StackYaml)
    : undefined;
  const secrets = JSON.stringify(secretsOf(keys));
  const digest = createHash("sha256").update(secrets).digest("hex");
  const digestFile = `${room.keys}.digest`;
  const kept =
    existsSync(digestFile) && readFileSync(digestFile, "utf8") === digest
      ? before?.config[SECRETS]
      : undefined;
  const encryptionsalt = before?.encryptionsalt;
  const config = { ...settings.config, ...(kept ? { [SECRETS]: kept } : {}) };
  writeFileSync(
    room.settings,
    stringify({ ...settings, ...(encryptionsalt ? { encryptionsalt } : {}), config }),
    { mode: 0o600 },
  );
  if (kept) return;
  await encrypt(SECRETS, secrets);
  writeFileSync(digestFile, digest, { mode: 0o600 });
}
