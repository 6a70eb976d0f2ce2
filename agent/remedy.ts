const REMEDIES: readonly [sign: RegExp, remedy: string][] = [
  [
    // tar says the last where a disk takes only a part of what it writes.
    /ENOSPC|EDQUOT|No space left on device|Disk quota exceeded|Wrote only \d+ of \d+ bytes/,
    "the disk is full: free some (`journalctl --vacuum-size=200M`, `apt-get clean`) or enlarge it, then run this again; no unit was touched after this",
  ],
  [
    /EROFS|Read-only file system/,
    "the file system is read-only, as after a disk error: read `dmesg`, check the disk, mount it for writing or reboot, then run this again",
  ],
  [
    /\bEIO\b|Input\/output error/,
    "the disk fails to read or write: read `dmesg`, replace the disk; a rebuilt host takes its bundle from the stack",
  ],
  [
    /CERT_NOT_YET_VALID|CERT_HAS_EXPIRED|certificate (is not yet valid|has expired)/,
    "either the mirror's certificate or this host's clock is wrong: compare `timedatectl` with another clock, then renew the one or set the other",
  ],
  [/EACCES|EPERM/, "this user may not: run it with sudo"],
];

/** What an operator does about an error that the machine gave, by its code or its words; undefined where we know none. */
export const remedyFor = (words: string): string | undefined =>
  REMEDIES.find(([sign]) => sign.test(words))?.[1];
