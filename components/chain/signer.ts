import { spawn } from "node:child_process";
import { type Checksum256, PrivateKey, Signature } from "@wharfkit/antelope";
import { z } from "zod";
import { normalKey } from "../core/chain/authority";
import type { SignerChoice } from "../core/config/chain";
import { UserError } from "../core/config/finding";

/** What signs with keys that stay where they are. */
export interface Signer {
  /** `PUB_K1_…` */
  keys: string[];
  /** `SIG_K1_…` over a digest. */
  sign(digest: Checksum256, key: string): Promise<string>;
}

/** All signers of a stack. Throws a `UserError` with every one that cannot be used. */
export async function openSigners(
  choices: readonly SignerChoice[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Signer[]> {
  const opened = await Promise.allSettled(choices.map((choice) => open(choice, env)));
  const problems = opened.flatMap((each, index) =>
    each.status === "rejected" ? [`chain.signers[${index}]  ${(each.reason as Error).message}`] : [],
  );
  if (problems.length > 0) throw new UserError(problems.join("\n"));
  return opened.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
}

async function open(choice: SignerChoice, env: NodeJS.ProcessEnv): Promise<Signer> {
  if ("env" in choice) return fromEnvironment(choice.env, env[choice.env]);
  if ("keosd" in choice) return fromKeosd(choice.keosd);
  const { program, keys } = choice;
  return { keys: keys.map(normalKey), sign: (digest, key) => byProgram(program, String(digest), key) };
}

function fromEnvironment(name: string, value: string | undefined): Signer {
  if (value === undefined || value === "")
    throw new UserError(`${name} is not in the environment: set it to the private key before pulumi runs`);
  let key: PrivateKey;
  try {
    key = PrivateKey.from(value.trim());
  } catch {
    throw new UserError(`${name} holds no private key: PVT_K1_… or 5… is one`);
  }
  return { keys: [key.toPublic().toString()], sign: async (digest) => key.signDigest(digest).toString() };
}

async function fromKeosd(url: string): Promise<Signer> {
  const call = async (name: string, body: unknown): Promise<unknown> => {
    const response = await fetch(`${url.replace(/\/$/, "")}/v1/wallet/${name}`, {
      method: "POST",
      body: JSON.stringify(body),
    }).catch(() => {
      throw new UserError(`no keosd answers at ${url}: start it, and unlock the wallet`);
    });
    const answer: unknown = await response.json();
    if (!response.ok)
      throw new UserError(`keosd at ${url} refuses ${name}: is the wallet open and unlocked?`);
    return answer;
  };
  const keys = z.array(z.string()).parse(await call("get_public_keys", {}));
  const given = new Map(keys.map((key) => [normalKey(key), key]));
  return {
    keys: [...given.keys()],
    sign: async (digest, key) =>
      z.string().parse(await call("sign_digest", [String(digest), given.get(key)])),
  };
}

/** The program gets the key as its last argument and the digest, 64 digits, on standard input; it prints a signature. */
function byProgram([file = "", ...args]: readonly string[], digest: string, key: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args, key], { stdio: ["pipe", "pipe", "inherit"] });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
    child.on("error", (cause) => reject(new UserError(`cannot run the signer ${file}: ${cause.message}`)));
    child.on("close", (code) => {
      const signature = printed.trim();
      if (code === 0 && /^SIG_/.test(signature)) resolve(signature);
      else reject(new UserError(`the signer ${file} ended with ${code} and printed no signature`));
    });
    child.stdin.on("error", () => {});
    child.stdin.end(`${digest}\n`);
  });
}

/** Signatures over a digest, one for each of these keys. Each is verified: a device may have signed something else. */
export async function signatures(
  signers: readonly Signer[],
  digest: Checksum256,
  keys: readonly string[],
): Promise<string[]> {
  const made: string[] = [];
  for (const key of keys) {
    const signer = signers.find((each) => each.keys.includes(key));
    if (!signer) throw new UserError(`no signer has the key ${key}`);
    const signature = await signer.sign(digest, key);
    if (Signature.from(signature).recoverDigest(digest).toString() !== key)
      throw new UserError(
        `the signer of ${key} gave a signature that is not by that key over this transaction`,
      );
    made.push(signature);
  }
  return made;
}
