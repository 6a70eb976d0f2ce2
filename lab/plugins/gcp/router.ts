import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { listOf, numberOf, objectsOf, problem, textOf } from "../cloud/known";
import type { Properties } from "../value";
import { CREATED_AT, notFound } from "./api";
import { KINDS } from "./kinds";
import { idOf, NAME_MAX, nameIn, pathOf, projectOf, RFC1035, referred, regionOf, selfLink } from "./place";
import { TOKENS } from "./tokens";

/** `gcp:compute/router:Router`. */
export const router: CloudType = {
  token: TOKENS.router,
  // resource_compute_router.go of the Terraform provider.
  forceNew: ["name", "project", "region", "network", "encryptedInterconnectRouter", "params", "nccGateway"],
  name: nameIn(KINDS.router),
  check: (inputs) =>
    objectsOf(inputs.bgp).flatMap(({ asn }) => {
      const number = numberOf(asn);
      return problem(
        number !== undefined && !isPrivateAsn(number),
        "bgp.asn",
        "must be an RFC6996 private ASN, either 16-bit or 32-bit",
      );
    }),
  create: (inputs, world) => {
    referred(KINDS.network, inputs.network, inputs, world);
  },
  id: idOf(KINDS.router),
  outputs: (id, inputs, world) => ({
    selfLink: selfLink(id),
    project: projectOf(inputs, world),
    region: regionOf(inputs, world),
    creationTimestamp: CREATED_AT,
  }),
  computed: ["selfLink", "project", "creationTimestamp"],
};

function isPrivateAsn(asn: number): boolean {
  // 16550 is Google's own, for Partner Interconnect.
  return asn === 16_550 || (asn >= 64_512 && asn <= 65_534) || (asn >= 4_200_000_000 && asn <= 4_294_967_294);
}

/** `gcp:compute/routerNat:RouterNat`; a part of its router. */
export const routerNat: CloudType = {
  token: TOKENS.routerNat,
  // resource_compute_router_nat.go of the Terraform provider.
  forceNew: ["name", "project", "region", "router", "initialNatIps", "endpointTypes", "type"],
  unordered: ["natIps", "drainNatIps", "subnetworks"],
  name: {
    property: "name",
    pattern: RFC1035,
    max: NAME_MAX,
    scope: (inputs, world) => pathOf(KINDS.router, inputs.router, inputs, world),
  },
  check: natProblems,
  create: (inputs, world) => {
    referred(KINDS.router, inputs.router, inputs, world);
    for (const address of listOf(inputs.natIps)) referred(KINDS.address, address, inputs, world);
    for (const subnet of objectsOf(inputs.subnetworks))
      referred(KINDS.subnetwork, subnet.name, inputs, world);
  },
  update: (_before, inputs, world) => {
    const router = pathOf(KINDS.router, inputs.router, inputs, world);
    if (!world.get(TOKENS.router, router)) throw notFound(router);
  },
  id: (inputs, world) => `${pathOf(KINDS.router, inputs.router, inputs, world)}/${String(inputs.name)}`,
  outputs: (_id, inputs, world) => ({ project: projectOf(inputs, world), region: regionOf(inputs, world) }),
  computed: ["project"],
};

function natProblems(inputs: Properties): Problem[] {
  const option = textOf(inputs.natIpAllocateOption);
  const ranges = textOf(inputs.sourceSubnetworkIpRangesToNat);
  const isListed = ranges === "LIST_OF_SUBNETWORKS";
  const [least, most] = [numberOf(inputs.minPortsPerVm), numberOf(inputs.maxPortsPerVm)];
  return [
    ...problem(
      option === "MANUAL_ONLY" && inputs.natIps === undefined,
      "natIps",
      "must be set when nat_ip_allocate_option is MANUAL_ONLY",
    ),
    ...problem(
      option === "AUTO_ONLY" && inputs.natIps !== undefined,
      "natIps",
      "cannot be set when nat_ip_allocate_option is AUTO_ONLY",
    ),
    ...problem(
      isListed && inputs.subnetworks === undefined,
      "subnetworks",
      "must be set when source_subnetwork_ip_ranges_to_nat is LIST_OF_SUBNETWORKS",
    ),
    ...problem(
      ranges !== undefined && !isListed && inputs.subnetworks !== undefined,
      "subnetworks",
      `cannot be set when source_subnetwork_ip_ranges_to_nat is ${ranges}`,
    ),
    ...problem(
      inputs.enableDynamicPortAllocation !== true && most !== undefined,
      "maxPortsPerVm",
      "can only be set with enable_dynamic_port_allocation",
    ),
    ...problem(
      least !== undefined && most !== undefined && least >= most,
      "maxPortsPerVm",
      "must be greater than minPortsPerVm",
    ),
    ...problem(
      inputs.enableDynamicPortAllocation === true && inputs.enableEndpointIndependentMapping === true,
      "enableDynamicPortAllocation",
      "cannot be used with enable_endpoint_independent_mapping",
    ),
  ];
}
