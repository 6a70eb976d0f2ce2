import { expect } from "chai";
import { METHODS, methodsOf, namesOf } from "../../components/core/edge/methods";
import { methodsPage } from "../../components/core/edge/methods-page";
import { expectGolden } from "../support/golden";

describe("the method catalog", () => {
  it("names each method once, each with a cost that its class allows", () => {
    const names = METHODS.map(({ name }) => name);
    expect(names).to.deep.equal([...new Set(names)]);
    for (const { name, class: kind, cost } of METHODS)
      expect(kind === "denied" || cost > 0, name).to.equal(true);
  });

  it("holds all that the proxy of today lets through", () => {
    const answered = namesOf(methodsOf(), "read", "heavy", "price", "write", "local");
    expect(answered).to.include.members([
      "eth_getLogs",
      "trace_block",
      "eth_gasPrice",
      "eth_sendRawTransaction",
    ]);
  });

  it("lets a stack open, shut and add methods", () => {
    const methods = methodsOf({ debug_traceCall: "heavy", eth_getLogs: "denied", own_method: "read" });
    expect(methods.get("debug_traceCall")).to.include({ class: "heavy", cost: 25 });
    expect(methods.get("eth_getLogs")).to.include({ class: "denied" });
    expect(methods.get("own_method")).to.include({ class: "read", cost: 1 });
  });
});

it("docs/methods.md is what the catalog says", () => expectGolden("../../docs/methods.md", methodsPage()));
