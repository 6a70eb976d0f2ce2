import { columns } from "../components/core/plan/columns";
import type { LabStatus } from "./status";

/** What a person wants to know once the lab serves: what runs where, what is not real, what to type next. */
export function summary(status: LabStatus, runLab: (verb: string) => string): string {
  const standIns = new Set(status.standIns.map(({ host, service }) => `${host} ${service}`));
  const rows = status.hosts.map(({ name, role, addresses, services, state }) => [
    name,
    role,
    addresses.cluster,
    services
      .map((service) => `${service.name}${standIns.has(`${name} ${service.name}`) ? "*" : ""}`)
      .join(", "),
    state === "serving" ? (services.find((service) => service.name === "nodeos")?.detail ?? state) : state,
  ]);
  const reasons = [...new Set(status.standIns.map(({ reason }) => reason))];
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId" });
  return [
    ...columns([["host", "role", "cluster", "what runs", "state"], ...rows]),
    ...reasons.map((reason) => `  * stand-in: ${reason}`),
    "",
    ...(status.endpoints.rpc
      ? [`  try      curl -s ${status.endpoints.rpc} -H 'content-type: application/json' -d '${body}'`]
      : []),
    ...(status.endpoints.nodeos ? [`           curl -s ${status.endpoints.nodeos}/v1/chain/get_info`] : []),
    `  look     ${runLab("status")}      shell  ${runLab("ssh")} -- ${status.hosts.at(-1)?.name ?? "HOST"}      stop  ${runLab("down")}`,
  ].join("\n");
}
