import { error, type Finding } from "../../config/finding";
import { type HostPlan, machinesOf } from "../plan";
import type { Check } from "./index";

interface Owned {
  owner: string;
  setting: string;
}

/** Two programs on one port: the second does not start, and nodeos ends with status 0 and says little. */
export const checkPorts: Check = ({ plan }) => {
  const seen = new Set<string>();
  return machinesOf(plan)
    .flatMap(collisions)
    .filter(({ path, message }) => {
      // Hosts of one group make the same mistake once.
      const fresh = !seen.has(path + message);
      seen.add(path + message);
      return fresh;
    });
};

function collisions(host: HostPlan): Finding[] {
  const taken = new Map<string, Owned>([["tcp/22", { owner: "ssh", setting: "ssh" }]]);
  return host.services.flatMap((service) =>
    service.listeners.flatMap(({ name, protocol, port }) => {
      const key = `${protocol}/${port}`;
      const mine = {
        owner: `${service.unit} (${name})`,
        setting: `hosts.${host.group}.services.${service.service}`,
      };
      const other = taken.get(key);
      taken.set(key, other ?? mine);
      return other === undefined || other.owner === mine.owner
        ? []
        : [
            error(
              mine.setting,
              `port ${port} of ${mine.owner} is taken by ${other.owner} on the same host: give one of them another port`,
            ),
          ];
    }),
  );
}
