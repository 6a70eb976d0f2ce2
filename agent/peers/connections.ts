import { z } from "zod";
import { post } from "../loopback";

/** Of `/v1/net/connections`: versions differ in the rest. */
const schema = z.array(
  z.looseObject({
    /** As nodeos was told to call it; empty where the other end called. */
    peer: z.string().default(""),
    connecting: z.boolean(),
    is_socket_open: z.boolean().exactOptional(),
    last_handshake: z.looseObject({ network_version: z.number() }).exactOptional(),
  }),
);

/** A connection that nodeos has, or tries to have. */
export interface Connection {
  /** As nodeos was told to call it; empty where the other end called. */
  peer: string;
  isUp: boolean;
}

/** A peer that never answered is told as one that is not being connected to, with a handshake of zeros (seen in 4.1.0-dev). */
const isUp = ({ connecting, is_socket_open, last_handshake }: z.infer<typeof schema>[number]) =>
  !connecting && is_socket_open !== false && last_handshake?.network_version !== 0;

/** Throws where nodeos does not tell. `control`: where its net API answers. */
export const connectionsOf = async (control: string): Promise<Connection[]> =>
  schema
    .parse(await post(`${control}/v1/net/connections`, {}))
    .map((each) => ({ peer: each.peer, isUp: isUp(each) }));

/** Tells nodeos to connect, or to forget a peer. That it is (not) connected already is no error. */
export const callPeer = (control: string, verb: "connect" | "disconnect", peer: string): Promise<unknown> =>
  post(`${control}/v1/net/${verb}`, peer);
