import type { Struct } from "google-protobuf/google/protobuf/struct_pb";

interface Deserialize {
  deserializeProperties(properties: Struct, keepSecrets: boolean): object;
}

/**
 * The SDK reads the properties of every resource anew for each policy of a pack: with some thirty policies that is most
 * of what the pack costs. What it read once for a run stays good for the others: policies cannot change it.
 */
export function openOnce(): void {
  // Not among the SDK's own exports; where a later version has it elsewhere, the pack is slower and judges the same.
  let sdk: Deserialize;
  try {
    sdk = require("@pulumi/policy/deserialize") as Deserialize;
  } catch {
    return;
  }
  const read = sdk.deserializeProperties;
  const opened = new WeakMap<Struct, object>();
  sdk.deserializeProperties = (properties, keepSecrets) => {
    if (keepSecrets) return read(properties, keepSecrets);
    const known = opened.get(properties) ?? read(properties, keepSecrets);
    opened.set(properties, known);
    return known;
  };
}
