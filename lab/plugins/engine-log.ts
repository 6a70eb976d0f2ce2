import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { Call } from "./resource";

/** Sends lines for the operator to the engine, shown below the resource that they are about. */
type EngineLog = (urn: string, ...line: Parameters<Call["log"]>) => void;

/**
 * @param address the engine's `host:port`, which it gives to every plugin as the last argument; without one (a plugin
 * started by hand) nothing is shown.
 */
export function engineLog(address: string | undefined): EngineLog {
  if (!address || !/^[\w.:[\]-]+:\d+$/.test(address)) return () => {};
  const client = new EngineClient(address, credentials.createInsecure());
  return (urn, severity, message) => {
    const request = new LogRequest();
    request.setUrn(urn);
    request.setSeverity(severity === "info" ? LogSeverity.INFO : LogSeverity.WARNING);
    request.setMessage(message);
    // A line that cannot be shown must not fail the resource: the engine may be ending already.
    client.log(request, () => {});
  };
}
