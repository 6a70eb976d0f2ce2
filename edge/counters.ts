/** Counts by name and labels, in the text format that Prometheus reads. */
export class Counters {
  private readonly counts = new Map<string, number>();

  /** `series` is the name with its labels, as it is printed: `nodewright_edge_calls_total{class="read"}`. */
  add(series: string, by = 1): void {
    this.counts.set(series, (this.counts.get(series) ?? 0) + by);
  }

  text(): string {
    const names = [...this.counts.keys()].sort();
    const lines = names.flatMap((series, index) => {
      const name = series.replace(/\{.*/, "");
      const isFirst = names[index - 1]?.replace(/\{.*/, "") !== name;
      return [...(isFirst ? [`# TYPE ${name} counter`] : []), `${series} ${this.counts.get(series)}`];
    });
    return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
  }
}
