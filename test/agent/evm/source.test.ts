import { expect } from "chai";
import { type Look, Sources } from "../../../agent/evm/source";

const [own, archive] = [
  { name: "this host", ship: "127.0.0.1:1", http: "http://127.0.0.1:1" },
  { name: "archive-a", ship: "archive-a:8999", http: "http://archive-a:8888" },
];
const good = (headNum = 7): Look => ({ headNum, headId: "", headAgeSeconds: 1, lib: 1, chainId: "c" });
const gone: Look = { ...good(0), fault: "its nodeos does not answer" };
const behind = (headNum: number): Look => ({ ...good(headNum), headAgeSeconds: 3600 });

describe("the source of blocks", () => {
  let seconds = 0;
  let sources: Sources;
  beforeEach(() => {
    seconds = 0;
    sources = new Sources({ sources: [own, archive], patienceSeconds: 60 }, () => new Date(seconds * 1000));
  });
  const at = (time: number, look: Look, other: Look = good()) => {
    seconds = time;
    sources.note(own, look);
    sources.note(archive, other);
  };

  it("is this host's own when that is in sync", () => {
    at(0, good());
    expect(sources.choose()).to.equal(own);
  });

  it("is waited for while nodeos starts and catches up", () => {
    at(0, gone);
    expect(sources.choose()).to.equal(undefined);
    at(30, behind(10));
    expect(sources.choose()).to.equal(undefined);
    at(40, good());
    expect(sources.choose()).to.equal(own);
  });

  it("is another one when its own is away for long, and its own when that is back for long", () => {
    at(0, good());
    at(10, gone);
    expect(sources.choose(own)).to.equal(own);
    at(70, gone);
    expect(sources.choose(own)).to.equal(archive);
    at(80, good());
    expect(sources.choose(archive)).to.equal(archive);
    at(139, good());
    expect(sources.choose(archive)).to.equal(archive);
    at(140, good());
    expect(sources.choose(archive)).to.equal(own);
  });

  it("stays where it is when nobody is well", () => {
    at(0, gone, gone);
    at(100, gone, gone);
    expect(sources.choose(own)).to.equal(own);
    expect(sources.choose()).to.equal(undefined);
  });

  it("is its own when the whole chain stands still", () => {
    at(0, behind(5), behind(5));
    expect(sources.choose()).to.equal(undefined);
    at(60, behind(5), behind(5));
    expect(sources.choose()).to.equal(own);
  });

  it("is never one on another chain, or one that lacks blocks", () => {
    at(0, gone, { ...good(), fault: "its nodeos is on another chain, x" });
    at(100, gone, { ...good(), fault: "its nodeos is on another chain, x" });
    expect(sources.choose()).to.equal(undefined);
    at(200, good(), good());
    sources.lacking.add(own);
    expect(sources.choose()).to.equal(archive);
  });
});
