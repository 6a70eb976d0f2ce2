/** How a target's balancers stand before a pool where they end TLS: each speaks plain HTTP to the members. */
export interface Balancer {
  /** CIDRs that they speak from. Nothing else has an address there: what they say of a client is taken. */
  addresses: string[];
  /** TCP port on which the world reaches them. */
  port: number;
  /** Seconds for which they keep a connection to a member on which nothing moves. */
  idleSeconds: number;
  /** Seconds after which they give up a call. */
  callSeconds: number;
  /** Which word of `X-Forwarded-For` is the client's address, counted from the end: 1 is the last. */
  clientWord: number;
}
