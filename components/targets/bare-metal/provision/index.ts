import { knownAddress, plannedAddress } from "../../../core/network/address-ref";
import type { Provisioner } from "../../provisioner";
import { renderBareMetal } from "../render";
import { Examination } from "./examination";
import { BareMetalHost } from "./host";

/** Examines every machine, then makes each the host that the plan says. No machine is changed before all are found good. */
export const provisionBareMetal: Provisioner = (plan, secrets) => {
  const machines = renderBareMetal(plan).map((args) => {
    const { name } = args.host;
    return { name, args, examination: new Examination(name, args, secrets) };
  });
  const dependsOn = machines.map(({ examination }) => examination);
  return {
    hosts: Object.fromEntries(
      machines.map(({ name, args, examination }) => {
        const { told } = new BareMetalHost(name, { args, protect: plan.protect, secrets }, { dependsOn });
        const { role, addresses } = args.host;
        const outside = plannedAddress(addresses.public)?.ipv4;
        const outputs = {
          role,
          machine: examination.machine,
          addresses: {
            ...(outside === undefined ? {} : { public: outside }),
            cluster: knownAddress(addresses.cluster).ipv4,
          },
          ...told,
        };
        return [name, outputs];
      }),
    ),
  };
};
