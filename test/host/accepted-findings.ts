/** What ssh-audit still says of these hosts, by a part of its line, and why it stays. Anything else is ours to fix. */
export const ACCEPTED_SSH: Readonly<Record<string, string>> = {
  "sntrup761x25519-sha512@openssh.com":
    "called experimental by ssh-audit 2.5; its releases since 3.1 recommend it",
  "kex-strict-s-v00@openssh.com": "the mark of the fix for Terrapin, which ssh-audit 2.5 does not know",
};

/** The same of lynis, by the number of its test. */
export const ACCEPTED_LYNIS: Readonly<Record<string, string>> = {
  "ACCT-9622": "process accounting: auditd keeps who ran what, where the host has its own kernel",
  "ACCT-9626": "sysstat: Prometheus keeps the figures",
  "ACCT-9628": "auditd: not in a container, which shares the machine's audit",
  "AUTH-9230": "password hashing: nobody has a password",
  "AUTH-9262": "password strength: the same",
  "AUTH-9284": "locked accounts: the operator's, who logs in by key",
  "AUTH-9286": "password age: nobody has a password",
  "AUTH-9328": "umask of logins: services have their own, 0027",
  "BANN-7126": "a legal banner is the operator's to write",
  "BANN-7130": "the same",
  "BOOT-5264": "units of the operating system; ours are measured above",
  "DEB-0280": "libpam-tmpdir: one person logs in, and services have a /tmp of their own",
  "DEB-0810": "apt-listbugs is for people who install by hand",
  "DEB-0811": "apt-listchanges: the same",
  "DEB-0831": "needrestart would restart nodeos; what may be restarted is",
  "DEB-0880": "fail2ban: docs/decisions, 2026-11-21-hardening",
  "FILE-6310": "the chain has its own disk; /home and /var hold little",
  "FILE-7524": "modes of Debian's own files",
  "FINT-4350": "provision compares every file of ours with the document",
  "HRDN-7230": "a malware scanner would read terabytes of blocks",
  "KRNL-5788": "a container has no kernel of its own",
  "KRNL-5820": "reads /etc/security/limits.conf alone; ours stands in limits.d",
  "KRNL-6000": "the kernel is the machine's",
  "LOGG-2154": "logs go to the monitor, by a configuration of ours that it does not look for",
  "NAME-4028": "the DNS domain of a container",
  "NETW-3200": "modules are the machine's",
  "PKGS-7370": "debsums: packages are verified by signature when they come",
  "PKGS-7388": "the lab has no package mirror",
  "PKGS-7394": "apt-show-versions: unattended-upgrades does this by itself",
  "SSH-7408": "the port: moving it hides nothing from a scan, and the firewall opens it to operators alone",
  "STRG-1846": "modules are the machine's",
  "TOOL-5002": "automation tools: it knows ours not",
  "USB-1000": "modules are the machine's",
};
