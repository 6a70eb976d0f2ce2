import { ANYONE, isPublicAddress } from "../addresses";
import { documentIn } from "../documents";
import type { Way } from "../graph";
import type { Resource } from "../resource";
import { mapOf, mapsOf, textOf } from "../value";
import type { BareMachine, Cloud } from "./cloud";

/** Machines that are there already: each is the command that makes it a host. Its nftables are its only firewall. */
export const bareMetal: Cloud = {
  name: "bare-metal",
  machines: (stack) =>
    stack.of("command:remote:Command").flatMap((command) => {
      const { connection, stdin } = command.props;
      const isOurs = stack.ancestors(command).some((urn) => urn.includes("nodewright:bare-metal:Host"));
      const text = textOf(stdin);
      if (!isOurs || text === undefined || documentIn(text) === undefined) return [];
      return [machineOf(command, textOf(mapOf(mapsOf(connection)[0]).host), text)];
    }),
};

const machineOf = (resource: Resource, address: string | undefined, script: string): BareMachine => ({
  ...{ resource, cloud: "bare-metal", count: 1, isPool: false, zones: [], tags: {}, hasCloudFirewall: false },
  userData: [script],
  disks: [],
  openings: [],
  ways: address !== undefined && isPublicAddress(address) ? waysTo(resource) : [],
});

/** A machine that the operator reaches by a public address, the world reaches too. */
const waysTo = (by: Resource): Way[] => [
  { through: "its public IPv4 address", family: 4, sources: [ANYONE[0]], by },
  { through: "its IPv6 address", family: 6, sources: [ANYONE[1]], by },
];
