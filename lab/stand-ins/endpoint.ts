import { StartError } from "./start-error";

export interface Endpoint {
  host: string;
  port: number;
}

/** `127.0.0.1:8080`, `localhost:8545` or `[::1]:8080`. */
export function parseEndpoint(text: string): Endpoint {
  const [, six, name, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = six ?? name;
  if (host === undefined || Number(port) < 1 || Number(port) > 65535)
    throw new StartError(`${text}: give ADDRESS:PORT, an IPv6 address in [ ]`);
  return { host, port: Number(port) };
}

export const printEndpoint = ({ host, port }: Endpoint): string =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`;
