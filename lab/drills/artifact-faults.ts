import { generateKeyPairSync, sign } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { sha256 } from "../../agent/disk";
import type { HostDocument, SignedArtifact } from "../../cloud-init/document";
import { artifactPath } from "../../stacks/stack-file";
import { idleProgram } from "./document-change";
import { otherClock, otherMounts, poorMirror } from "./poor-mirror";
import type { SampleLab } from "./sample-lab";

/** What an agent is asked to do under a fault, and what it must say. */
export interface Attempt {
  document: HostDocument;
  /** Words before the agent's own. */
  before?: readonly string[];
  /**
   * Exit codes: 1 for what failed on the way, 2 for what was refused before anything was changed. Both where the look
   * before a run, which not every target asks for, sees the fault first.
   */
  codes: readonly (1 | 2)[];
  /** All of it must be said: the fault and the way out. */
  says: readonly RegExp[];
  /** Takes the fault away. */
  end?: () => Promise<void>;
}

export interface Stage {
  lab: SampleLab;
  host: string;
  /** The host's document with a change that would start its nodeos anew. */
  document: HostDocument;
  /** Of this round alone. */
  number: number;
  until(what: string, holds: () => Promise<boolean>): Promise<void>;
}

export interface Fault {
  fault: string;
  make(stage: Stage): Promise<Attempt>;
}

const PUT_THERE = [/its content has the hash [0-9a-f]{64}/, /put the pinned file there/];
const FULL = [/the disk is full: free some/];
const HOUR_MS = 3_600_000;
/** More than fits into `SMALL_DISK`, which is more than the agent asks for before it begins. */
const BIG_BYTES = 48 * 2 ** 20;
const SMALL_DISK = "40m";
const DOWNLOADS = "/var/cache/nodewright";

const bringing = (document: HostDocument, artifact: SignedArtifact): HostDocument => ({
  ...document,
  artifacts: [...document.artifacts, artifact],
});

/** The mirror holds other bytes under the artifact's name, or none. */
function inMirror(
  fault: string,
  damage: (bytes: Buffer) => Buffer | undefined,
  says: readonly RegExp[],
): Fault {
  return {
    fault,
    make: async ({ document, number }) => {
      const { artifact, content } = idleProgram(`${number}, ${fault}`);
      const bytes = damage(content);
      const path = artifactPath(artifact.sha256);
      if (bytes) writeFileSync(path, bytes);
      else rmSync(path);
      return {
        document: bringing(document, artifact),
        codes: [1, 2],
        says,
        end: async () => rmSync(path, { force: true }),
      };
    },
  };
}

const fromMirror = (fault: string, manner: "broken off", says: readonly RegExp[]): Fault => ({
  fault,
  make: async ({ lab, host, document, number, until }) => {
    const { url, stop } = await poorMirror(lab, host, manner, until);
    const { artifact } = idleProgram(String(number));
    return { document: { ...bringing(document, artifact), mirror: url }, codes: [1], says, end: stop };
  },
});

const badSignature: Fault = {
  fault: "a signature by another key than the lock names",
  make: async ({ document, number }) => {
    const { artifact, content } = idleProgram(String(number));
    const [mine, theirs] = [generateKeyPairSync("ed25519"), generateKeyPairSync("ed25519")];
    const signature = {
      key: mine.publicKey.export({ format: "der", type: "spki" }).toString("base64"),
      value: sign(null, content, theirs.privateKey).toString("base64"),
    };
    return {
      document: bringing(document, { ...artifact, signature }),
      codes: [1],
      says: [
        /its signature in the release lock does not fit/,
        /ask whoever built it|pin a build that you trust/,
      ],
    };
  },
};

const olderAgent: Fault = {
  fault: "a document that brings an older agent",
  make: async ({ document }) => ({
    document: {
      ...document,
      artifacts: document.artifacts.map((each) =>
        each.name === "nodewright-host" ? { ...each, version: "0.0.1" } : each,
      ),
    },
    codes: [2],
    says: [/brings nodewright-host 0\.0\.1, the host has \d/, /nodewright-host rollback/],
  }),
};

