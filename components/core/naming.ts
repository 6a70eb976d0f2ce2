/** Every name that a stack gives to things outside it, by one rule each. They are identities: a change replaces. */

/** A host's machine, container or instance. */
export const machineName = (stack: string, host: string): string => `${stack}-${host}`;

/** The disk that outlives the machine. */
export const dataName = (stack: string, host: string): string => `${stack}-${host}-data`;

/** How a data disk says whose it is. */
export const dataOwner = (stack: string, host: string): string => `${stack}/${host}`;

export const networkName = (stack: string, network: "public" | "cluster"): string => `${stack}-${network}`;

/** By which hosts of a stack find each other. `.internal` is reserved for private use (ICANN, 2024). */
export const clusterName = (stack: string, host: string): string => `${host}.${stack}.internal`;

/** How the stack keeps a host's secret. */
export const secretName = (host: string, secret: string): string => `${host}/${secret}`;

/** The private SSH key that every later change logs in with; its public half is one of `sshKeys`. */
export const OPERATOR_KEY = "ssh/private-key";
