import { printWordLines } from "../../emit/word-lines";
import { LOGIN } from "../../login";
import { type Part, type Surroundings, SYSTEMCTL, settingsUnit } from "./part";

/** sshd takes the first value that it reads, so this must come before the files of images and of cloud-init. */
const PATH = "/etc/ssh/sshd_config.d/00-nodewright.conf";

/** No finite-field Diffie-Hellman: a server can be kept busy with it (CVE-2002-20001). All are in OpenSSH 8.9 (Ubuntu 22.04) and, with the second key exchange, in the Go client of our engine. */
const ALGORITHMS = [
  ["KexAlgorithms", "sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org"],
  [
    "Ciphers",
    "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes192-ctr,aes128-ctr",
  ],
  ["MACs", "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,umac-128-etm@openssh.com"],
];

/**
 * Where a machine was made by us: our own user alone, and the one host key that its clients have pinned. A machine of
 * the operator's keeps its logins, root by key among them, and the host key that the stack file names, of any kind.
 */
const access = ({ keepsLogins = false }: Surroundings["traits"]) =>
  keepsLogins
    ? [["PermitRootLogin", "prohibit-password"]]
    : [
        ["AllowUsers", LOGIN],
        ["PermitRootLogin", "no"],
        ["AuthenticationMethods", "publickey"],
        ["HostKey", "/etc/ssh/ssh_host_ed25519_key"],
        ["HostKeyAlgorithms", "ssh-ed25519"],
      ];

const settings = ({ traits, isDoor }: Surroundings): string[][] => [
  ...access(traits),
  ["PasswordAuthentication", "no"],
  ["KbdInteractiveAuthentication", "no"],
  ["PermitEmptyPasswords", "no"],
  ...ALGORITHMS,
  ["MaxAuthTries", "3"],
  // An OpenSSH client that shares a connection makes a further one by itself when this is reached.
  ["MaxSessions", "2"],
  ["LoginGraceTime", "30"],
  // A change of a large stack comes through one door with many connections at once; the default drops some from 10 on.
  ["MaxStartups", "100:30:200"],
  // However many one source holds open without logging in, the others are far from the first that is dropped.
  ["PerSourceMaxStartups", "60"],
  ["PerSourceNetBlockSize", "32:64"],
  ["ClientAliveInterval", "60"],
  ["ClientAliveCountMax", "2"],
  ["TCPKeepAlive", "no"],
  ["LogLevel", "VERBOSE"],
  // `local`: to hosts behind it, never ports opened here for someone outside.
  ["AllowTcpForwarding", isDoor ? "local" : "no"],
  ["AllowStreamLocalForwarding", "no"],
  ["AllowAgentForwarding", "no"],
  ["GatewayPorts", "no"],
  ["PermitTunnel", "no"],
  ["PermitUserEnvironment", "no"],
  ["X11Forwarding", "no"],
  ["Compression", "no"],
];

/** Settings that sshd refuses are taken away at once: at the next boot it would not start, and nobody could log in. */
const ACCEPT = `sshd -t || { rm -f ${PATH}; echo 'nodewright: sshd refuses its settings; they were taken away' >&2; exit 1; }`;

/** Keys alone, few tries, today's algorithms, and forwarding only where SSH to hidden hosts goes through. */
export function sshd(host: Surroundings): Part {
  const files = [{ path: PATH, content: printWordLines(settings(host)), mode: "0644" }];
  // The unit is called ssh on Debian and Ubuntu, sshd on the RHEL family.
  const reload = ["ssh.service", "sshd.service"].map((unit) => [
    "-",
    SYSTEMCTL,
    "try-reload-or-restart",
    unit,
  ]);
  return {
    packages: [],
    files,
    units: [
      settingsUnit({
        name: "sshd",
        summary: "sshd's settings",
        files,
        // sshd -t wants its folder, which is not there before the first connection where a socket starts sshd.
        run: [["/bin/sh", "-c", `mkdir -p /run/sshd; ${ACCEPT}`], ...reload],
        writes: "/etc/ssh/sshd_config.d /run",
      }),
    ],
  };
}
