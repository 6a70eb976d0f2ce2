import * as settings from "@pulumi/pulumi/runtime/settings";

/** What the SDK connects to engines with; its types do not tell of it. */
export const { grpcClientOptions } = settings as unknown as { grpcClientOptions: object };

/**
 * gRPC keeps what it knows of an address for the whole process: a program whose engine got the port of an earlier, dead
 * one was told "No connection established" unasked, for as long as the wait after the last failure lasted. In a process
 * that runs one engine after the other each client looks for itself.
 */
Object.assign(grpcClientOptions, { "grpc.use_local_subchannel_pool": 1 });
