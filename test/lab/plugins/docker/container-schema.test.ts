import { expect } from "chai";
import { problemsOf } from "../../../../lab/plugins/check";
import { containerSpec } from "../../../../lab/plugins/docker/container";
import { containerSchema } from "../../../../lab/plugins/docker/container-schema";
import { connectDaemon } from "../../../../lab/plugins/docker/daemon";
import type { Properties } from "../../../../lab/plugins/value";

const base = { name: "host", image: "base:1" };

describe("container inputs that are refused", () => {
  const table: { property: string; inputs: Properties }[] = [
    { property: "image", inputs: { image: undefined } },
    { property: "gpus", inputs: { gpus: "all" } },
    { property: "memory", inputs: { memory: "64" } },
    { property: "restart", inputs: { restart: "sometimes" } },
    { property: "ports[0].external", inputs: { ports: [{ internal: 80 }] } },
    {
      property: "networksAdvanced[0].ipv4Address",
      inputs: { networksAdvanced: [{ name: "n", ipv4Address: "10.0.0" }] },
    },
    { property: "networkMode", inputs: { networkMode: "host", networksAdvanced: [{ name: "n" }] } },
    { property: "wait", inputs: { wait: true } },
    { property: "uploads[0]", inputs: { uploads: [{ file: "/a" }] } },
    { property: "uploads[0].source", inputs: { uploads: [{ file: "/a", content: "", source: "b" }] } },
    { property: "uploads[0].owner", inputs: { uploads: [{ file: "/a", content: "", owner: "root" }] } },
    {
      property: "uploads[0].file",
      inputs: { tmpfs: { "/run": "rw" }, uploads: [{ file: "/run/a", content: "" }] },
    },
  ];
  for (const { property, inputs } of table) {
    it(property, () => {
      const problems = problemsOf(containerSchema, { ...base, ...inputs });
      expect(problems.map((problem) => problem.property)).to.deep.equal([property]);
    });
  }
});

describe("changes of a container", () => {
  const { inPlace } = containerSpec(connectDaemon("unix:///nowhere"));
  const table: { property: string; kind: "add" | "update" | "delete"; living: boolean }[] = [
    { property: "memory", kind: "update", living: true },
    { property: "memory", kind: "delete", living: false },
    { property: "cpus", kind: "add", living: true },
    { property: "restart", kind: "delete", living: true },
    { property: "mustRun", kind: "delete", living: true },
    { property: "destroyGraceSeconds", kind: "update", living: true },
    { property: "image", kind: "update", living: false },
    { property: "envs", kind: "add", living: false },
    { property: "uploads", kind: "update", living: false },
    { property: "networksAdvanced", kind: "add", living: false },
  ];
  for (const { property, kind, living } of table) {
    it(`${kind} ${property}: ${living ? "in place" : "replaces it"}`, () => {
      expect(inPlace({ path: [property], kind })).to.equal(living);
    });
  }
});
