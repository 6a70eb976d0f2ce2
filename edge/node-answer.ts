import { JsonError, Scanner, type Span } from "./json/scan";

/** An answer of a node, and where its id is: it gets the one that the client chose. */
export class NodeAnswer {
  private constructor(
    private readonly text: string,
    private readonly whole: Span,
    private readonly id: Span,
  ) {}

  /** Undefined where the text is no answer. */
  static of(text: string): NodeAnswer | undefined {
    const scanner = new Scanner(text);
    return orUndefined(() => scanner.whole(() => NodeAnswer.read(text, scanner, 0)));
  }

  /** The answers of a batch by the numbers that its calls were given as ids. Undefined where the text is no array. */
  static ofBatch(text: string): Map<number, NodeAnswer> | undefined {
    const scanner = new Scanner(text);
    const found = new Map<number, NodeAnswer>();
    return orUndefined(() =>
      scanner.whole(() => {
        if (scanner.next() !== "[") return undefined;
        scanner.array((depth) => {
          const answer = NodeAnswer.read(text, scanner, depth);
          if (answer) found.set(Number(scanner.slice(answer.id)), answer);
        });
        return found;
      }),
    );
  }

  private static read(text: string, scanner: Scanner, depth: number): NodeAnswer | undefined {
    let id: Span | undefined;
    let isAnswer = false;
    const start = scanner.position;
    if (scanner.next() === "{")
      scanner.object((key, inner) => {
        const value = scanner.value(inner);
        if (key === "id") id ??= value;
        else if (key === "result" || key === "error") isAnswer = true;
      }, depth);
    else scanner.value(depth);
    return id && isAnswer ? new NodeAnswer(text, { start, end: scanner.position }, id) : undefined;
  }

  /** Its text with this id, which is JSON text, too. */
  withId(id: string): string {
    const { start, end } = this.whole;
    return `${this.text.slice(start, this.id.start)}${id}${this.text.slice(this.id.end, end)}`;
  }
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}
