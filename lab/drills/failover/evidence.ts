import type { SampleLab } from "../sample-lab";
import { type Judgement, judge, type Signed, signedIn, type Term } from "./judge";
import { groupStatus, termsOf } from "./lab-group";

/** Logs are read from so long before a fault: two clocks of a reader and a writer are never the same. */
const BEFORE_MS = 60_000;

/** What was signed, and who held when, since a drill began: hosts forget, and the history in etcd is short. */
export class Evidence {
  private readonly signed = new Map<string, Signed>();
  private readonly elsewhere = new Map<string, Signed>();
  private readonly terms = new Map<number, Term>();

  constructor(private readonly lab: SampleLab) {}

  get count(): number {
    return this.signed.size;
  }

  /**
   * Reads every host's own log of nodeos, those of the chain's other producers among them, and the group's history. Journals
   * lie on disk: a host that was killed has its own.
   */
  async collect(hosts: readonly string[], others: readonly string[], since: Date): Promise<void> {
    for (const term of termsOf(await groupStatus(this.lab))) this.terms.set(term.term, term);
    const from = new Date(since.getTime() - BEFORE_MS).toISOString().replace("T", " ").slice(0, 19);
    const words = ["journalctl", "--unit=nodeos", "--output=cat", "--no-pager", `--since=${from} UTC`];
    for (const host of [...hosts, ...others]) {
      const into = hosts.includes(host) ? this.signed : this.elsewhere;
      for (const block of signedIn(host, await this.lab.inHost(host, ...words)))
        into.set(`${host} ${block.slot} ${block.id}`, block);
    }
  }

  /** By all that was ever collected; `since` leaves out what was signed before, to see one gap. */
  judgement(since?: Date): Judgement {
    const from = since?.toISOString().slice(0, -1);
    const isSince = ({ slot }: Signed) => from === undefined || slot >= from;
    return judge(
      [...this.signed.values()].filter(isSince),
      [...this.terms.values()].sort((a, b) => a.term - b.term),
      [...this.elsewhere.values()].filter(isSince),
    );
  }

  /** Why production was taken, move by move. */
  reasonsSince(time: Date): string[] {
    return [...this.terms.values()]
      .filter((term) => term.time !== undefined && Date.parse(term.time) >= time.getTime())
      .sort((a, b) => a.term - b.term)
      .flatMap(({ reason }) => reason ?? []);
  }
}
