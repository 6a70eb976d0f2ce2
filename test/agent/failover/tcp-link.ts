import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/**
 * `through`: as a cable. `dropped`: takes what comes and hands nothing on, as a network that loses everything. `deaf`: what
 * comes back is lost. `slow`: everything arrives late.
 */
export type LinkState = "through" | "dropped" | "deaf" | { slow: number };

/** A connection's way through this process, in which the network can be ill. */
export class TcpLink {
  state: LinkState = "through";
  private readonly sockets = new Set<Socket>();
  private constructor(
    readonly port: number,
    private readonly server: Server,
  ) {}

  static async to(target: number): Promise<TcpLink> {
    const server = createServer({ pauseOnConnect: false });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port is free on loopback");
    const link = new TcpLink(address.port, server);
    server.on("connection", (inner) => link.join(inner, target));
    return link;
  }

  /** Also ends what went through it: a lost connection is not always noticed. */
  set(state: LinkState, options: { ends?: boolean } = {}): void {
    this.state = state;
    if (options.ends) for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, "close");
  }

  private join(inner: Socket, target: number): void {
    const outer = connect({ host: "127.0.0.1", port: target });
    const ends = [inner, outer] as const;
    for (const socket of ends) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.sockets.delete(socket);
        for (const each of ends) each.destroy();
      });
    }
    inner.on("data", (chunk) => this.carry(chunk, outer, false));
    outer.on("data", (chunk) => this.carry(chunk, inner, true));
  }

  /** What is lost is lost for good: a stream with a hole is no use, so its connection ends once the link heals. */
  private carry(chunk: Buffer, to: Socket, isBack: boolean): void {
    const { state } = this;
    if (state === "through") return void to.write(chunk);
    if (typeof state === "object") return void setTimeout(() => to.writable && to.write(chunk), state.slow);
    if (state === "deaf" && !isBack) return void to.write(chunk);
  }
}
