import type { z } from "zod";
import type { EdgeTls, Upstream } from "../edge/edge-plan";
import type { Listener } from "../network/listener";
import type { proxySettings } from "./proxy-settings";
import { PROGRAMS, type ServiceContext, type ServicePlan } from "./service";

/** Certificate, those above it, and key of an endpoint that has one of its own: PEM, in this order or another. */
export const TLS_CERTIFICATE = "tls-certificate";
/** What the host's program reads (agent/edge-certificate/settings.ts). */
export const CERTIFICATE_SETTINGS = "/etc/proxy/certificate.json";
/** HAProxy's own folder; its user's. */
export const PROXY_STATE = "/var/lib/proxy";

type Context = ServiceContext<z.output<typeof proxySettings>>;

/** Names that the certificate of a host is for. */
export const certificateNames = ({
  settings: { acme },
  publicNames,
}: Pick<Context, "settings" | "publicNames">): readonly string[] =>
  acme.names.length > 0 ? acme.names : publicNames;

/** Whether HAProxy itself ends TLS. */
export const endsTls = ({ tls }: Pick<Context["settings"], "tls">): boolean =>
  tls === "acme" || tls === "own";

export function edgeTls({ settings }: Context, members: readonly Upstream[]): EdgeTls | undefined {
  const { tls, port, challengePort } = settings;
  if (!endsTls(settings)) return undefined;
  return {
    certificate: `${PROXY_STATE}/edge.pem`,
    socket: `${PROXY_STATE}/admin.sock`,
    plainPort: port,
    ...(tls === "acme" ? { acme: { port: challengePort, members } } : {}),
  };
}

/** Written before HAProxy starts, so that it has one to start with. */
export const placeholder = [`${PROGRAMS}/nodewright-host`, "certificate", "placeholder"];

/** The unit that keeps HAProxy's certificate: takes the operator's, or asks the authority for one in time. */
export function certificateKeeper(tls: EdgeTls, context: Context, listeners: Listener[]): ServicePlan {
  const { directory, email } = context.settings.acme;
  const { certificate, socket, acme } = tls;
  const value = {
    certificate,
    socket,
    ...(acme
      ? {
          acme: {
            ...{ directory, port: acme.port, names: certificateNames(context) },
            ...(email === undefined ? {} : { email }),
          },
        }
      : {}),
  };
  return {
    service: "proxy",
    unit: "nodewright-certificate",
    summary: "certificate of the JSON-RPC proxy",
    // HAProxy's: what it writes is HAProxy's to read, and it may speak to HAProxy's socket. It needs no right beside.
    user: "haproxy",
    exec: [`${PROGRAMS}/nodewright-host`, "certificate", "keep"],
    programs: ["nodewright-host"],
    packages: ["openssl", ...(acme ? ["certbot"] : [])],
    masked: acme ? ["certbot.timer", "certbot.service"] : [],
    files: [{ path: CERTIFICATE_SETTINGS, content: { format: "json", value }, mode: "0644" }],
    listeners,
    secrets: acme ? [] : [TLS_CERTIFICATE],
    keepsState: true,
    writes: [PROXY_STATE],
    after: ["proxy.service"],
    onChange: "restart",
    stop: { timeoutSeconds: 60 },
  };
}
