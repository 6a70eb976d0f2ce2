import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { Checksum256, PrivateKey } from "@wharfkit/antelope";

/** What a way to a hardware signer does: a digest on standard input, the signature on standard output. */
async function main([file = ""]: readonly string[]): Promise<void> {
  const key = PrivateKey.from(readFileSync(file, "utf8").trim());
  const digest = (await text(process.stdin)).trim();
  process.stdout.write(`${key.signDigest(Checksum256.from(digest))}\n`);
}

void main(process.argv.slice(2));
