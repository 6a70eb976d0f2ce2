import { type Endpoint, parseEndpoint as parse } from "../../components/core/network/endpoint";
import { StartError } from "./start-error";

export type { Endpoint };

/** `127.0.0.1:8080`, `localhost:8545` or `[::1]:8080`. */
export function parseEndpoint(text: string): Endpoint {
  const endpoint = parse(text);
  if (!endpoint || endpoint.port < 1)
    throw new StartError(`${text}: give ADDRESS:PORT, an IPv6 address in [ ]`);
  return endpoint;
}

export const printEndpoint = ({ host, port }: Endpoint): string =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`;
