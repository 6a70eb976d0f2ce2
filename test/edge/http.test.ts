import { once } from "node:events";
import { createServer as createHttp } from "node:http";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { expect } from "chai";
import { AnswerReader } from "../../edge/http/answer-reader";
import { type Reply, takeShortWay } from "../../edge/http/short-way";
import { post, type UpstreamError } from "../../edge/upstream";
import { until } from "./until";

const head = (...lines: string[]) => `${lines.join("\r\n")}\r\n\r\n`;

const ANSWERS: readonly [what: string, bytes: string, body: string, keeps: boolean][] = [
  ["a length", `${head("HTTP/1.1 200 OK", "Content-Length: 5")}hello`, "hello", true],
  ["no body", head("HTTP/1.1 204 No Content"), "", true],
  ["the last one", `${head("HTTP/1.1 200 OK", "connection: Close", "content-length: 2")}{}`, "{}", false],
  ["HTTP/1.0", `${head("HTTP/1.0 200 OK", "content-length: 2")}{}`, "{}", false],
  [
    "chunks",
    `${head("HTTP/1.1 200 OK", "transfer-encoding: chunked")}3\r\nhel\r\nA;x=1\r\nlo, it is \r\n1\r\n\r\r\n0\r\nx: 1\r\n\r\n`,
    "hello, it is \r",
    true,
  ],
  [
    "a first answer before the answer",
    `${head("HTTP/1.1 100 Continue")}${head("HTTP/1.1 103 Early Hints", "link: x")}${head("HTTP/1.1 200 ", "content-length: 2")}{}`,
    "{}",
    true,
  ],
];

const BROKEN: readonly string[] = [
  `${head("HTTP/1.1 200 OK", "content-length: 2", "content-length: 2")}{}`,
  `${head("HTTP/1.1 200 OK", "content-length: 2", "transfer-encoding: chunked")}{}`,
  `${head("HTTP/1.1 200 OK", "content-length: -2")}{}`,
  `${head("HTTP/1.1 200 OK", "content-length: 0x2")}{}`,
  `${head("HTTP/1.1 200 OK", "transfer-encoding: gzip, chunked")}{}`,
  `${head("HTTP/1.1 200 OK", " content-length: 2")}{}`,
  `${head("HTTP/1.1 200 OK", "content-length : 2")}{}`,
  `${head("HTTP/1.1 200 OK", "x: 1\ncontent-length: 2")}{}`,
  `${head("HTTP/1.1 200 OK", "transfer-encoding: chunked")}zz\r\n{}`,
  `${head("HTTP/1.1 200 OK", "transfer-encoding: chunked")}1\r\n{}\r\n0\r\n\r\n`,
  head("HTTP/1.1 101 Switching Protocols", "upgrade: websocket"),
  head("HTTP/2 200", "content-length: 2"),
  head("<html>"),
  `HTTP/1.1 200 OK\r\nx: ${"a".repeat(40_000)}`,
];

describe("what the gateway reads of a node's HTTP", () => {
  for (const [what, bytes, body, keeps] of ANSWERS)
    it(`an answer with ${what}, wherever it is cut`, () => {
      for (let cut = 1; cut <= bytes.length; cut += 1) {
        const reader = new AnswerReader();
        for (let at = 0; at < bytes.length; at += cut)
          reader.take(Buffer.from(bytes.slice(at, at + cut), "latin1"));
        expect(reader.isDone, `cut at ${cut}`).to.equal(true);
        expect(reader.bytes.toString()).to.equal(body);
        expect(reader.keeps).to.equal(keeps);
      }
    });

  it("an answer that ends with its connection", () => {
    const reader = new AnswerReader();
    reader.take(Buffer.from(`${head("HTTP/1.1 200 OK")}{}`));
    expect([reader.isDone, reader.close(), reader.bytes.toString()]).to.deep.equal([false, true, "{}"]);
  });

  it("keeps no connection on which more comes than was asked for", () => {
    const reader = new AnswerReader();
    reader.take(Buffer.from(`${head("HTTP/1.1 200 OK", "content-length: 2")}{}HTTP/1.1 200 OK`));
    expect([reader.isDone, reader.keeps, reader.bytes.toString()]).to.deep.equal([true, false, "{}"]);
  });

  for (const bytes of BROKEN)
    it(`no answer: ${JSON.stringify(bytes.slice(0, 70))}`, () => {
      expect(() => new AnswerReader().take(Buffer.from(bytes, "latin1"))).to.throw();
    });
});

