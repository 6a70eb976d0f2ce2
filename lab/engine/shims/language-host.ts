/**
 * Stand-in for `pulumi-language-nodejs`: the gRPC server through which the engine runs a Node.js program
 * (`pulumi preview | up | refresh | destroy` with `runtime: nodejs`). Installing dependencies, generating SDKs and
 * running TypeScript plugins stay with the official one and answer UNIMPLEMENTED here.
 * Called by the engine as `pulumi-language-nodejs [-option=value …] ENGINE-ADDRESS`; prints its port.
 */
import * as grpc from "@grpc/grpc-js";
import { type ILanguageRuntimeServer, LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import {
  AboutResponse,
  GetRequiredPackagesResponse,
  GetRequiredPluginsResponse,
  LanguageHandshakeResponse,
} from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { version } from "../../../package.json";
import { type ProgramRun, startProgram } from "./program-run";

/** The SDK's own limit: a request carries the whole configuration. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;
const PARENT_CHECK_MS = 1000;

type Served =
  | "handshake"
  | "getPluginInfo"
  | "getRequiredPlugins"
  | "getRequiredPackages"
  | "about"
  | "run"
  | "cancel";

function languageHost(engine: string, running: Set<ProgramRun>): Pick<ILanguageRuntimeServer, Served> {
  let engineAddress = engine;
  return {
    handshake: (call, done) => {
      engineAddress = call.request.getEngineAddress() || engineAddress;
      done(null, new LanguageHandshakeResponse());
    },
    getPluginInfo: (_call, done) => done(null, new PluginInfo().setVersion(version)),
    // None: the engine asks for a plugin when a resource needs it, and would otherwise try to download every
    // provider that happens to be installed as an npm package.
    getRequiredPlugins: (_call, done) => done(null, new GetRequiredPluginsResponse()),
    getRequiredPackages: (_call, done) => done(null, new GetRequiredPackagesResponse()),
    about: (_call, done) =>
      done(null, new AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
    run: (call, done) => {
      const program = startProgram(call.request, engineAddress);
      running.add(program);
      call.on("cancelled", program.stop);
      program.response.then((response) => done(null, response)).finally(() => running.delete(program));
    },
    cancel: (_call, done) => {
      for (const program of running) program.stop();
      done(null, new Empty());
    },
  };
}

function main(): void {
  const running = new Set<ProgramRun>();
  const end = () => {
    for (const program of running) program.stop();
    process.exit(1);
  };
  process.on("SIGINT", end).on("SIGTERM", end);
  // An engine that was killed cannot stop its plugins: they notice that they have another parent.
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || end(), PARENT_CHECK_MS).unref();

  const server = new grpc.Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  server.addService(LanguageRuntimeService, languageHost(process.argv.at(-1) ?? "", running));
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
}

main();