const goneMirror: Fault = {
  fault: "no mirror where the document says",
  make: async ({ document, number }) => ({
    // Port 9 of loopback: nothing listens there, and the kernel says so at once.
    document: { ...bringing(document, idleProgram(String(number)).artifact), mirror: "http://127.0.0.1:9" },
    codes: [1, 2],
    says: [/no answer/, /is the mirror up, and may this host reach it\?/],
  }),
};

const oldClock: Fault = {
  fault: "a clock of 1970",
  make: async ({ lab, host, document }) => ({
    document,
    before: await otherClock(lab, host, 60_000 - Date.now()),
    codes: [2],
    says: [/the clock says 1970-/, /set it \(`timedatectl`/],
  }),
};

const lateClock: Fault = {
  fault: "a clock three hours before the mirror's",
  make: async ({ lab, host, document, until }) => {
    const { url, stop } = await poorMirror(lab, host, "well", until);
    return {
      document: { ...document, mirror: url },
      before: await otherClock(lab, host, -3 * HOUR_MS),
      codes: [2],
      says: [/-3\.0 h from the mirror's/, /set it \(`timedatectl`/],
      end: stop,
    };
  },
};

const fullDisk: Fault = {
  fault: "a disk that is full",
  make: async ({ document, number }) => ({
    document: bringing(document, idleProgram(String(number)).artifact),
    before: otherMounts(`mount -t tmpfs -o size=16m drill ${DOWNLOADS}`),
    codes: [2],
    says: [/KiB are free, 32 MiB are needed/, ...FULL],
  }),
};

const fillingDisk: Fault = {
  fault: "a disk that is full in the middle of a download",
  make: async ({ document }) => {
    const content = Buffer.alloc(BIG_BYTES);
    const artifact = { ...idleProgram("big").artifact, sha256: sha256(content) };
    writeFileSync(artifactPath(artifact.sha256), content);
    return {
      document: bringing(document, artifact),
      before: otherMounts(`mount -t tmpfs -o size=${SMALL_DISK} drill ${DOWNLOADS}`),
      codes: [1],
      says: FULL,
      end: async () => rmSync(artifactPath(artifact.sha256), { force: true }),
    };
  },
};

const readOnlyDisk: Fault = {
  fault: "a disk that is read-only",
  make: async ({ document, number }) => ({
    document: bringing(document, idleProgram(String(number)).artifact),
    before: otherMounts("mount --bind / /", "mount -o remount,bind,ro /"),
    codes: [2],
    says: [/cannot be written \(EROFS\)/, /the file system is read-only/, /mount it for writing or reboot/],
  }),
};

/** Whatever can be wrong with what a host is told to install, or with the host itself at that moment. */
export const FAULTS: readonly Fault[] = [
  inMirror(
    "a corrupted artifact",
    (bytes) => Buffer.from(bytes.map((byte, at) => (at === 9 ? byte ^ 1 : byte))),
    PUT_THERE,
  ),
  inMirror("a truncated artifact", (bytes) => bytes.subarray(0, bytes.length - 7), PUT_THERE),
  inMirror("an empty artifact", () => Buffer.alloc(0), PUT_THERE),
  inMirror("another program in the artifact's place", () => Buffer.from("#!/bin/sh\nexit 1\n"), PUT_THERE),
  inMirror("an older build in the artifact's place", () => idleProgram("0").content, PUT_THERE),
  inMirror("an artifact that the mirror does not have", () => undefined, [
    /(the mirror does not have it; put the file there|\(it does not have it\): fill it \(npm run mirror\))/,
  ]),
  badSignature,
  olderAgent,
  goneMirror,
  fromMirror("a mirror that breaks off", "broken off", [
    /the connection broke off/,
    /is the mirror's file whole\?/,
  ]),
  oldClock,
  lateClock,
  fullDisk,
  fillingDisk,
  readOnlyDisk,
];
