import {
  CheckFailure,
  type CheckRequest,
  CheckResponse,
  type CreateRequest,
  CreateResponse,
  type DeleteRequest,
  type DiffRequest,
  DiffResponse,
  PropertyDiff,
  type ReadRequest,
  ReadResponse,
  type UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { wasMade, withName } from "./autoname";
import { type Problem, problemsOf } from "./check";
import { type Change, changesBetween, propertyOf } from "./diff";
import { pathText } from "./path";
import type { Call, Resource, Revision } from "./resource";
import { fromStruct, toStruct } from "./struct";
import { hasSecret, type Properties, plainProperties, secret, UNKNOWN } from "./value";

/** Makes the {@link Call} of a request: what it may use, and with which secrets hidden. */
type Caller = (urn: string, properties: Properties) => Call;

/** The life of resources, request by request: what `ResourceProvider` of provider.proto asks of a provider. */
export class ResourceService {
  constructor(
    private readonly resources: Readonly<Record<string, Resource>>,
    private readonly caller: Caller,
  ) {}

  check(request: CheckRequest): CheckResponse {
    const resource = this.find(request.getUrn());
    const given = fromStruct(request.getNews());
    const news = resource.autoname
      ? withName(
          given,
          fromStruct(request.getOlds()),
          request.getUrn(),
          request.getRandomseed_asU8(),
          resource.autoname === true ? undefined : resource.autoname,
        )
      : given;
    const further = resource.check?.(plainProperties(news)) ?? [];
    return checkResponse(news, [...problemsOf(resource.schema, news, resource.unsupported), ...further]);
  }

  diff(request: DiffRequest): DiffResponse {
    const resource = this.find(request.getUrn());
    const news = fromStruct(request.getNews());
    const changes = changesOf(resource, request, news);
    const revision = { olds: fromStruct(request.getOldInputs()), news };
    const replacing = changes.filter((change) => !resource.inPlace(change, revision));
    const response = new DiffResponse();
    response.setChanges(
      changes.length > 0 ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE,
    );
    response.setDiffsList([...new Set(changes.map(propertyOf))]);
    response.setReplacesList([...new Set(replacing.map(propertyOf))]);
    response.setDeletebeforereplace(replacing.length > 0 && isExclusive(resource, revision));
    response.setHasdetaileddiff(true);
    for (const change of changes) {
      response.getDetaileddiffMap().set(pathText(change.path), detailOf(change, replacing.includes(change)));
    }
    return response;
  }

  async create(request: CreateRequest): Promise<CreateResponse> {
    const resource = this.find(request.getUrn());
    const inputs = fromStruct(request.getProperties());
    const response = new CreateResponse();
    if (request.getPreview()) {
      // What may be given or computed (a zone) is known where it was given.
      response.setProperties(toStruct({ ...unknownOutputs(resource), ...echo(inputs) }));
      return response;
    }
    const created = await resource.create(this.caller(request.getUrn(), inputs), plainProperties(inputs));
    response.setId(created.id);
    response.setProperties(toStruct({ ...echo(inputs), ...marked(resource, inputs, created.outputs) }));
    return response;
  }

  async read(request: ReadRequest): Promise<ReadResponse> {
    const resource = this.find(request.getUrn());
    const inputs = fromStruct(request.getInputs());
    const state = fromStruct(request.getProperties());
    const known = Object.keys(inputs).length > 0 ? plainProperties(inputs) : undefined;
    const call = this.caller(request.getUrn(), { inputs, state });
    const observed = await resource.read(call, request.getId(), known);
    const response = new ReadResponse();
    // An empty id says that the resource is gone.
    if (!observed) return response;
    const outputs = marked(resource, inputs, observed.outputs);
    response.setId(request.getId());
    response.setInputs(toStruct({ ...inputs, ...observed.inputs }));
    response.setProperties(toStruct({ ...state, ...echo(inputs), ...observed.inputs, ...outputs }));
    return response;
  }

  async update(request: UpdateRequest): Promise<UpdateResponse> {
    const resource = this.find(request.getUrn());
    const news = fromStruct(request.getNews());
    const state = fromStruct(request.getOlds());
    const kept = Object.fromEntries(Object.keys(resource.computed).map((key) => [key, state[key]]));
    const changes = changesOf(resource, request, news);
    const response = new UpdateResponse();
    if (request.getPreview()) {
      const anew = resource.recomputes?.(changes) ?? false;
      const unknown = anew === false ? {} : unknownOutputs(resource, anew === true ? undefined : anew);
      response.setProperties(toStruct({ ...echo(news), ...kept, ...unknown }));
      return response;
    }
    const call = this.caller(request.getUrn(), { news, state });
    const update = { state: plainProperties(state), changes };
    const outputs = await resource.update(call, request.getId(), plainProperties(news), update);
    response.setProperties(toStruct({ ...echo(news), ...kept, ...marked(resource, news, outputs) }));
    return response;
  }

  async delete(request: DeleteRequest): Promise<Empty> {
    const state = { ...fromStruct(request.getProperties()), ...fromStruct(request.getOldInputs()) };
    const call = this.caller(request.getUrn(), state);
    await this.find(request.getUrn()).delete(call, request.getId(), plainProperties(state));
    return new Empty();
  }

  private find(urn: string): Resource {
    const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
    const resource = this.resources[type];
    if (resource) return resource;
    const served = Object.keys(this.resources).join(", ");
    throw new Error(
      `${type} is not served by this project's own plugin (it serves ${served}): use another resource, or install the official plugin`,
    );
  }
}

/** The answer to a check: the inputs as they are to be kept, and what is wrong with them. */
export function checkResponse(inputs: Properties, problems: readonly Problem[]): CheckResponse {
  const response = new CheckResponse();
  response.setInputs(toStruct(inputs));
  response.setFailuresList(failuresOf(problems));
  return response;
}

/** The problems as messages. */
export function failuresOf(problems: readonly Problem[]): CheckFailure[] {
  return problems.map(({ property, reason }) => {
    const failure = new CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    return failure;
  });
}

function changesOf(resource: Resource, request: DiffRequest | UpdateRequest, news: Properties): Change[] {
  const unordered = new Set(resource.unordered);
  return changesBetween(fromStruct(request.getOldInputs()), news, unordered);
}

function isExclusive(resource: Resource, revision: Revision): boolean {
  const { news } = revision;
  const named = !resource.ownNames && news.name !== undefined && !wasMade(news, "name");
  return named || resource.exclusive(plainProperties(news), revision);
}

const { Kind } = PropertyDiff;
const KINDS = {
  add: { inPlace: Kind.ADD, replacing: Kind.ADD_REPLACE },
  delete: { inPlace: Kind.DELETE, replacing: Kind.DELETE_REPLACE },
  update: { inPlace: Kind.UPDATE, replacing: Kind.UPDATE_REPLACE },
};

function detailOf(change: Change, replaces: boolean): PropertyDiff {
  const detail = new PropertyDiff();
  detail.setKind(KINDS[change.kind][replaces ? "replacing" : "inPlace"]);
  detail.setInputdiff(true);
  return detail;
}

/** Inputs as they go into the state: still marked where they came in secret. */
function echo(inputs: Properties): Properties {
  const { __defaults, ...stated } = inputs;
  return stated;
}

function unknownOutputs(
  resource: Resource,
  names: readonly string[] = Object.keys(resource.computed),
): Properties {
  return Object.fromEntries(names.map((key) => [key, UNKNOWN]));
}

function marked(resource: Resource, inputs: Properties, outputs: Properties): Properties {
  const entries = Object.entries(outputs).map(([key, value]) => {
    const repeats = resource.computed[key] ?? [];
    return [key, repeats.some((input) => hasSecret(inputs[input])) ? secret(value) : value];
  });
  return Object.fromEntries(entries);
}
