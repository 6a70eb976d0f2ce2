import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import { expect } from "chai";
import { type ReachOptions, reachDocker, releaseDocker } from "../../../lab/docker/daemon";
import { daemonProcess, placeIn, stopDaemon } from "../../../lab/docker/own-daemon";
import { listenAsDocker, writeBrokenDockerd, writeFakeDockerd } from "./fake-dockerd";
import { fakeRun } from "./fake-run";
import { userError } from "./rejection";
import { temporaryFolders } from "./temporary";

const folder = temporaryFolders();
const DEBIAN = { platform: "linux", root: true, family: ["debian"] } satisfies ReachOptions["machine"];

/** A machine of its own: no Docker but what the test puts there. */
function machineWith(dockerd: ((folder: string) => string) | undefined) {
  const root = folder();
  const place = placeIn(join(root, "run"));
  const lab = (name: string) => {
    mkdirSync(join(root, name), { recursive: true });
    return join(root, name);
  };
  const told: string[] = [];
  const program = dockerd?.(root);
  const options = {
    cache: join(root, "cache"),
    user: lab("one"),
    progress: (line: string) => void told.push(line),
    environment: {},
    system: `unix://${root}/system.sock`,
    place,
    machine: DEBIAN,
    find: () => program,
    run: fakeRun({}).run,
  } satisfies ReachOptions;
  return { root, place, lab, told, options };
}

describe("reaching Docker", () => {
  const places: ReturnType<typeof placeIn>[] = [];
  const servers: Server[] = [];
  const machine = (dockerd?: (folder: string) => string) => {
    const made = machineWith(dockerd);
    places.push(made.place);
    return made;
  };
  const docker = async (...words: Parameters<typeof listenAsDocker>) => {
    servers.push(await listenAsDocker(...words));
  };

  afterEach(async () => {
    for (const place of places.splice(0)) if (existsSync(place.run)) await stopDaemon(place);
    for (const server of servers.splice(0)) server.close();
  });

  it("takes DOCKER_HOST before the system's, and the system's before an own one", async () => {
    const { root, options } = machine();
    await docker(`${root}/system.sock`, root);
    await docker(`${root}/named.sock`, root);
    const named = `unix://${root}/named.sock`;
    const first = await reachDocker({ ...options, environment: { DOCKER_HOST: named } });
    expect([first.host, first.own, first.version]).eql([named, false, "20.10.24"]);
    expect((await reachDocker(options)).host).equal(options.system);
  });

  it("looks further when nothing answers at DOCKER_HOST, and says so", async () => {
    const { root, options, told } = machine();
    await docker(`${root}/system.sock`, root);
    const gone = { DOCKER_HOST: "unix:///nowhere.sock" };
    expect((await reachDocker({ ...options, environment: gone })).host).equal(options.system);
    expect(told.join("\n")).contain("unix:///nowhere.sock");
  });

  it("refuses a daemon that is too old for systemd in containers", async () => {
    const { root, options } = machine();
    await docker(`${root}/system.sock`, root, "1.39");
    expect(await userError(reachDocker(options))).contain("20.10");
  });

  it("starts one daemon for all labs, and stops it when the last one leaves", async () => {
    const { options, place, lab } = machine(writeFakeDockerd);
    const found = await reachDocker(options);
    expect([found.host, found.own]).eql([place.host, true]);
    const pid = daemonProcess(place);
    const other = { ...options, user: lab("two"), cache: join(lab("two"), "cache") };
    await reachDocker(other);
    expect(daemonProcess(place)).equal(pid);
    expect(await releaseDocker(options)).eql({ stopped: false, others: [other.user] });
    expect(await releaseDocker(other)).eql({ stopped: true, others: [] });
    expect(daemonProcess(place)).equal(undefined);
  });

  it("starts one daemon when two labs come at the same moment", async () => {
    const { options, place, lab } = machine(writeFakeDockerd);
    await Promise.all([reachDocker(options), reachDocker({ ...options, user: lab("two") })]);
    expect((await releaseDocker(options)).others).eql([lab("two")]);
    expect(daemonProcess(place)).not.equal(undefined);
  });

  it("starts after a daemon that was killed, whose number another process has now", async () => {
    const { options, place } = machine(writeFakeDockerd);
    mkdirSync(join(place.exec, "containerd"), { recursive: true });
    writeFileSync(place.pid, String(process.pid));
    writeFileSync(join(place.exec, "containerd", "containerd.pid"), String(process.pid));
    writeFileSync(place.host.slice("unix://".length), "");
    expect((await reachDocker(options)).own).equal(true);
  });

  it("starts anew a daemon whose data folder was deleted with its project", async () => {
    const { options, place } = machine(writeFakeDockerd);
    await reachDocker(options);
    const before = daemonProcess(place);
    rmSync(join(options.cache, "docker"), { recursive: true });
    await reachDocker(options);
    expect(daemonProcess(place)).not.equal(before);
  });

  it("shows the end of the log of a daemon that does not start", async () => {
    const { options, place } = machine(writeBrokenDockerd);
    const message = await userError(reachDocker(options));
    expect(message).contain("Devices cgroup isn't mounted").and.contain(place.log).and.contain("Remedy");
    expect(await releaseDocker(options)).eql({ stopped: false, others: [] });
  });

  it("ends what it started when it is interrupted", async () => {
    const { options, place } = machine(writeFakeDockerd);
    const stop = new AbortController();
    const progress = () => stop.abort(new Error("interrupted"));
    const reached = reachDocker({ ...options, progress, signal: stop.signal });
    const reason = await reached.then(
      () => "reached",
      (cause: Error) => cause.message,
    );
    expect(reason).equal("interrupted");
    expect((await releaseDocker(options)).others).eql([]);
    expect(daemonProcess(place)).equal(undefined);
  });

  it("installs Docker where it may, and uses the service that the packages bring", async () => {
    const { root, options, told } = machine();
    const { run, calls } = fakeRun({
      "apt-get": async (words) => {
        if (words[0] === "install") await docker(`${root}/system.sock`, root);
        return {};
      },
    });
    let looked = 0;
    const find = () => (looked++ === 0 ? undefined : "/usr/sbin/dockerd");
    const found = await reachDocker({ ...options, run, find });
    expect([found.host, found.own]).eql([options.system, false]);
    expect(calls.at(-1)).match(/install .* docker\.io containerd iptables$/);
    expect(told).contain("installing docker.io, containerd, iptables");
  });

  it("says what to install where it may not", async () => {
    const { options } = machine();
    const fedora = { platform: "linux", root: true, family: ["fedora"] } as const;
    const user = { ...DEBIAN, root: false };
    expect(await userError(reachDocker({ ...options, machine: { ...fedora, family: ["fedora"] } }))).contain(
      "dnf",
    );
    expect(await userError(reachDocker({ ...options, machine: user }))).contain("run this as root");
  });

  it("reads no configuration of the system's daemon", async () => {
    const { options, place } = machine(writeFakeDockerd);
    await reachDocker(options);
    const config = JSON.parse(readFileSync(place.config, "utf8"));
    expect(config).include({ "data-root": join(options.cache, "docker"), bridge: "none" });
  });
});