describe("a question to a node", function () {
  this.timeout(200_000);
  let server: Server;
  let port: number;
  let sockets: Socket[];
  /** What it does with each request, as text. */
  let serve: (socket: Socket, text: string) => void;
  const OK = `${head("HTTP/1.1 200 OK", "content-length: 2")}{}`;

  beforeEach(async () => {
    sockets = [];
    serve = (socket) => socket.write(OK);
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on("error", () => socket.destroy());
      socket.on("data", (data) => serve(socket, data.toString()));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  const ask = (body: string | Buffer = "{}", timeout = 120_000, keep = true) =>
    post(`http://127.0.0.1:${port}/x`, body, timeout, 1_000, keep);
  const failure = (asked: Promise<unknown>): Promise<UpstreamError> =>
    asked.then(
      () => expect.fail("it was answered"),
      (error: UpstreamError) => error,
    );

  it("goes on the connection of the one before, letters of any kind as bytes", async () => {
    const seen: string[] = [];
    serve = (socket, text) => {
      seen.push(text);
      socket.write(OK);
    };
    await ask('"ü"');
    await ask(Buffer.from('"ü"'));
    expect(sockets).to.have.length(1);
    expect(seen[0]).to.equal(seen[1]);
    expect(seen[0]).to.match(/^POST \/x HTTP\/1.1\r\n.*content-length: 4\r\n\r\n"ü"$/s);
  });

  it("takes a connection of its own where none is to be kept", async () => {
    await ask();
    await ask("{}", 120_000, false);
    expect(sockets).to.have.length(2);
  });

  it("is asked once more where a kept connection turns out to be closed", async () => {
    await ask();
    serve = (socket) => {
      if (socket === sockets[0]) socket.resetAndDestroy();
      else socket.write(OK);
    };
    expect((await ask()).text).to.equal("{}");
    expect(sockets).to.have.length(2);
  });

  it("leaves a connection that the node has closed", async () => {
    await ask();
    sockets[0]?.end();
    await until("it is closed", () => sockets[0]?.destroyed ?? false);
    expect((await ask()).text).to.equal("{}");
  });

  it("fails when the answer breaks off, is none, is too long or does not come", async () => {
    serve = (socket) => socket.end(OK.slice(0, -1));
    expect(await failure(ask())).to.include({ sent: true, tooLarge: false });
    serve = (socket) => socket.end("<html>\r\n\r\n");
    expect(await failure(ask())).to.include({ sent: true, tooLarge: false });
    serve = (socket) =>
      socket.write(`${head("HTTP/1.1 200 OK", "content-length: 2000")}${"x".repeat(2_000)}`);
    expect(await failure(ask())).to.include({ sent: true, tooLarge: true });
    serve = () => undefined;
    expect(await failure(ask("{}", 100))).to.include({ sent: true, tooLarge: false });
    server.close();
    expect(await failure(ask("{}", 120_000, false))).to.include({ sent: false, tooLarge: false });
  });

  it("waits where many are under way, and all are answered", async () => {
    const answers = await Promise.all(Array.from({ length: 1_200 }, () => ask()));
    expect(answers.every(({ text }) => text === "{}")).to.equal(true);
    expect(sockets.length).to.be.at.most(512);
  });
});

describe("the gateway's short way for usual requests", function () {
  this.timeout(200_000);
  const server = createHttp((request, response) => {
    void request.resume().on("end", () => response.end(`long:${request.method}`));
  });
  let leaving = false;
  let held: ((reply: Reply) => void) | undefined;
  const answer = (body: Buffer): Promise<Reply> =>
    body.toString() === "hold"
      ? new Promise((resolve) => {
          held = resolve;
        })
      : Promise.resolve({ status: 200, text: `short:${body.toString()}` });
  const closeIdle = takeShortWay(server, {
    answer,
    ...{ bodyBytes: () => 1_000, patience: 300, late: { status: 408, text: "late" } },
    isLeaving: () => leaving,
  });

  before(async () => {
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    leaving = false;
    held = undefined;
  });

  const usual = (body: string, ...more: string[]) =>
    `${head("POST / HTTP/1.1", "host: a", ...more, `content-length: ${body.length}`)}${body}`;
  /** A connection and what was said on it. */
  const talk = () => {
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    const line = { socket, said: "", isClosed: false };
    socket.on("data", (data) => {
      line.said += data.toString();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      line.isClosed = true;
    });
    return line;
  };
  const says = (line: { said: string }, ...texts: string[]) =>
    until(`it says ${texts.join(", then ")}`, () => texts.every((text) => line.said.includes(text)));

  it("answers one after the other, also those that came at once, in their order", async () => {
    const line = talk();
    line.socket.write(usual("1"));
    await says(line, "short:1");
    line.socket.write(usual("hold") + usual("2") + usual("3"));
    await until("it is asked", () => held !== undefined);
    held?.({ status: 200, text: "held" });
    await says(line, "held", "short:2", "short:3");
    expect(line.said.indexOf("held")).to.be.below(line.said.indexOf("short:2"));
    expect(line.said.indexOf("short:2")).to.be.below(line.said.indexOf("short:3"));
    line.socket.destroy();
  });

  it("leaves all else to the server, from whatever request on", async () => {
    const odd = [
      "GET / HTTP/1.1\r\nhost: a\r\n\r\n",
      `${head("POST / HTTP/1.1", "host: a", "transfer-encoding: chunked")}1\r\nx\r\n0\r\n\r\n`,
      usual("y".repeat(1_001)),
      usual("z", "expect: 100-continue"),
      usual("z", "connection: upgrade", "upgrade: h2c"),
    ];
    for (const request of odd) {
      const line = talk();
      line.socket.write(usual("1"));
      await says(line, "short:1");
      line.socket.write(request);
      await says(line, "long:");
      line.socket.write(usual("after"));
      await until("the server has it", () => line.said.split("long:").length === 3);
      line.socket.destroy();
    }
  });

  it("leaves a request whose head comes in pieces to the server", async () => {
    const line = talk();
    line.socket.write("POST / HT");
    await new Promise((resolve) => setTimeout(resolve, 50));
    line.socket.write(usual("1").slice("POST / HT".length));
    await says(line, "long:POST");
    line.socket.destroy();
  });

  it("waits for a body, but not for ever; what comes after that is no request", async () => {
    const line = talk();
    line.socket.write(head("POST / HTTP/1.1", "host: a", "content-length: 900"));
    await says(line, "408 Request Timeout", "connection: close", "late");
    line.socket.write(usual("1"));
    line.socket.end();
    await until("it is closed", () => line.isClosed);
    expect(line.said).not.to.include("short:");
  });

  it("answers what was asked by one who has closed his side, and then closes", async () => {
    const line = talk();
    line.socket.end(usual("hold"));
    await until("it is asked", () => held !== undefined);
    held?.({ status: 200, text: "held" });
    await until("it is closed", () => line.isClosed);
    expect(line.said).to.include("held");
  });

  it("says on the way out that it is the last, and closes what is idle", async () => {
    const [last, idle] = [talk(), talk()];
    idle.socket.write(usual("1"));
    await says(idle, "short:1");
    leaving = true;
    last.socket.write(usual("2"));
    await says(last, "connection: close", "short:2");
    closeIdle();
    await until("both are closed", () => last.isClosed && idle.isClosed);
  });
});
