import type { CloudType } from "../cloud/cloud-type";
import { problem, textOf, textsOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { CREATED_AT, nextUuid, refuse } from "./api";
import { TOKENS } from "./tokens";

const ENVIRONMENTS = ["development", "production", "staging"];
const URN = /^do:(\w+):(.+)$/;

const TOKEN_OF_URN: Readonly<Record<string, string>> = {
  domain: TOKENS.domain,
  droplet: TOKENS.droplet,
  loadbalancer: TOKENS.loadBalancer,
  reservedip: TOKENS.reservedIp,
  space: TOKENS.spacesBucket,
  volume: TOKENS.volume,
  vpc: TOKENS.vpc,
};

/** `digitalocean:index/project:Project`. Its resources go back to the default project when it is deleted. */
export const project: CloudType = {
  token: TOKENS.project,
  // digitalocean/project/resource_project.go of the Terraform provider.
  forceNew: [],
  unordered: ["resources"],
  name: {
    property: "name",
    pattern: /^.+$/,
    max: 175,
    taken: () => "Error creating Project: 409 name is already in use",
  },
  check: (inputs) => {
    const environment = textOf(inputs.environment);
    const isOther = environment !== undefined && !ENVIRONMENTS.includes(environment.toLowerCase());
    const wrong = textsOf(inputs.resources).filter((urn) => !URN.test(urn));
    return [
      ...problem(isOther, "environment", "expected one of Development, Production, Staging"),
      ...problem(
        (textOf(inputs.description)?.length ?? 0) > 255,
        "description",
        "longer than 255 characters",
      ),
      ...problem((textOf(inputs.purpose)?.length ?? 0) > 255, "purpose", "longer than 255 characters"),
      ...wrong.map((urn) => ({
        property: "resources",
        reason: `"${urn}" is not a uniform resource name (do:type:id)`,
      })),
    ];
  },
  create: refuseUnknown,
  update: (_before, inputs, world) => refuseUnknown(inputs, world),
  id: (_inputs, world) => nextUuid(world),
  outputs: () => ({ createdAt: CREATED_AT, updatedAt: CREATED_AT, ownerId: 1, ownerUuid: "" }),
  computed: ["createdAt", "updatedAt", "ownerId", "ownerUuid"],
};

function refuseUnknown(inputs: Properties, world: World): void {
  for (const urn of textsOf(inputs.resources)) {
    const [, kind = "", id = ""] = URN.exec(urn) ?? [];
    const token = TOKEN_OF_URN[kind];
    if (token && !world.get(token, id))
      refuse("assigning resources", 404, `resource ${urn} could not be found`);
  }
}
