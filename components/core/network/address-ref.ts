import type { Address } from "./address";

/**
 * Where a host can be reached on one network: an address that the plan fixes; `assigned`, by the provider when the host
 * is made (late bound, known to the engine only); or `none`.
 */
export type AddressRef = Address | "assigned" | "none";

export interface HostAddresses {
  public: AddressRef;
  cluster: AddressRef;
}

/** The address, where the plan fixes it. */
export const plannedAddress = (ref: AddressRef): Address | undefined =>
  ref === "assigned" || ref === "none" ? undefined : ref;

/** For targets that fix every address. Throws where this one does not. */
export function knownAddress(ref: AddressRef): Address {
  const address = plannedAddress(ref);
  if (!address) throw new Error(`the address is ${ref}: the plan does not know it`);
  return address;
}

/** As people read it in a table. */
export const addressText = (ref: AddressRef): string => (typeof ref === "string" ? ref : ref.ipv4);
