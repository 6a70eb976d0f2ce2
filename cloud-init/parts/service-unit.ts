import { DATA, type ServicePlan } from "../../components/core/services/service";
import { commandLine, environment, printUnit, type UnitSections } from "../emit/systemd-unit";
import { SERVICE_SANDBOX } from "./sandbox";

/** The systemd unit of one process: started again whenever it ends, stopped gently, shut in. */
export function serviceUnit(service: ServicePlan): string {
  const capabilities = (service.capabilities ?? []).join(" ");
  return printUnit({
    Unit: [
      ["Description", service.summary],
      ["After", ["network-online.target", "nodewright-firewall.service", ...(service.after ?? [])].join(" ")],
      ["Wants", "network-online.target"],
      ["RequiresMountsFor", service.data === undefined ? undefined : (service.tmpfs?.path ?? DATA)],
      // Without its secret it would only fail, again and again, at each boot until someone delivers it.
      ...(service.secrets ?? []).map((name): [string, string] => [
        "ConditionPathExists",
        `/etc/credstore.encrypted/${name}`,
      ]),
      // Never give up: an operator asleep must not find a node that stopped trying.
      ["StartLimitIntervalSec", 0],
    ],
    Service: [
      ...comingAndGoing(service),
      ["User", service.user],
      ["Group", service.user],
      ["SupplementaryGroups", service.groups?.join(" ")],
      ["RuntimeDirectory", service.unit],
      ["RuntimeDirectoryMode", "0700"],
      ["StateDirectory", service.keepsState ? service.unit : undefined],
      ...(service.secrets ?? []).map((name): [string, string] => ["LoadCredentialEncrypted", name]),
      ...Object.entries(service.environment ?? {}).map(([key, value]): [string, string] => [
        "Environment",
        environment(key, value),
      ]),
      ["ExecStartPre", service.before && commandLine(service.before)],
      ["ExecStart", commandLine(service.exec)],
      ...(service.reload ?? []).map((line): [string, string] => ["ExecReload", commandLine(line)]),
      ["KillMode", "mixed"],
      ["KillSignal", service.stop.signal],
      ["TimeoutStopSec", service.stop.timeoutSeconds],
      ["LimitNOFILE", 65536],
      ["ReadWritePaths", [service.data, ...(service.writes ?? [])].filter(Boolean).join(" ") || undefined],
      ["CapabilityBoundingSet", capabilities],
      ["AmbientCapabilities", capabilities],
      ...SERVICE_SANDBOX,
    ],
    ...(service.schedule ? {} : { Install: [["WantedBy", "multi-user.target"]] }),
  });
}

/** SIGKILL: what is stopped or stuck would not hear another signal, and would be waited for. */
const guarded = ({ path, seconds }: NonNullable<ServicePlan["guard"]>): UnitSections[string] => [
  // Its word comes by `systemd-notify`, a process of its own.
  ["NotifyAccess", "all"],
  ["WatchdogSec", seconds],
  ["WatchdogSignal", "SIGKILL"],
  ["ExecStopPost", `+${commandLine([path])}`],
];

/** How it starts, and what follows when it ends. */
const comingAndGoing = ({
  schedule,
  finalExits,
  guard,
  readiness = "exec",
}: ServicePlan): UnitSections[string] =>
  schedule
    ? [
        ["Type", "oneshot"],
        // Work that runs to its end takes what it takes: a backup of terabytes, hours.
        ["TimeoutStartSec", "infinity"],
      ]
    : [
        ["Type", readiness],
        // "always", not "on-failure": nodeos ends with status 0 on a busy port, eos-evm-node on a lost connection.
        ["Restart", "always"],
        ["RestartSec", 2],
        ["RestartPreventExitStatus", finalExits?.join(" ")],
        ["TimeoutStartSec", 120],
        ...(guard ? guarded(guard) : []),
      ];
