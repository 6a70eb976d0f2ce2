import { expect } from "chai";
import { type NetworkList, refuseNamesake } from "../../lab/neighbours";
import { LAB_LABEL, labelsOf, roomOf } from "../../lab/room";

const room = roomOf("lab");
/** A Docker engine with networks of a stack of that name, by the labs that own them. */
const engine = (...labels: Record<string, string>[]): NetworkList => ({
  listNetworks: async () => labels.map((each) => ({ Labels: each })),
});

describe("a lab of the same name", () => {
  it("in another folder is named, with the way out", async () => {
    const theirs = { [LAB_LABEL]: "/home/other/nodewright/.nodewright/labs/lab" };
    const message = await refuseNamesake(room, engine(theirs)).then(
      () => "",
      (cause: Error) => cause.message,
    );
    expect(message).to.include(
      'a lab "lab" of another folder is up, /home/other/nodewright: take it down there',
    );
  });

  it("in this folder is this lab", () => refuseNamesake(room, engine(labelsOf(room))));
  it("is not there on an engine without one", () => refuseNamesake(room, engine()));
});
