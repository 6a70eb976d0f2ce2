import type { HaproxySection } from "../services/service";
import type { EdgePlan, EdgeTls } from "./edge-plan";
import { refuse } from "./haproxy-answer";
import { rule } from "./haproxy-rule";

/** RFC 8555, 8.3: where an authority asks for the token of a name. */
export const CHALLENGE = "/.well-known/acme-challenge/";

/**
 * Mozilla's "intermediate" of 2024-10 (version 5.7): every client of the last ten years, forward secrecy for all. No
 * finite-field Diffie-Hellman: nobody who speaks TLS 1.2 needs it.
 */
const CIPHERS = [
  ...["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"],
  ...["ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"],
].join(":");
const SUITES = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

/** Requests of one connection under way at once; each may hold a buffer as large as a body. HAProxy's default is 100. */
const STREAMS = 16;

/** Words of the public frontend's `bind`, after its address. Without TLS a balancer in front may speak HTTP/2 in plain. */
export const bindWords = ({ tls }: Pick<EdgePlan, "tls">): string[] =>
  tls ? ["ssl", "crt", tls.certificate, "alpn", "h2,http/1.1"] : [];

export const tlsGlobals = ({ tls }: Pick<EdgePlan, "tls">): string[][] => [
  ["tune.h2.max-concurrent-streams", String(STREAMS)],
  ...(tls
    ? [
        ["ssl-default-bind-ciphers", CIPHERS],
        ["ssl-default-bind-ciphersuites", SUITES],
        ["ssl-default-bind-options", "ssl-min-ver", "TLSv1.2", "no-tls-tickets"],
        // A new certificate takes the place of the old one here, in the process that serves: nothing is started anew.
        ["stats", "socket", tls.socket, "mode", "600", "level", "admin"],
      ]
    : []),
];

const HOST = ["req.hdr(host)"];
const isChallenge = ["path_beg", CHALLENGE];

/** Plain HTTP: the authority's questions, and the way to the other port for all else. `gate` lets connections in or not. */
export function redirectFrontend(plan: EdgePlan, tls: EdgeTls, gate: readonly string[][]): HaproxySection {
  const port = plan.port === 443 ? "" : `:${plan.port}`;
  return {
    kind: "frontend",
    name: "redirect",
    lines: [
      ["bind", `:::${tls.plainPort}`, "v4v6"],
      ["option", "dontlog-normal"],
      ...gate,
      ["acl", "challenge", ...isChallenge],
      // Rules come before the choice of a backend, wherever they stand: none of them may concern what goes to one.
      ...(tls.acme ? [] : [rule(...refuse(404, -32600, "nothing is here"), "if", "challenge")]),
      rule(
        ...refuse(400, -32600, "no host is named"),
        "unless",
        "challenge",
        "||",
        "{",
        ...HOST,
        "-m",
        "found",
        "}",
      ),
      // 308 keeps the method and the body; the port that a client named is that of plain HTTP.
      rule(
        ...["redirect", "location", `https://%[${HOST[0]},field(1,:)]${port}%[pathq]`, "code", "308"],
        ...["unless", "challenge"],
      ),
      ...(tls.acme ? [["use_backend", "challenges", "if", "challenge"]] : []),
    ],
  };
}

/** What the others of a group ask here for an authority goes to this host's own client alone, so that nothing circles. */
export const memberChallenges = ({ tls }: Pick<EdgePlan, "tls">): string[][] =>
  tls?.acme ? [["use_backend", "own-challenges", "if", "{", ...isChallenge, "}"]] : [];

/**
 * One name, several hosts: the authority asks any of them for the token that one of them holds. Whoever has no client
 * running, or another token, hands the question on.
 */
export function challengeBackends({ tls }: Pick<EdgePlan, "tls">): HaproxySection[] {
  if (!tls?.acme) return [];
  const { port, members } = tls.acme;
  const own = ["server", "own.acme", `127.0.0.1:${port}`];
  const others = members.map((each) => [
    ...["server", each.name, `${each.host}:${each.port}`],
    ...["init-addr", "last,libc,none", "resolvers", "system"],
  ]);
  const everyone = String(2 * (members.length + 1));
  return [
    {
      kind: "backend",
      name: "challenges",
      lines: [
        ["balance", "roundrobin"],
        ["retries", everyone],
        ["option", "redispatch", "1"],
        ["retry-on", "conn-failure", "empty-response", "404", "503"],
        own,
        ...others,
      ],
    },
    ...(members.length === 0 ? [] : [{ kind: "backend" as const, name: "own-challenges", lines: [own] }]),
  ];
}
