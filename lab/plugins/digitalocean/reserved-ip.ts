import { isIPv4 } from "node:net";
import type { CloudType } from "../cloud/cloud-type";
import { problem, textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import { existing, nextPublicAddress, refuse } from "./api";
import { dropletRegion } from "./droplet";
import { regionProblems } from "./slugs";
import { TOKENS } from "./tokens";

/** `digitalocean:index/reservedIp:ReservedIp`; its id is the address. */
export const reservedIp: CloudType = {
  token: TOKENS.reservedIp,
  // digitalocean/reservedip/resource_reserved_ip.go of the Terraform provider.
  forceNew: ["region"],
  check: (inputs) => {
    const address = textOf(inputs.ipAddress);
    return [
      ...regionProblems(textOf(inputs.region)),
      ...problem(
        address !== undefined && !isIPv4(address),
        "ipAddress",
        `"${address}" is not a valid IPv4 address`,
      ),
    ];
  },
  create: (inputs, world) => assignable(world, inputs.dropletId, { region: textOf(inputs.region) }),
  update: (before, inputs, world) => {
    if (before.dropletId !== inputs.dropletId)
      assignable(world, inputs.dropletId, { region: textOf(inputs.region) });
  },
  // The API draws the address: what a program states for `ipAddress` is no wish that it grants.
  id: (_inputs, world) => nextPublicAddress(world),
  outputs: (id) => ({ ipAddress: id, reservedIpUrn: `do:reservedip:${id}` }),
  computed: ["ipAddress", "reservedIpUrn"],
};

/** `digitalocean:index/reservedIpAssignment:ReservedIpAssignment`. An address that is assigned already moves. */
export const reservedIpAssignment: CloudType = {
  token: TOKENS.reservedIpAssignment,
  forceNew: ["dropletId", "ipAddress"],
  check: (inputs) => {
    const address = textOf(inputs.ipAddress);
    return problem(
      address !== undefined && !isIPv4(address),
      "ipAddress",
      `"${address}" is not a valid IPv4 address`,
    );
  },
  create: (inputs, world) => {
    const address = existing(world, TOKENS.reservedIp, inputs.ipAddress, ASSIGNING);
    assignable(world, inputs.dropletId, { region: textOf(address.inputs.region), address: address.id });
  },
  id: (inputs, world) => `${String(inputs.dropletId)}-${String(inputs.ipAddress)}-${world.draw()}`,
  outputs: () => ({}),
  computed: [],
};

const ASSIGNING = "assigning reserved IP to the droplet";

interface Wanted {
  readonly region: string | undefined;
  readonly address?: string;
}

function assignable(world: World, dropletId: unknown, { region, address }: Wanted): void {
  if (dropletId === undefined) return;
  if (dropletRegion(world, dropletId, ASSIGNING) !== region?.toLowerCase()) {
    refuse(ASSIGNING, 422, "The Droplet and the Reserved IP must be in the same region");
  }
  const held = [
    ...world
      .all(TOKENS.reservedIpAssignment)
      .map(({ inputs }) => ({ droplet: inputs.dropletId, ip: inputs.ipAddress })),
    ...world.all(TOKENS.reservedIp).map(({ id, inputs }) => ({ droplet: inputs.dropletId, ip: id })),
  ];
  // docs.digitalocean.com/products/droplets/details/limits: no droplet has more than one reserved IP at a time.
  const other = held.find(({ droplet, ip }) => String(droplet) === String(dropletId) && ip !== address);
  if (other) refuse(ASSIGNING, 422, "Droplet already has a Reserved IP address assigned");
}
