import type { CloudType } from "../cloud/cloud-type";
import { numberOf, problem } from "../cloud/known";
import { CREATED_AT, nextNumber } from "./api";
import { KINDS } from "./kinds";
import { idOf, nameIn, projectOf, selfLink } from "./place";
import { TOKENS } from "./tokens";
import { refuseWhileUsed } from "./use";

/** `gcp:compute/network:Network`. */
export const network: CloudType = {
  token: TOKENS.network,
  // resource_compute_network.go of the Terraform provider.
  forceNew: [
    ...[
      "name",
      "project",
      "autoCreateSubnetworks",
      "description",
      "enableUlaInternalIpv6",
      "internalIpv6Range",
    ],
    ...["mtu", "networkProfile", "deleteDefaultRoutesOnCreate", "params"],
  ],
  name: nameIn(KINDS.network),
  check: (inputs) => {
    const mtu = numberOf(inputs.mtu);
    // The SDK's own words for `mtu`: 1300 to 8896.
    return problem(mtu !== undefined && (mtu < 1300 || mtu > 8896), "mtu", "must be between 1300 and 8896");
  },
  delete: (id, _state, world) => {
    refuseWhileUsed(world, "network", id, [
      ...[TOKENS.subnetwork, TOKENS.firewall, TOKENS.router, TOKENS.instance],
      ...[TOKENS.address, TOKENS.forwardingRule, TOKENS.regionBackendService],
    ]);
  },
  id: idOf(KINDS.network),
  outputs: (id, inputs, world) => ({
    selfLink: selfLink(id),
    project: projectOf(inputs, world),
    networkId: world.get(TOKENS.network, id)?.outputs.networkId ?? nextNumber(world),
    numericId: "",
    gatewayIpv4: "",
    creationTimestamp: CREATED_AT,
  }),
  computed: ["selfLink", "project", "networkId", "numericId", "gatewayIpv4", "creationTimestamp"],
};
