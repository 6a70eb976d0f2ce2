import { problemsOf } from "../check";
import type { ProviderFunction, ProviderSpec } from "../provider";
import { isObject, type Properties } from "../value";
import { cloudResource } from "./cloud-resource";
import type { Cloud } from "./cloud-type";
import { type SdkTypes, sdkTypes } from "./sdk-types";
import { sharedWorld, type World, worldFile } from "./world";

/**
 * The plugin of a simulated cloud. It keeps what exists in `<folder>/<cloud>.json` of the folder that
 * NODEWRIGHT_CLOUD_WORLD names, and never talks to anybody.
 * @throws when the variable is missing, or the installed SDK lacks a type that the cloud serves.
 */
export function cloudProvider(
  cloud: Cloud,
  environment: NodeJS.ProcessEnv = process.env,
): ProviderSpec<Properties> {
  const configToken = `pulumi:providers:${cloud.name}`;
  const tokens = [...cloud.types.map((type) => type.token), ...Object.keys(cloud.functions), configToken];
  const types = sdkTypes(cloud.name, cloud.version, tokens);
  const config = cloud.configSchema ?? types.schema(configToken).transform(asProperties);
  const open = (given: Properties) => openFor(cloud, given, environment);
  return {
    name: cloud.name,
    version: cloud.version,
    config,
    refuseConfig: (given) => [...missingWorld(cloud, environment), ...cloud.refuseConfig(given, environment)],
    resources: (given) => {
      const world = open(given);
      const resources = cloud.types.map((type) => {
        return [type.token, cloudResource(cloud, type, types.schema(type.token), world)] as const;
      });
      return Object.fromEntries(resources);
    },
    functions: (given) => functionsOf(cloud, types, open(given)),
  };
}

function asProperties(config: unknown): Properties {
  return isObject(config) ? config : {};
}

function missingWorld(cloud: Cloud, environment: NodeJS.ProcessEnv): string[] {
  if (environment.NODEWRIGHT_CLOUD_WORLD) return [];
  return [
    `the simulated ${cloud.name} keeps what exists in a folder: set NODEWRIGHT_CLOUD_WORLD to its path ` +
      "(it is created), or install the official plugin",
  ];
}

function openFor(cloud: Cloud, config: Properties, environment: NodeJS.ProcessEnv): World {
  const path = worldFile(environment.NODEWRIGHT_CLOUD_WORLD ?? "", cloud.name);
  return sharedWorld(path, cloud.settings(config, environment));
}

function functionsOf(cloud: Cloud, types: SdkTypes, world: World): Record<string, ProviderFunction> {
  const entries = Object.entries(cloud.functions).map(([token, call]) => {
    const unsupported = `is not an argument of ${token} in @pulumi/${cloud.name} ${cloud.version}`;
    const served: ProviderFunction = (args) => {
      const problems = problemsOf(types.schema(token), args, unsupported);
      return problems.length > 0 ? { problems } : { result: call(args, world) };
    };
    return [token, served] as const;
  });
  return Object.fromEntries(entries);
}
