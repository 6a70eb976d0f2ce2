import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { isObject, type Properties } from "./value";

/** The properties of a message; of one that carries none, an empty bag. */
export function fromStruct(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

/** Properties for a message. Members that are undefined are left out: protobuf knows only null. */
export function toStruct(properties: Properties): Struct {
  const entries = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Struct.fromJavaScript(Object.fromEntries(entries.map(([key, value]) => [key, encodable(value)])));
}

function encodable(value: unknown): JavaScriptValue {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(encodable);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([key, member]) => [key, encodable(member)]));
}
