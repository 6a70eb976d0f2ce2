import * as compute from "@pulumi/gcp/compute";
import type * as pulumi from "@pulumi/pulumi";
import type { HttpsArgs } from "../https";
import { healthOf } from "./health";
import { type Backend, DRAINS } from "./tcp-balancer";
import { webFirewall } from "./web-firewall";

/** What the group calls the port that its members serve. */
export const PORT_NAME = "edge";
const SCHEME = "EXTERNAL_MANAGED";

/** Ends TLS in Google's front ends, sends plain HTTP there, and says each client's address; answers its own address. */
export function httpsBalancer(
  name: string,
  args: Backend,
  https: HttpsArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { address } = new compute.GlobalAddress(`${name}-address`, { name: args.name }, opts);
  const backend = backendOf(name, args, https, opts);
  const map = new compute.URLMap(`${name}-calls`, { name: args.name, defaultService: backend.id }, opts);
  const policy = new compute.SSLPolicy(
    `${name}-tls`,
    // TLS 1.2 with forward secrecy and authenticated ciphers alone, and 1.3, which is always on.
    { name: args.name, profile: "RESTRICTED", minTlsVersion: "TLS_1_2" },
    opts,
  );
  const target = new compute.TargetHttpsProxy(
    `${name}-calls`,
    { name: args.name, urlMap: map.id, sslPolicy: policy.id, ...certificate(name, https, opts) },
    opts,
  );
  listen(`${name}-balancer`, { name: args.name, address, port: https.port, target: target.id }, opts);
  redirect(name, https, address, opts);
  return address;
}

function backendOf(
  name: string,
  args: Backend,
  https: HttpsArgs,
  opts: pulumi.CustomResourceOptions,
): compute.BackendService {
  const health = new compute.HealthCheck(
    `${name}-front-health`,
    { name: args.name, ...healthOf(args.healthPort) },
    opts,
  );
  const firewall = https.firewall && webFirewall(name, args.name, https.firewall, opts);
  return new compute.BackendService(
    `${name}-backend`,
    {
      name: args.name,
      loadBalancingScheme: SCHEME,
      protocol: "HTTP",
      portName: PORT_NAME,
      healthChecks: health.id,
      backends: [{ group: args.group, balancingMode: "UTILIZATION" }],
      timeoutSec: https.callSeconds,
      connectionDrainingTimeoutSec: DRAINS,
      // Its log keeps each request's URL, and a URL can carry a client's key. The edge has one that does not.
      logConfig: { enable: false },
      ...(firewall ? { securityPolicy: firewall } : {}),
    },
    opts,
  );
}

function certificate(name: string, { certificate: from }: HttpsArgs, opts: pulumi.CustomResourceOptions) {
  if ("map" in from) return { certificateMap: `//certificatemanager.googleapis.com/${from.map}` };
  if ("own" in from) return { sslCertificates: [from.own] };
  const made = new compute.ManagedSslCertificate(
    `${name}-certificate`,
    { name: from.name, managed: { domains: from.names } },
    opts,
  );
  return { sslCertificates: [made.id] };
}

/** 308: a client that follows sends its call again, as it was. */
function redirect(
  name: string,
  https: HttpsArgs,
  address: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): void {
  const map = new compute.URLMap(
    `${name}-redirect`,
    {
      name: https.redirect,
      defaultUrlRedirect: {
        httpsRedirect: true,
        redirectResponseCode: "PERMANENT_REDIRECT",
        stripQuery: false,
      },
    },
    opts,
  );
  const { id: target } = new compute.TargetHttpProxy(
    `${name}-redirect`,
    { name: https.redirect, urlMap: map.id },
    opts,
  );
  listen(`${name}-redirect`, { name: https.redirect, address, port: 80, target }, opts);
}

function listen(
  resource: string,
  {
    name,
    address,
    port,
    target,
  }: {
    name: pulumi.Input<string>;
    address: pulumi.Input<string>;
    port: number;
    target: pulumi.Input<string>;
  },
  opts: pulumi.CustomResourceOptions,
): void {
  new compute.GlobalForwardingRule(
    resource,
    {
      ...{ name, target, loadBalancingScheme: SCHEME, ipProtocol: "TCP" },
      ...{ ipAddress: address, portRange: String(port) },
    },
    opts,
  );
}
