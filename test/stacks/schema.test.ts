import { expect } from "chai";
import { stackJsonSchema } from "../../stacks/schema";

type Node = {
  properties?: Record<string, Node>;
  additionalProperties?: unknown;
  enum?: string[];
  anyOf?: Node[];
  oneOf?: Node[];
  description?: string;
};

const at = (node: Node | undefined, ...path: string[]): Node | undefined =>
  path.reduce<Node | undefined>((found, key) => found?.properties?.[key], node);

describe("the schema of stack files, for editors", () => {
  const config = at(stackJsonSchema() as Node, "config");

  it("knows every key, and no other", () => {
    expect(Object.keys(config?.properties ?? {})).to.include.members([
      "nodewright:network",
      "nodewright:target",
      "nodewright:hosts",
      "nodewright:services",
    ]);
    expect(config?.additionalProperties).to.equal(false);
  });

  it("completes networks and settings of services", () => {
    expect(at(config, "nodewright:network")?.anyOf?.[0]?.enum).to.include.members(["eos", "wax", "lab"]);
    expect(Object.keys(at(config, "nodewright:services", "nodeos")?.properties ?? {})).to.include.members([
      "stateSize",
      "options",
    ]);
    expect(at(config, "nodewright:services", "proxy", "port")?.description).to.include("Default 80");
  });
});
