import type { Hardware } from "../components/core/hardware/hardware";
import type { HostPlan, Plan } from "../components/core/plan/plan";
import { releaseOf, releasesFor } from "../components/core/releases";
import { DATA, type ServicePlan } from "../components/core/services/service";
import type { Awaited, Directory, HostDocument, HostFile, Preflight, SystemUser, Unit } from "./document";
import { printContent } from "./emit/file-content";
import { firewallFile, firewallUnit } from "./parts/firewall";
import { hardening } from "./parts/hardening";
import { mountUnit } from "./parts/mount-unit";
import { serviceUnit } from "./parts/service-unit";
import { timerUnit } from "./parts/timer-unit";

/** What one host shall be, in full. Pure: the same plan gives the same bytes. */
export function documentFor(plan: Plan, host: HostPlan): HostDocument {
  const { services } = host;
  const started = services.filter(({ waits }) => waits === undefined);
  const hardened = hardening(plan, host);
  return {
    schema: 1,
    stack: plan.stack,
    host: host.name,
    role: host.role,
    mirror: plan.mirror,
    packages: unique([
      ...["libarchive-tools", "nftables", ...hardened.packages],
      ...services.flatMap(({ packages }) => packages ?? []),
      ...host.releases.flatMap(({ packages }) => packages ?? []),
    ]),
    masked: unique(services.flatMap(({ masked }) => masked ?? [])),
    users: usersOf(services),
    directories: [...hardened.directories, ...directoriesOf(services)],
    ...(host.disk?.device === undefined ? {} : { disk: { device: host.disk.device, size: host.disk.size } }),
    artifacts: host.releases.map(({ name, version, sha256, format, keep, programs, signature }) => ({
      name,
      version,
      sha256,
      format,
      keep,
      programs,
      ...(signature ? { signature } : {}),
    })),
    files: [firewallFile(host.firewall), ...hardened.files, ...started.flatMap(filesOf)],
    units: [firewallUnit, ...hardened.units, ...started.flatMap((service) => unitsOf(service, host))],
    ...awaitedOf(services),
    preflight: preflightOf(plan, host),
  };
}

/** For the host's own status alone: nothing of it is done. */
function awaitedOf(services: readonly ServicePlan[]): Pick<HostDocument, "awaited"> {
  const awaited = services.flatMap(({ unit, waits }): Awaited[] =>
    waits === undefined ? [] : [{ name: `${unit}.service`, service: unit, why: waits }],
  );
  return awaited.length > 0 ? { awaited } : {};
}

const unique = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];

const usersOf = (services: readonly ServicePlan[]): SystemUser[] =>
  unique(services.map(({ user }) => user).filter((user) => user !== "root")).map((name) => ({
    name,
    home: services.find(({ user, data }) => user === name && data)?.data ?? "/nonexistent",
  }));

const directoriesOf = (services: readonly ServicePlan[]): Directory[] => [
  { path: DATA, mode: "0755" },
  ...unique(services.flatMap(({ data }) => data ?? [])).map((path) => {
    const owner = services.find(({ data }) => data === path)?.user ?? "root";
    return { path, owner, group: owner, mode: "0750" };
  }),
  ...unique(services.flatMap(({ folders }) => folders ?? [])).map((path) => ({ path, mode: "0755" })),
];

/** Of a machine type the catalog says cores' clock and ECC, which a virtual machine cannot see; of other machines nobody does. */
function preflightOf({ target }: Plan, { hardware, has, belowFloor, listeners }: HostPlan): Preflight {
  const { clock, ...vouched } = hardware;
  const floor: Hardware = has ? { ...vouched, ecc: false } : hardware;
  return {
    ...(target.traits.floors ? { floor } : {}),
    ...(belowFloor === undefined ? {} : { belowFloor }),
    ports: listeners
      .filter(({ name }) => name !== "ssh")
      .map(({ name, protocol, port }) => ({ name, protocol, port })),
  };
}

/** A service's own user reads its configuration; scripts hold nothing secret and anyone may run them. */
const filesOf = ({ files, user }: ServicePlan): HostFile[] =>
  files.map(({ path, content, mode }) => ({
    path,
    content: printContent(content),
    ...(mode !== undefined
      ? { mode }
      : content.format === "script"
        ? { mode: "0755" }
        : { mode: "0640", group: user }),
  }));

/** Its unit, after the mount that it needs, and the timer that starts it where it runs at times. */
const unitsOf = (service: ServicePlan, host: HostPlan): Unit[] => {
  const unit = unitOf(service, host);
  if (!service.schedule) return [...(service.tmpfs ? [mountUnit(service.tmpfs, service)] : []), unit];
  const { calendar } = service.schedule;
  if (calendar === undefined) return [{ ...unit, startedBy: unit.name }];
  const timer = timerUnit(service.unit, calendar);
  return [{ ...unit, startedBy: timer.name }, timer];
};

const unitOf = (service: ServicePlan, host: HostPlan): Unit => ({
  name: `${service.unit}.service`,
  service: service.unit,
  content: serviceUnit(service),
  onChange: service.onChange,
  reads: service.files.flatMap(({ path, live }) => (live ? [] : [path])),
  runs: releasesFor(host.releases, service.programs).map(({ name }) => name),
  secrets: service.secrets ?? [],
  ...(service.health ? { health: service.health } : {}),
});

/** The release that runs `provision` on the host, and the one that runs it. */
export const agentReleases = (host: HostPlan) => {
  const [runtime, agent] = [releaseOf(host.releases, "node"), releaseOf(host.releases, "nodewright-host")];
  if (!runtime || !agent)
    throw new Error(`${host.name}: the release lock brings no node or no nodewright-host`);
  return { runtime, agent };
};
