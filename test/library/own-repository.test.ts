import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { prepareSetup } from "../../lab/engine/setup";
import { PROJECT } from "../../stacks/stack-file";
import { OwnRepository, run } from "./packed";

/** Fences of the page that name a file: ```` ```ts roles/lookout.ts ````. */
const filesOf = (page: string): [path: string, text: string][] =>
  [...page.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms)].map(([, path = "", text = ""]) => [path, text]);

const TYPES = {
  compilerOptions: {
    target: "es2022",
    module: "node16",
    moduleResolution: "node16",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
  },
  include: ["**/*.ts"],
};

interface Preview {
  steps: { op: string; urn: string; newState: { type: string; inputs: Record<string, unknown> } }[];
  changeSummary: Record<string, number>;
}

describe("a team's own repository, as its page tells", function () {
  this.timeout(900_000);
  const own = new OwnRepository();
  const page = filesOf(readFileSync(join(PROJECT, "docs", "own-repository.md"), "utf8"));
  let env: Record<string, string>;

  const pulumi = (...words: string[]) => run(["pulumi", ...words, "--non-interactive"], own.folder, env);

  before(async () => {
    for (const [path, text] of page) own.write(path, text);
    own.install();
    // Of an editor's, not of the page's: to see that its types hold.
    for (const name of ["typescript", "@types/node"])
      if (!existsSync(join(own.folder, "node_modules", name))) own.provide(name);
    own.write("tsconfig.json", JSON.stringify(TYPES));
    own.write("state/.keep", "");
    const setup = await prepareSetup(() => {});
    env = {
      ...setup.env,
      PULUMI_BACKEND_URL: `file://${join(own.folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "of a test",
    };
    // Hosts install by hash; what is not mirrored is not needed to plan.
    pulumi("stack", "init", "first");
  });
  after(() => own.remove());

  it("names the versions that this repository has", () => {
    const ours = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as Record<
      "dependencies" | "devDependencies",
      Record<string, string>
    >;
    const known = { ...ours.devDependencies, ...ours.dependencies };
    for (const [name, version] of Object.entries(own.manifest().dependencies))
      if (name !== "nodewright") expect(version, name).to.equal(known[name]);
  });

  it("gets a package without sources or tests, by one entry", () => {
    const packed = readdirSync(join(own.folder, "node_modules", "nodewright"));
    expect(packed).to.have.members(["LICENSE", "README.md", "dist", "lab", "library", "package.json"]);
    expect(() => own.node("-e", 'require("nodewright/dist/index.js")')).to.throw(
      "ERR_PACKAGE_PATH_NOT_EXPORTED",
    );
  });

  it("loads no cloud's SDK before it is asked for", () => {
    const loaded = JSON.parse(
      own.node("-p", 'require("nodewright"); JSON.stringify(Object.keys(require.cache))'),
    ) as string[];
    expect(loaded.length).to.be.greaterThan(10);
    expect(loaded.filter((path) => /@pulumi\/(aws|gcp|digitalocean|docker)\//.test(path))).to.deep.equal([]);
  });

  it("compiles against the package's types", () => {
    own.node(join(PROJECT, "node_modules", "typescript", "bin", "tsc"), "--project", ".");
  });

  it("plans its role, its service and its target", () => {
    const text = own.node("--require", "nodewright/typescript", "plan.ts", "first");
    for (const words of ["lookout", "acme-blackbox", "9116", "virtual machine first-seed"])
      expect(text).to.include(words);
  });

  it("previews on the real engine", () => {
    const { steps, changeSummary } = JSON.parse(pulumi("preview", "--stack", "first", "--json")) as Preview;
    const made = (type: string) => steps.filter(({ newState }) => newState.type === type);
    expect(changeSummary).to.have.all.keys("create");
    expect(made("acme:incus:Host")).to.have.length(3);
    expect(made("nodewright:ssh:HostChanges")).to.have.length(3);
    const machine = made("command:local:Command").find(({ urn }) => urn.endsWith("::lookout-machine"));
    expect(machine?.newState.inputs.create).to.include("incus init images:debian/12/cloud first-lookout");
    expect(machine?.newState.inputs.stdin).to.match(/^#cloud-config\n/);
  });

  it("is judged by the package's rules and its own, at the levels that its file says", () => {
    const words = ["preview", "--policy-pack", "policies", "--stack"];
    // As the page has it: the engine has written into the file itself by now.
    const loose = `${new Map(page).get("Pulumi.first.yaml")}  nodewright:protect: false\n`;
    for (const stack of ["loose", "scratch"]) {
      pulumi("stack", "init", stack);
      own.write(`Pulumi.${stack}.yaml`, loose);
    }
    expect(pulumi(...words, "first"))
      .to.include("nodewright@v1.0.0")
      .and.not.include("volume-protected");
    expect(() => pulumi(...words, "loose")).to.throw(
      /\[mandatory\]\s+volume-protected.*seed-data can be deleted/s,
    );
    expect(pulumi(...words, "scratch")).to.match(
      /\[advisory\]\s+volume-protected.*seed-data can be deleted/s,
    );
  });

  it("hears of all its mistakes at once, of its own settings too", () => {
    const file = readFileSync(join(own.folder, "Pulumi.first.yaml"), "utf8");
    own.write("Pulumi.broken.yaml", file.replace("9116", "90000").replace("role: seed", "role: lokout"));
    const words = ["--require", "nodewright/typescript", "plan.ts", "broken"];
    expect(() => own.node(...words)).to.throw(/2 mistakes.*hosts\.lookout\.services\.blackbox\.port/s);
    expect(() => own.node(...words)).to.throw(/hosts\.seed\.role.*lookout/s);
  });
});
