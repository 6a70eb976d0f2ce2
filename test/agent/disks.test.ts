import { expect } from "chai";
import { diskStatuses, fullAt, readSamples, sampleDisks } from "../../agent/disks";
import { FakeHost } from "./fake-host";

const HOUR = 3_600_000;
const filling = (perHour: number, hours: number) =>
  Array.from({ length: hours + 1 }, (_, index) => ({
    time: index * HOUR,
    usedBytes: 1000 + index * perHour,
  }));

describe("the day a disk is full", () => {
  /** Two days at 10 an hour, with something added to the sample of each hour. */
  const shaped = (more: (hour: number) => number) =>
    filling(10, 48).map((sample, hour) => ({ ...sample, usedBytes: sample.usedBytes + more(hour) }));
  const inTime = 48 * HOUR + 100 * HOUR;

  const rows: [title: string, samples: ReturnType<typeof filling>, expected: number | undefined][] = [
    ["unknown without samples", [], undefined],
    ["unknown after an hour", filling(10, 1), undefined],
    ["by the line through two days", filling(10, 48), 48 * HOUR + 100 * HOUR],
    ["by the same, while a snapshot comes and goes", shaped((hour) => (hour === 20 ? 400 : 0)), inTime],
    [
      "by the same, while a snapshot is just being written",
      shaped((hour) => (hour === 48 ? 400 : 0)),
      inTime,
    ],
    ["by the pace since much was deleted, not by the fall", shaped((hour) => (hour < 24 ? 5000 : 0)), inTime],
    ["unknown for half a day after much was deleted", shaped((hour) => (hour < 40 ? 5000 : 0)), undefined],
    [
      "without what a clock saw that was ahead",
      [...filling(10, 48), { time: 9000 * HOUR, usedBytes: 0 }],
      inTime,
    ],
    ["by a disk that fills in steps", shaped((hour) => -10 * (hour % 6)), inTime],
    ["never, if nothing is added", filling(0, 48), undefined],
    ["never, if it empties", filling(-5, 48), undefined],
  ];
  for (const [title, samples, expected] of rows)
    it(title, () => {
      const found = fullAt(samples, 10_000, 1000, 48 * HOUR);
      if (expected === undefined) expect(found).to.equal(undefined);
      else expect(found).to.be.closeTo(expected, HOUR);
    });

  it("is told of a host that was watched, with a history that stays small", async () => {
    const host = new FakeHost();
    try {
      let samples = await readSamples(host.system);
      for (let hour = 0; hour < 400; hour += 1) {
        host.room.freeBytes -= 1e7;
        await host.system.sleep(HOUR);
        samples = await sampleDisks(host.system, samples);
      }
      expect(samples["/"]).to.have.lengthOf(336);
      const [disk] = await diskStatuses(host.system, await readSamples(host.system));
      const hours = (Date.parse(disk?.fullAt ?? "") - host.time.getTime()) / HOUR;
      expect(hours).to.be.closeTo(host.room.freeBytes / 1e7, 1);
    } finally {
      host.remove();
    }
  });
});
