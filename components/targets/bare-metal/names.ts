import { printUnit } from "../../../cloud-init/emit/systemd-unit";
import { plannedAddress } from "../../core/network/address-ref";
import type { Plan } from "../../core/plan/plan";

/** Lines of the stack's names, as /etc/hosts takes them. */
export const NAMES = "/etc/nodewright/hosts";
const SCRIPT = "/usr/lib/nodewright/names";
export const NAMES_UNIT = "nodewright-names.service";

/** Names by which the hosts of the stack find each other: there is no name service that all of them have. */
export const namesOf = ({ hosts }: Plan): string =>
  hosts
    .flatMap(({ addresses, clusterName }) => {
      const { ipv4, ipv6 } = plannedAddress(addresses.cluster) ?? {};
      return [ipv4, ipv6].flatMap((each) => (each === undefined ? [] : [`${each} ${clusterName}`]));
    })
    .join("\n");

/** Puts the names between marks of ours, and leaves every other line as it is. In place: a container mounts the file. */
const NAMES_SCRIPT = `#!/bin/sh
set -eu
next=$(
  sed '/^# nodewright: begin/,/^# nodewright: end/d' /etc/hosts
  echo '# nodewright: begin'
  cat ${NAMES}
  echo '# nodewright: end'
)
[ "$next" = "$(cat /etc/hosts)" ] || printf '%s\\n' "$next" >/etc/hosts
`;

/** At every boot: the cloud-init of a provider's image may write /etc/hosts anew, and containers get a new one. */
const UNIT = printUnit({
  Unit: [
    ["Description", "nodewright names of the stack's hosts"],
    ["After", "cloud-init.service"],
    ["Before", "network-online.target"],
  ],
  Service: [
    ["Type", "oneshot"],
    ["ExecStart", SCRIPT],
  ],
  Install: [["WantedBy", "multi-user.target network-online.target"]],
});

/** What keeps the names in /etc/hosts. */
export const namesFiles = [
  { path: SCRIPT, mode: "0755", content: NAMES_SCRIPT },
  { path: `/etc/systemd/system/${NAMES_UNIT}`, mode: "0644", content: UNIT },
] as const;
