import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { setMockOptions } from "@pulumi/pulumi/runtime/settings";
import * as state from "@pulumi/pulumi/runtime/state";
import { named } from "../../components/core/config/registry";
import { OPERATOR_KEY } from "../../components/core/naming";
import type { Plan } from "../../components/core/plan/plan";
import { registry } from "../../components/registry";
import { keysFor, type LabKeys } from "../../lab/keys";
import { type Resource, UNKNOWN } from "../../policies/resource";
import { loadPlan } from "../../stacks/load";
import { ASSET, SECRET, SIGNATURE, UNKNOWN as WIRE_UNKNOWN } from "../bench/dump";
import { rawOf } from "../stacks/cloud-life";
import { temporaryFolder } from "./temporary-folder";

type Raw = Record<string, unknown>;

/** What the SDK keeps of a program, apart for each run; its types leave these two out. */
const { getStore, withLocalStorage } = state as unknown as {
  getStore(): object;
  withLocalStorage<Value>(run: () => Value): Value;
};

/** What a sample's program registers, and what its configuration says. */
export interface Recorded {
  stack: string;
  raw: Raw;
  resources: Resource[];
}

/** The program sees a preview: what a cloud draws is unknown. No engine takes part. */
class Recorder extends MockMonitor {
  readonly recorded: Resource[] = [];
  private readonly providers = new Map<string, Raw>();

  constructor() {
    super({
      newResource: ({ inputs }) => ({ id: undefined, state: inputs as Raw }),
      call: () => ({ insecureValue: "ami-0123456789abcdef0" }),
    });
  }

  override async registerResource(
    request: RegisterResourceRequest,
    callback: Parameters<MockMonitor["registerResource"]>[1],
  ): Promise<void> {
    const type = request.getType();
    const props = plainMap(request.getObject()?.toJavaScript() ?? {});
    const urn = urnOf(request);
    if (type.startsWith("pulumi:providers:")) this.providers.set(urn, props);
    const provider = this.providers.get(request.getProvider().replace(/::[^:]*$/, ""));
    const joined = request.getPropertydependenciesMap();
    const from = [...joined.keys()].map((key) => [key, joined.get(key)?.getUrnsList() ?? []] as const);
    this.recorded.push({
      ...{ urn, type, name: request.getName(), props },
      ...(request.getParent() === "" ? {} : { parent: request.getParent() }),
      from: Object.fromEntries(from),
      protect: request.getProtect() === true,
      ignoreChanges: request.getIgnorechangesList(),
      ...(provider ? { provider } : {}),
    });
    await super.registerResource(request, callback);
  }
}

/** As the engine names a resource: by the types of what it lies in. */
function urnOf(request: RegisterResourceRequest): string {
  const [head, , qualified = ""] = request.getParent().split("::");
  const within = qualified === "" ? "" : `${qualified.split("$").at(-1)}$`;
  const start = head === "" ? `urn:pulumi:${pulumi.getStack()}` : head;
  return [start, pulumi.getProject(), `${within}${request.getType()}`, request.getName()].join("::");
}

const plainMap = (value: Raw): Raw =>
  Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));

/** As a policy pack sees it: secrets opened, assets as their text. */
function plain(value: unknown): unknown {
  if (value === WIRE_UNKNOWN) return UNKNOWN;
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  const map = value as Raw;
  if (map[SIGNATURE] === SECRET) return plain(map.value);
  if (map[SIGNATURE] === ASSET) return map.text ?? map.path;
  return plainMap(map);
}

const CREDENTIALS = {
  ...{ AWS_ACCESS_KEY_ID: "simulated", AWS_SECRET_ACCESS_KEY: "simulated", GOOGLE_CREDENTIALS: "simulated" },
  ...{
    DIGITALOCEAN_TOKEN: "simulated",
    SPACES_ACCESS_KEY_ID: "simulated",
    SPACES_SECRET_ACCESS_KEY: "simulated",
  },
};

const known = new Map<string, Promise<Recorded>>();

/** What a sample registers as it is, recorded once for all suites of this process. */
export function recordedSample(sample: string): Promise<Recorded> {
  const recorded = known.get(sample) ?? record(sample);
  known.set(sample, recorded);
  return recorded;
}

/** Everything that a sample registers, by its own program, in this process. `over` takes the place of its keys. */
export async function record(sample: string, over: Raw = {}): Promise<Recorded> {
  const { raw, plan, keys } = prepared(sample, over);
  const secrets: Record<string, string> = { [OPERATOR_KEY]: keys.ssh.private, ...keys.secrets };
  const before = { ...process.env };
  Object.assign(process.env, CREDENTIALS);
  try {
    const resources = await withLocalStorage(() => registered(plan, secrets));
    return { stack: sample, raw: { ...raw, secrets }, resources };
  } finally {
    for (const name of Object.keys(CREDENTIALS)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

async function registered(plan: Plan, secrets: Record<string, string>): Promise<Resource[]> {
  const recorder = new Recorder();
  setMockOptions(recorder, "nodewright", plan.stack, true, "organization");
  Object.assign(getStore(), {
    supportsSecrets: true,
    supportsResourceReferences: true,
    supportsAliasSpecs: true,
  });
  const provision = named(registry.targets, plan.target.name).load();
  provision(
    plan,
    (name) => pulumi.secret(secrets[name] ?? "none"),
    (sha256) => join("/artifacts", sha256),
  );
  await pulumi.runtime.disconnect();
  return recorder.recorded;
}

function prepared(sample: string, over: Raw): { raw: Raw; plan: Plan; keys: LabKeys } {
  const written = withImage({ ...rawOf(sample), ...over });
  const keys = keysFor(join(temporaryFolder(), `${sample}.json`), planned(sample, written));
  const { hosts: machines } = planned(sample, written);
  const hosts = Object.entries(written.hosts as Record<string, Raw>).map(([group, host]) => {
    const signers = machines.filter((each) => each.group === group && each.producer).map(({ name }) => name);
    const made = signers.flatMap((name) =>
      keys.signing[name] ? [[name, keys.signing[name].public] as const] : [],
    );
    const [first] = made;
    if (!first || host.signingKey !== undefined) return [group, host];
    return [
      group,
      {
        ...host,
        ...(made.length > 1 ? { signingKeys: Object.fromEntries(made) } : { signingKey: first[1] }),
      },
    ];
  });
  const raw = { ...written, hosts: Object.fromEntries(hosts) };
  return { raw, plan: planned(sample, raw), keys };
}

/** What `npm run lab` adds to a stack of the Docker target. */
function withImage(raw: Raw): Raw {
  const target = raw.target as Record<string, Raw>;
  const image = `nodewright-host:${"0123456789abcdef".repeat(2)}`;
  return target.docker
    ? { ...raw, target: { docker: { image, mirror: "/srv/mirror", ...target.docker } } }
    : raw;
}

function planned(sample: string, raw: Raw): Plan {
  const { plan, findings } = loadPlan(sample, raw);
  if (!plan) throw new Error(findings.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  return plan;
}
