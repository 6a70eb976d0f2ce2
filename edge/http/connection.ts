import { connect, type Socket } from "node:net";
import { AnswerReader } from "./answer-reader";

/** How one question ended: `answer` is undefined where none came. */
export interface End {
  answer: { status: number; bytes: Buffer } | undefined;
  /** Why there is none. */
  message: string;
  /** Whether the connection had come about, so that the question may have arrived. */
  sent: boolean;
  /** Whether a byte of an answer came. */
  begun: boolean;
  tooLarge: boolean;
}

interface Question {
  reader: AnswerReader;
  most: number;
  end: (end: End) => void;
}

/** A connection to one server: one question at a time, kept for the next where the server keeps it. */
export class Connection {
  private readonly socket: Socket;
  private question: Question | undefined;
  private isConnected = false;

  constructor(
    host: string,
    port: number,
    /** Told when it may be used again. */
    private readonly free: (connection: Connection) => void,
    /** Told when it is of no use any more. */
    private readonly gone: (connection: Connection) => void,
  ) {
    this.socket = connect({ host, port, noDelay: true });
    this.socket.on("connect", () => {
      this.isConnected = true;
    });
    this.socket.on("data", (chunk: Buffer) => this.take(chunk));
    this.socket.on("error", (error) => this.fail(error.message));
    this.socket.on("close", () => this.fail("the connection broke off"));
    this.socket.on("end", () => this.ended());
  }

  /** Sends a request. `end` is told once. */
  ask(head: string, body: string | Buffer, most: number, end: (end: End) => void): void {
    this.question = { reader: new AnswerReader(), most, end };
    this.socket.ref();
    if (typeof body === "string") this.socket.write(head + body);
    else {
      this.socket.cork();
      this.socket.write(head, "latin1");
      this.socket.write(body);
      this.socket.uncork();
    }
  }

  /** Ends it, and what is under way on it. */
  fail(message: string, tooLarge = false): void {
    this.socket.destroy();
    this.gone(this);
    const { question } = this;
    this.question = undefined;
    const begun = question?.reader.hasBegun ?? false;
    question?.end({ answer: undefined, message, sent: this.isConnected, begun, tooLarge });
  }

  private take(chunk: Buffer): void {
    const { question } = this;
    // What nobody asked for.
    if (!question) {
      this.fail("more than one answer");
      return;
    }
    const { reader, most } = question;
    try {
      reader.take(chunk);
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
      return;
    }
    if (reader.size > most) this.fail(`answer over ${most} bytes`, true);
    else if (reader.isDone) this.done(question);
  }

  private done({ reader, end }: Question): void {
    this.question = undefined;
    const answer = { status: reader.status, bytes: reader.bytes };
    if (reader.keeps && !this.socket.destroyed) {
      // It holds up no process that has nothing else to do.
      this.socket.unref();
      this.free(this);
    } else {
      this.socket.destroy();
      this.gone(this);
    }
    end({ answer, message: "", sent: true, begun: true, tooLarge: false });
  }

  private ended(): void {
    if (this.question?.reader.close()) this.done(this.question);
    else this.fail("the connection broke off");
  }
}
