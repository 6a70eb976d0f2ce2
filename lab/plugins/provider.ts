import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceError,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  type CheckRequest,
  type ConfigureRequest,
  ConfigureResponse,
  type DiffRequest,
  DiffResponse,
  GetSchemaResponse,
  type InvokeRequest,
  InvokeResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { z } from "zod";
import { type Problem, problemsOf } from "./check";
import { changesBetween, propertyOf } from "./diff";
import { engineLog } from "./engine-log";
import { redactor } from "./redact";
import type { Resource } from "./resource";
import { checkResponse, failuresOf, ResourceService } from "./service";
import { fromStruct, toStruct } from "./struct";
import { type Properties, plainProperties } from "./value";

/** Answers with the result, or with what is wrong with the arguments. */
export type ProviderFunction = (
  args: Properties,
) => { readonly result: Properties } | { readonly problems: readonly Problem[] };

/** A plugin: its package as the SDK names it, and its resource types by type token. */
export interface ProviderSpec<Config> {
  readonly name: string;
  /** The version of the SDK that this plugin stands in for. */
  readonly version: string;
  readonly config: z.ZodType<Config>;
  readonly resources: (config: Config) => Readonly<Record<string, Resource>>;
  /** Functions (data sources) by token. Default: none. */
  readonly functions?: (config: Config) => Readonly<Record<string, ProviderFunction>>;
  /** Why the provider cannot work with this configuration (no credentials), beyond its schema. */
  readonly refuseConfig?: (config: Config) => readonly string[];
  /** Says in one message what an error means and what to do. Default: the error's own message. */
  readonly explain?: (error: unknown) => string;
}

/**
 * Serves the plugin on loopback and prints the port for the engine, as its plugin protocol wants.
 * @param engineAddress the engine's `host:port`, its last argument to a plugin.
 * @returns the port.
 */
export async function serveProvider<Config>(
  spec: ProviderSpec<Config>,
  engineAddress: string | undefined,
): Promise<{ port: number; stop: () => void }> {
  // Uploads travel in the messages: the engine's own limit is 400 MB.
  const server = new Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
  server.addService(ResourceProviderService, serviceOf(spec, engineAddress));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, stop: () => server.forceShutdown() };
}

function serviceOf<Config>(
  spec: ProviderSpec<Config>,
  engineAddress: string | undefined,
): UntypedServiceImplementation {
  const cancelled = new AbortController();
  const log = engineLog(engineAddress);
  let service = new ResourceService({}, () => {
    throw new Error("the engine has not configured this plugin yet");
  });
  let functions: Readonly<Record<string, ProviderFunction>> = {};
  const configure = (request: ConfigureRequest): ConfigureResponse => {
    const config = spec.config.parse(withoutEngineNotes(plainProperties(fromStruct(request.getArgs()))));
    const [refusal] = spec.refuseConfig?.(config) ?? [];
    if (refusal !== undefined) throw new Error(refusal);
    functions = spec.functions?.(config) ?? {};
    service = new ResourceService(spec.resources(config), (urn, properties) => {
      const hide = redactor(properties);
      return { urn, signal: cancelled.signal, log: (severity, line) => log(urn, severity, hide(line)) };
    });
    return configureResponse();
  };
  const answer = answering(spec);
  return {
    getPluginInfo: answer(() => pluginInfo(spec.version)),
    getSchema: answer(() => schemaResponse(spec)),
    checkConfig: answer((request: CheckRequest) => checkConfig(spec, fromStruct(request.getNews()))),
    diffConfig: answer(diffConfig),
    configure: answer(configure),
    check: answer((request: Parameters<ResourceService["check"]>[0]) => service.check(request)),
    diff: answer((request: DiffRequest) => service.diff(request)),
    create: answer((request: Parameters<ResourceService["create"]>[0]) => service.create(request)),
    read: answer((request: Parameters<ResourceService["read"]>[0]) => service.read(request)),
    update: answer((request: Parameters<ResourceService["update"]>[0]) => service.update(request)),
    delete: answer((request: Parameters<ResourceService["delete"]>[0]) => service.delete(request)),
    invoke: answer((request: InvokeRequest) => invoke(functions, request)),
    attach: answer(() => new Empty()),
    cancel: answer(() => {
      cancelled.abort(new Error("cancelled by the engine"));
      return new Empty();
    }),
  };
}

