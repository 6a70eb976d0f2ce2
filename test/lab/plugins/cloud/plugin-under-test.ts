import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { problemsOf } from "../../../../lab/plugins/check";
import { cloudProvider } from "../../../../lab/plugins/cloud/cloud-provider";
import type { Cloud } from "../../../../lab/plugins/cloud/cloud-type";
import { type OpenWorld, openWorld } from "../../../../lab/plugins/cloud/world";
import { type Properties, plainProperties } from "../../../../lab/plugins/value";
import { testCall } from "../call";

/** A cloud's plugin without an engine: what its checks say, and what its calls do to a world of its own. */
export class PluginUnderTest {
  readonly folder = mkdtempSync(join(tmpdir(), "nodewright-cloud-"));
  readonly world: OpenWorld;
  private readonly resources;
  readonly functions;

  constructor(
    cloud: Cloud,
    environment: Record<string, string>,
    config: Properties = {},
    limits: Readonly<Record<string, number>> = {},
  ) {
    this.world = openWorld(this.folder, cloud.name);
    for (const [token, most] of Object.entries(limits)) this.world.limit(token, most);
    const provider = cloudProvider(cloud, { ...environment, NODEWRIGHT_CLOUD_WORLD: this.folder });
    this.resources = provider.resources(config);
    this.functions = provider.functions?.(config) ?? {};
  }

  resource(token: string) {
    const found = this.resources[token];
    if (!found) throw new Error(`${token} is not served`);
    return found;
  }

  /** What is wrong with the inputs before anything is done: `property: reason`. */
  check(token: string, inputs: Properties): string[] {
    const resource = this.resource(token);
    const problems = [
      ...problemsOf(resource.schema, inputs, resource.unsupported),
      ...(resource.check?.(plainProperties(inputs)) ?? []),
    ];
    return problems.map(({ property, reason }) => `${property}: ${reason}`);
  }

  /** Creates what passes its check; a failed check is an error as well. */
  async create(token: string, inputs: Properties): Promise<string> {
    return (await this.created(token, inputs)).id;
  }

  async created(token: string, inputs: Properties) {
    const problems = this.check(token, inputs);
    if (problems.length > 0) throw new Error(problems.join("\n"));
    return this.resource(token).create(testCall(), inputs);
  }

  update(token: string, id: string, inputs: Properties): Promise<Properties> {
    return this.resource(token).update(testCall(), id, inputs, { state: {}, changes: [] });
  }

  delete(token: string, id: string): Promise<void> {
    return this.resource(token).delete(testCall(), id, {});
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
