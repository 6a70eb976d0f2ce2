import { expect } from "chai";
import { documentFor } from "../../../../cloud-init/document-for";
import type { Size } from "../../../../components/core/config/units";
import {
  chooseState,
  type StateMode,
  stateText,
  tmpfsSize,
} from "../../../../components/core/services/nodeos-state";
import { cloudPlan, cloudStack, HOSTS, judgeCloud } from "../../../support/fake-cloud";

describe("nodeos' state", () => {
  const TABLE: [size: Size, memory: Size | undefined, mode: StateMode | undefined, text: string][] = [
    [
      "180 GB",
      "128 GB",
      undefined,
      "nodeos state 180 GB mapped: memory 128 GB is less than the state may grow to",
    ],
    [
      "180 GB",
      "192 GB",
      undefined,
      "nodeos state 180 GB mapped: memory 192 GB would keep less than a quarter for the rest of the host",
    ],
    [
      "180 GB",
      "240 GB",
      undefined,
      "nodeos state 180 GB heap: memory 240 GB holds all that the state may grow to, with a quarter left",
    ],
    [
      "16 GB",
      "64 GB",
      undefined,
      "nodeos state 16 GB heap: memory 64 GB holds all that the state may grow to, with a quarter left",
    ],
    ["1 GB", undefined, undefined, "nodeos state 1 GB mapped: nobody says how much memory the machine has"],
    ["16 GB", "64 GB", "mapped", "nodeos state 16 GB mapped: as the stack file wants it"],
    ["16 GB", undefined, "heap", "nodeos state 16 GB heap: as the stack file wants it"],
    [
      "16 GB",
      "64 GB",
      "tmpfs",
      "nodeos state 16 GB tmpfs: as the stack file wants it; in memory alone: each restart of the host is a recovery from its newest snapshot",
    ],
  ];
  for (const [size, memory, mode, text] of TABLE)
    it(`of ${size} with ${memory ?? "unknown"} memory, ${mode ?? "no mode"} asked for`, () => {
      const host = { size, ...(memory ? { memory } : {}), ...(mode ? { mode } : {}) };
      expect(stateText(chooseState(host))).to.equal(text);
    });

  const stack = (nodeos: Record<string, unknown>, everywhere: Record<string, unknown> = {}) =>
    cloudStack({
      hosts: { ...HOSTS, history: { role: "archive", memory: "128 GB", services: { nodeos } } },
      services: { nodeos: everywhere },
    });
  const modeOf = (raw: Record<string, unknown>) => {
    const host = cloudPlan(raw).hosts.find(({ name }) => name === "history");
    const file = host?.services.flatMap(({ files }) => files).find(({ path }) => path.endsWith("config.ini"));
    const entries = file?.content.format === "ini" ? file.content.entries : [];
    return ["database-map-mode", "chain-state-db-size-mb"].map(
      (key) => entries.find(([name]) => name === key)?.[1],
    );
  };
  it("is written into config.ini as it was chosen, and as it is wanted", () => {
    expect(modeOf(stack({ stateSize: "180 GB" }))).to.deep.equal(["mapped", 184320]);
    expect(modeOf(stack({ stateSize: "16 GB" }))).to.deep.equal(["heap", 16384]);
    expect(modeOf(stack({ stateSize: "16 GB", stateMode: "mapped" }))).to.deep.equal(["mapped", 16384]);
  });

  const said = (raw: Record<string, unknown>) =>
    judgeCloud(raw).findings.filter(({ path }) => path.endsWith("nodeos.stateMode"));
  it("is refused on a heap that the memory cannot hold, where it was written, with the ways out", () => {
    const [found, ...others] = said(stack({ stateMode: "heap", stateSize: "180 GB" }));
    expect(others).to.be.empty;
    expect(found?.severity).to.equal("error");
    expect(found?.path).to.equal("hosts.history.services.nodeos.stateMode");
    expect(found?.message).to.match(
      /180 GB in the 128 GB of history: write "mapped", give hosts\.history more memory/,
    );
    const common = said(stack({ stateSize: "180 GB" }, { stateMode: "heap" }));
    expect(common.map(({ path }) => path)).to.include("services.nodeos.stateMode");
  });
  it("draws a warning where little is left, and nothing where it fits", () => {
    expect(said(stack({ stateMode: "heap", stateSize: "100 GB" })).map(({ severity }) => severity)).to.eql([
      "warning",
    ]);
    expect(said(stack({ stateMode: "heap", stateSize: "90 GB" }))).to.be.empty;
  });

  describe("on tmpfs", () => {
    const IN_MEMORY = { stateMode: "tmpfs", stateSize: "64 GB" };
    const host = (role: object, snapshots: Record<string, unknown> = {}) =>
      cloudStack({
        hosts: {
          ...HOSTS,
          history: { memory: "128 GB", services: { nodeos: IN_MEMORY, snapshots }, ...role },
        },
      });
    const ARCHIVE = { role: "archive" };

    it("is a mapped file in a folder of its own, which nodeos' unit needs", () => {
      const raw = host(ARCHIVE);
      const plan = cloudPlan(raw);
      const history = plan.hosts.find(({ name }) => name === "history");
      if (!history) throw new Error("no history");
      const { files, units } = documentFor(plan, history);
      const config = files.find(({ path }) => path === "/etc/nodeos/config.ini")?.content;
      expect(config).to.include("\nchain-state-db-size-mb = 65536\ndatabase-map-mode = mapped\n");
      expect(config).to.include("\nstate-dir = /data/nodeos/tmpfs\n");
      const chain = files.find(({ path }) => path === "/etc/nodewright/chain.json")?.content ?? "{}";
      expect(JSON.parse(chain)).to.include({ state: "/data/nodeos/tmpfs" });
      const names = units.map(({ name }) => name);
      expect(names.indexOf("data-nodeos-tmpfs.mount")).to.equal(names.indexOf("nodeos.service") - 1);
      const contentOf = (name: string) => units.find((each) => each.name === name)?.content;
      expect(contentOf("data-nodeos-tmpfs.mount")).to.equal(`[Unit]
Description=nodeos: its file system in memory

[Mount]
What=tmpfs
Where=/data/nodeos/tmpfs
Type=tmpfs
Options=size=73956m,mode=0700,uid=nodeos,gid=nodeos,nosuid,nodev
LazyUnmount=yes

[Install]
WantedBy=multi-user.target
`);
      expect(contentOf("nodeos.service"))
        .to.include("\nRequiresMountsFor=/data/nodeos/tmpfs\n")
        // No state is written at a stop.
        .and.include("\nTimeoutStopSec=660\n");
    });

    it("has room for ceiling and compiled contracts below the point at which nodeos stops", () => {
      expect(tmpfsSize("9 GB", { threshold: 90, codeCacheMb: 1024 })).to.equal("11378 MB");
      const options = { "resource-monitor-space-threshold": 80, "eos-vm-oc-cache-size-mb": 512 };
      const raw = stack({ ...IN_MEMORY, options });
      const plan = cloudPlan(raw);
      const nodeos = plan.hosts
        .find(({ name }) => name === "history")
        ?.services.find(({ unit }) => unit === "nodeos");
      expect(nodeos?.tmpfs).to.deep.equal({ path: "/data/nodeos/tmpfs", size: "82560 MB" });
    });

    const ROWS: [what: string, raw: Record<string, unknown>, path: string, said: RegExp][] = [
      [
        "larger than three quarters of the memory",
        stack({ stateMode: "tmpfs", stateSize: "90 GB" }),
        "hosts.history.services.nodeos.stateMode",
        /^a state that may grow to 90 GB needs a tmpfs of 103538 MB, more than three quarters of the 128 GB of history, and no kill of nodeos frees it: write "mapped", give hosts\.history more memory, or set a smaller/,
      ],
      [
        "with no snapshot to come back from",
        host({ role: "seed" }),
        "hosts.history.services.nodeos.stateMode",
        /^a tmpfs is empty after each restart of history, and nothing there keeps a snapshot to come back from: set hosts\.history\.services\.snapshots\.schedule \(or from: published\), or write "mapped"$/,
      ],
      [
        "of an archive that takes no snapshots, and never one of a mirror",
        host(ARCHIVE, {
          schedule: "never",
          from: "published",
          mirror: "https://m.example",
          key: `${"A".repeat(43)}=`,
        }),
        "hosts.history.services.nodeos.stateMode",
        /nothing there keeps a snapshot to come back from: set hosts\.history\.services\.snapshots\.schedule, or write "mapped"$/,
      ],
      [
        "of a producer, which takes no snapshots",
        cloudStack({
          hosts: {
            ...HOSTS,
            producer: { ...HOSTS.producer, memory: "128 GB", services: { nodeos: IN_MEMORY } },
          },
        }),
        "hosts.producer.services.nodeos.stateMode",
        /come back from: write "mapped": a validator takes no snapshots$/,
      ],
    ];
    for (const [what, raw, path, message] of ROWS)
      it(`is refused: ${what}`, () => {
        const errors = judgeCloud(raw).findings.filter(({ severity }) => severity === "error");
        expect(errors.map((each) => each.path)).to.deep.equal([path]);
        expect(errors[0]?.message).to.match(message);
      });
    it("is taken where it comes back: by a schedule, or by a mirror", () => {
      const mirror = { from: "published", mirror: "https://m.example", key: `${"A".repeat(43)}=` };
      for (const snapshots of [{ schedule: "*-*-* 04:00:00" }, mirror])
        expect(said(host({ role: "seed" }, snapshots))).to.be.empty;
      expect(said(host(ARCHIVE))).to.be.empty;
    });
  });

  it("cannot be set a second way, by nodeos' own option", () => {
    expect(() => cloudPlan(stack({ options: { "database-map-mode": "heap" } }))).to.throw();
  });
});
