import { Connection, type End } from "./connection";

/** To one server at once; further questions wait. */
const MOST = 512;

/** A question that waits for a connection. */
interface Waiting {
  begin: () => void;
}

/** A server, and the connections that are kept to it: the one used last is used next, so that few stay open. */
export class Origin {
  private readonly idle: Connection[] = [];
  private readonly open = new Set<Connection>();
  private readonly waiting = new Set<Waiting>();
  private readonly head: string;
  private readonly host: string;
  private readonly port: number;

  /** Throws where the URL is none of plain HTTP. */
  constructor(url: string) {
    const { protocol, hostname, host, port, pathname, search } = new URL(url);
    if (protocol !== "http:") throw new Error(`${url}: nodes are asked by http`);
    this.host = hostname.replace(/^\[|\]$/g, "");
    this.port = Number(port || 80);
    this.head = `POST ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n`;
  }

  /** Questions under way. */
  get busy(): number {
    return this.open.size - this.idle.length + this.waiting.size;
  }

  /**
   * Asks, on a kept connection if there is one and `fresh` is false. `end` is told once how it went, and whether the
   * connection was a kept one. Answers a function that ends it before.
   */
  ask(
    body: string | Buffer,
    { most, fresh }: { most: number; fresh: boolean },
    end: (end: End, wasKept: boolean) => void,
  ): (why: string) => void {
    const waiting: Waiting = { begin: () => undefined };
    let cancel = (message: string): void => {
      this.waiting.delete(waiting);
      end({ answer: undefined, message, sent: false, begun: false, tooLarge: false }, false);
    };
    waiting.begin = () => {
      const kept = fresh ? undefined : this.idle.pop();
      const connection = kept ?? this.connect();
      cancel = (message) => connection.fail(message);
      const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
      const head = `${this.head}${fresh ? "connection: close\r\n" : ""}content-length: ${length}\r\n\r\n`;
      connection.ask(head, body, most, (ended) => end(ended, kept !== undefined));
    };
    if (this.open.size < MOST || (this.idle.length > 0 && !fresh)) waiting.begin();
    else this.waiting.add(waiting);
    return (why) => cancel(why);
  }

  private connect(): Connection {
    const connection = new Connection(
      this.host,
      this.port,
      (free) => {
        this.idle.push(free);
        this.next();
      },
      (gone) => {
        const at = this.idle.indexOf(gone);
        if (at >= 0) this.idle.splice(at, 1);
        if (this.open.delete(gone)) this.next();
      },
    );
    this.open.add(connection);
    return connection;
  }

  private next(): void {
    const [waiting] = this.waiting;
    if (!waiting) return;
    this.waiting.delete(waiting);
    waiting.begin();
  }
}
