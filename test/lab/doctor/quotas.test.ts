import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { askQuotas } from "../../../lab/doctor/ask-quotas";
import { judgeStack } from "../../../lab/doctor/judge-stack";
import { judgeQuotas, type Quotas } from "../../../lab/doctor/quotas";
import { stackFacts } from "../../../lab/doctor/stack-facts";
import { planOf } from "../../../stacks/load";

const WHERE = { taken: "2 × a", where: "eu" };

describe("the account's limits", () => {
  const states = (quotas: Quotas) => judgeQuotas(quotas, WHERE).map(({ state }) => state);

  it("stand in the way where the stack takes more, and may where others use them", () => {
    const limits = [
      { what: "droplets", limit: 10, takes: 10 },
      { what: "volumes", limit: 10, takes: 11 },
      { what: "CPUS", limit: 10, used: 4, takes: 6 },
      { what: "N2_CPUS", limit: 10, used: 5, takes: 6 },
    ];
    expect(states({ limits })).to.deep.equal(["ok", "fix", "ok", "note"]);
    expect(judgeQuotas({ limits }, WHERE)[1]?.remedy).to.include("a higher limit of volumes");
  });

  it("are for people to compare where nobody could ask, with the reason", () => {
    const [line] = judgeQuotas({ unasked: "the command aws is not installed" }, WHERE);
    expect(line?.said).to.include("the command aws is not installed").and.include("2 × a");
    expect(line?.state).to.equal("unasked");
  });
});

describe("asking for an account's limits", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "nodewright-quotas-"));
  after(() => rmSync(folder, { recursive: true }));

  /** A command of that name which writes down how it was called, and answers by a shell's words. */
  const command = (name: string, answer: string): NodeJS.ProcessEnv => {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\necho "$@" >> "${path}.calls"\n${answer}\n`);
    chmodSync(path, 0o755);
    return { PATH: `${folder}:/usr/bin:/bin` };
  };

  it("asks AWS by its own command, for cores and addresses of the region", async () => {
    const answer =
      'case "$*" in *L-1216C47A*) echo \'{"Quota":{"Value":5}}\';; *) echo \'{"Quota":{"Value":500}}\';; esac';
    const quotas = await askQuotas(planOf("eos-aws").plan, command("aws", answer));
    if (!quotas || "unasked" in quotas) throw new Error(quotas?.unasked);
    const [cores, addresses] = quotas.limits;
    expect(cores).to.include({ limit: 5 });
    expect(cores?.takes).to.be.above(50);
    expect(addresses?.what).to.include("Elastic IPs in eu-central-1");
    expect(addresses?.takes).to.be.within(1, 20);
    const lines = judgeStack("eos-aws", stackFacts("eos-aws", CREDENTIALS), [], quotas);
    expect(lines.filter(({ what }) => what === "quotas").map(({ state }) => state)).to.deep.equal([
      "fix",
      "ok",
    ]);
  });

  it("asks Google by gcloud, by family where the region counts so", async () => {
    const quotas = [
      { metric: "CPUS", limit: 1000, usage: 3 },
      { metric: "N2_CPUS", limit: 8, usage: 2 },
      { metric: "NETWORKS", limit: 5, usage: 1 },
    ];
    const environment = command("gcloud", `echo '${JSON.stringify({ quotas })}'`);
    const asked = await askQuotas(planOf("eos-gcp").plan, environment);
    if (!asked || "unasked" in asked) throw new Error(asked?.unasked);
    const metrics = asked.limits.map(({ what }) => what.split(" ")[0]);
    expect(metrics).to.not.include("NETWORKS");
    expect(metrics.length).to.be.above(0);
    for (const { takes } of asked.limits) expect(takes).to.be.above(0);
  });

  it("says why a command gave no answer, in a line", async () => {
    const denied = command("aws", 'echo "An error occurred (AccessDenied)" >&2; echo more >&2; exit 254');
    expect(await askQuotas(planOf("eos-aws").plan, denied)).to.deep.equal({
      unasked: "An error occurred (AccessDenied)",
    });
    expect(await askQuotas(planOf("eos-aws").plan, { PATH: "/nowhere" })).to.deep.equal({
      unasked: "the command aws is not installed",
    });
  });

  it("asks DigitalOcean by its API, with the token, and tells of no token what it is", async () => {
    const seen: IncomingMessage[] = [];
    const server = createServer((request, response) => {
      seen.push(request);
      const isKnown = request.headers.authorization === "Bearer of-a-test";
      response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json" });
      response.end(
        JSON.stringify({ account: { droplet_limit: 3, volume_limit: 100, email: "ada@example.org" } }),
      );
    });
    const api = await listening(server);
    const ask = (token: string) =>
      askQuotas(planOf("eos-digitalocean").plan, { DIGITALOCEAN_TOKEN: token, DIGITALOCEAN_API_URL: api });
    const [known, unknown] = [await ask("of-a-test"), await ask("shown-to-nobody")];
    server.close();
    expect(seen.map(({ url }) => url)).to.deep.equal(["/v2/account", "/v2/account"]);
    if (!known || "unasked" in known) throw new Error(known?.unasked);
    expect(known.limits.map(({ what, limit }) => [what, limit])).to.deep.equal([
      ["droplets", 3],
      ["volumes", 100],
    ]);
    expect(judgeQuotas(known, WHERE)[0]?.state).to.equal("fix");
    expect(unknown).to.deep.equal({ unasked: "DigitalOcean answered 401 to GET /v2/account" });
  });

  it("asks nobody for machines that are there", async () => {
    expect(await askQuotas(planOf("eos-metal").plan, {})).to.equal(undefined);
  });
});

const CREDENTIALS = { AWS_ACCESS_KEY_ID: "of-a-test", AWS_SECRET_ACCESS_KEY: "of-a-test", PATH: "" };

function listening(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      resolve(`http://127.0.0.1:${port}`);
    });
  });
}