/** Requests and answers as grpc wants them; a thrown error becomes one message without the resource's secrets. */
function answering<Config>(spec: ProviderSpec<Config>) {
  return <Request extends object, Response>(
    respond: (request: Request) => Response | Promise<Response>,
  ): handleUnaryCall<Request, Response> =>
    (call, done) => {
      Promise.resolve()
        .then(() => respond(call.request))
        .then(
          (response) => done(null, response),
          (error: unknown) => {
            const message = error instanceof Error ? error.message : String(error);
            const hide = redactor(propertiesOf(call.request));
            done({ code: codeOf(error), details: hide(spec.explain?.(error) ?? message) });
          },
        );
    };
}

class Unimplemented extends Error {}

function codeOf(error: unknown): ServiceError["code"] {
  return error instanceof Unimplemented ? status.UNIMPLEMENTED : status.UNKNOWN;
}

function invoke(
  functions: Readonly<Record<string, ProviderFunction>>,
  request: InvokeRequest,
): InvokeResponse {
  const call = functions[request.getTok()];
  if (!call) {
    throw new Unimplemented(
      `the function ${request.getTok()} is not served by this project's own plugin: install the official one`,
    );
  }
  const answer = call(plainProperties(fromStruct(request.getArgs())));
  const response = new InvokeResponse();
  if ("problems" in answer) response.setFailuresList(failuresOf(answer.problems));
  else response.setReturn(toStruct(answer.result));
  return response;
}

const BAGS = ["getNews", "getOlds", "getOldInputs", "getProperties", "getInputs", "getArgs"] as const;
type Bag = (typeof BAGS)[number];

/** All property bags of a request, whichever kind it is. */
function propertiesOf(request: Partial<Record<Bag, () => Parameters<typeof fromStruct>[0]>>): Properties[] {
  return BAGS.map((bag) => fromStruct(request[bag]?.()));
}

function pluginInfo(version: string): PluginInfo {
  const info = new PluginInfo();
  info.setVersion(version);
  return info;
}

function schemaResponse(spec: { name: string; version: string }): GetSchemaResponse {
  const response = new GetSchemaResponse();
  response.setSchema(JSON.stringify({ name: spec.name, version: spec.version }));
  return response;
}

function configureResponse(): ConfigureResponse {
  const response = new ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setSupportspreview(true);
  return response;
}

function checkConfig<Config>(spec: ProviderSpec<Config>, news: Properties) {
  const problems = problemsOf(spec.config, withoutEngineNotes(news));
  if (problems.length > 0) return checkResponse(news, problems);
  const parsed = spec.config.safeParse(withoutEngineNotes(plainProperties(news)));
  const refusals = parsed.success ? (spec.refuseConfig?.(parsed.data) ?? []) : [];
  return checkResponse(
    news,
    refusals.map((reason) => ({ property: "", reason })),
  );
}

function diffConfig(request: DiffRequest): DiffResponse {
  const changes = changesBetween(
    withoutEngineNotes(fromStruct(request.getOldInputs())),
    withoutEngineNotes(fromStruct(request.getNews())),
  );
  const response = new DiffResponse();
  response.setChanges(
    changes.length > 0 ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE,
  );
  response.setDiffsList([...new Set(changes.map(propertyOf))]);
  return response;
}

/** A provider's inputs without what the engine itself keeps among them. */
function withoutEngineNotes(config: Properties): Properties {
  const { version, pluginDownloadURL, pluginChecksums, __internal, ...own } = config;
  return own;
}
