/** Where a program listens or connects to. */
export interface Endpoint {
  host: string;
  port: number;
}

/** Reads `10.0.0.1:9400`, `localhost:8545` or `[fd00::1]:9400`. Undefined for anything else; port 0 is taken. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const [, six, name, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = six ?? name;
  return host === undefined || Number(port) > 65535 ? undefined : { host, port: Number(port) };
}
