import { credentials, Server, ServerCredentials, type UntypedHandleCall } from "@grpc/grpc-js";
import * as rpc from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { expect } from "chai";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { grpcClientOptions } from "./engine-connections";

type Answer = (error: null, message: Empty) => void;
type Client = {
  log(request: LogRequest, answer: (error: Error | null) => void): void;
  close(): void;
};
const engines = rpc as unknown as {
  EngineService: Parameters<Server["addService"]>[0];
  EngineClient: new (address: string, ...rest: unknown[]) => Client;
};

const logs = ((_call: unknown, answer: Answer) => answer(null, new Empty())) as unknown as UntypedHandleCall;

describe("the tests' connections to engines", () => {
  const open: { client: Client; server?: Server }[] = [];

  /** An engine, as far as it is asked here. */
  async function engine(port: number): Promise<{ server: Server; port: number }> {
    const server = new Server();
    server.addService(engines.EngineService, { log: logs });
    const bound = await new Promise<number>((resolve, reject) =>
      server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, found) =>
        error ? reject(error) : resolve(found),
      ),
    );
    return { server, port: bound };
  }

  /** What a program that is new to the engine gets for its first word. */
  function firstWord(port: number): Promise<Error | null> {
    const client = new engines.EngineClient(
      `127.0.0.1:${port}`,
      credentials.createInsecure(),
      grpcClientOptions,
    );
    open.push({ client });
    return new Promise((resolve) => client.log(new LogRequest(), resolve));
  }

  afterEach(() => {
    for (const { client } of open.splice(0)) client.close();
  });

  it("reach an engine whose port another one had before it died", async () => {
    const first = await engine(0);
    expect(await firstWord(first.port)).to.equal(null);
    first.server.forceShutdown();
    // The first hears that its connection broke, those behind it that nobody is there: that is what would be kept.
    for (let asked = 0; asked < 3; asked += 1) expect(await firstWord(first.port)).to.be.instanceOf(Error);
    const second = await engine(first.port);
    try {
      expect(await firstWord(first.port)).to.equal(null);
    } finally {
      second.server.forceShutdown();
    }
  });
});
