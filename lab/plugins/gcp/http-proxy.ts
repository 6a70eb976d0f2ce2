import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { listOf, problem, textOf, textsOf } from "../cloud/known";
import type { World } from "../cloud/world";
import { isObject, type Properties } from "../value";
import { CREATED_AT, invalidValue, nextNumber } from "./api";
import { KINDS } from "./kinds";
import { idOf, type Kind, nameIn, pathOf, projectOf, referred, selfLink } from "./place";
import { TOKENS } from "./tokens";
import { refuseWhileUsed } from "./use";

const REDIRECTS = [
  "MOVED_PERMANENTLY_DEFAULT",
  "FOUND",
  "SEE_OTHER",
  "TEMPORARY_REDIRECT",
  "PERMANENT_REDIRECT",
];

/** What all of these have in common; `number` is the output with the API's own number for it. */
function typeOf(
  kind: Kind,
  forceNew: readonly string[],
  number: string,
  rest: Partial<CloudType>,
): CloudType {
  return {
    token: kind.token,
    forceNew: ["name", "project", ...forceNew],
    name: nameIn(kind),
    id: idOf(kind),
    outputs: (id, inputs, world) => ({
      selfLink: selfLink(id),
      project: projectOf(inputs, world),
      creationTimestamp: CREATED_AT,
      fingerprint: "",
      [number]: Number(world.get(kind.token, id)?.outputs[number] ?? nextNumber(world)),
    }),
    computed: ["selfLink", "project", "creationTimestamp", "fingerprint", number],
    ...rest,
  };
}

/** `gcp:compute/uRLMap:URLMap`: where requests go, here all to one place. */
export const urlMap = typeOf(KINDS.urlMap, [], "mapId", {
  check: (inputs) => {
    const [redirect] = [inputs.defaultUrlRedirect].flat().filter(isObject);
    const code = textOf(redirect?.redirectResponseCode);
    const places = ["defaultService", "defaultUrlRedirect", "defaultRouteAction"];
    return [
      ...problem(
        places.filter((key) => inputs[key] !== undefined).length !== 1,
        "defaultService",
        `exactly one of ${places.join(", ")} must be specified`,
      ),
      ...problem(
        code !== undefined && !REDIRECTS.includes(code),
        "defaultUrlRedirect.redirectResponseCode",
        `expected one of ${REDIRECTS.join(", ")}, got ${code}`,
      ),
    ];
  },
  create: refuseService,
  update: (_before, inputs, world) => refuseService(inputs, world),
  delete: (id, _state, world) =>
    refuseWhileUsed(world, "url_map", id, [TOKENS.targetHttpProxy, TOKENS.targetHttpsProxy]),
});

function refuseService(inputs: Properties, world: World): void {
  if (inputs.defaultService !== undefined)
    referred(KINDS.globalBackendService, inputs.defaultService, inputs, world);
}

const KEPT = ["description", "proxyBind", "httpKeepAliveTimeoutSec"];
const usedByRules = (kind: string): Pick<CloudType, "delete"> => ({
  delete: (id, _state, world) => refuseWhileUsed(world, kind, id, [TOKENS.globalForwardingRule]),
});

/** `gcp:compute/targetHttpProxy:TargetHttpProxy`; resource_compute_target_http_proxy.go of the Terraform provider. */
export const targetHttpProxy = typeOf(KINDS.targetHttpProxy, KEPT, "proxyId", {
  create: refuseMap,
  update: (_before, inputs, world) => refuseMap(inputs, world),
  ...usedByRules("target_http_proxy"),
});

/** `gcp:compute/targetHttpsProxy:TargetHttpsProxy`: map, policy and certificates change in place. */
export const targetHttpsProxy = typeOf(KINDS.targetHttpsProxy, KEPT, "proxyId", {
  check: proxyProblems,
  create: refuseProxy,
  update: (_before, inputs, world) => refuseProxy(inputs, world),
  ...usedByRules("target_https_proxy"),
});

function refuseMap(inputs: Properties, world: World): void {
  referred(KINDS.urlMap, inputs.urlMap, inputs, world);
}

function proxyProblems(inputs: Properties): Problem[] {
  const map = textOf(inputs.certificateMap);
  return [
    ...problem(
      inputs.certificateMap === undefined &&
        inputs.certificateManagerCertificates === undefined &&
        Array.isArray(inputs.sslCertificates) &&
        inputs.sslCertificates.length === 0,
      "sslCertificates",
      "At least one SSL certificate must be specified for a target HTTPS proxy.",
    ),
    ...problem(listOf(inputs.sslCertificates).length > 15, "sslCertificates", "at most 15"),
    ...problem(
      map !== undefined &&
        !/^\/\/certificatemanager\.googleapis\.com\/projects\/[^/]+\/locations\/global\/certificateMaps\/[^/]+$/.test(
          map,
        ),
      "certificateMap",
      "accepted format is //certificatemanager.googleapis.com/projects/{project}/locations/{location}/certificateMaps/{resourceName}",
    ),
  ];
}

/** Certificates of the operator's own were made elsewhere: of them the place alone is looked at. */
function refuseProxy(inputs: Properties, world: World): void {
  refuseMap(inputs, world);
  if (inputs.sslPolicy !== undefined) referred(KINDS.sslPolicy, inputs.sslPolicy, inputs, world);
  for (const certificate of textsOf(inputs.sslCertificates)) {
    const path = pathOf(KINDS.sslCertificate, certificate, inputs, world);
    if (!/^projects\/[^/]+\/global\/sslCertificates\/[^/]+$/.test(path))
      throw invalidValue("sslCertificates[0]", certificate, "It must be a global SSL certificate.");
  }
}

/** `gcp:compute/sSLPolicy:SSLPolicy`; resource_compute_ssl_policy.go of the Terraform provider. */
export const sslPolicy = typeOf(KINDS.sslPolicy, ["description"], "sslPolicyId", {
  check: (inputs) => {
    const [profile, least] = [textOf(inputs.profile), textOf(inputs.minTlsVersion)];
    return [
      ...problem(
        profile !== undefined && !/^(COMPATIBLE|MODERN|RESTRICTED|CUSTOM|FIPS_202205)$/.test(profile),
        "profile",
        "expected one of COMPATIBLE, MODERN, RESTRICTED, CUSTOM, FIPS_202205",
      ),
      ...problem(
        profile === "RESTRICTED" && !/^TLS_1_[23]$/.test(least ?? "TLS_1_0"),
        "minTlsVersion",
        "must be TLS_1_2 or later with the profile RESTRICTED",
      ),
      ...problem(
        (profile === "CUSTOM") !== (inputs.customFeatures !== undefined) && "profile" in inputs,
        "customFeatures",
        "go with the profile CUSTOM, and only with it",
      ),
    ];
  },
  delete: (id, _state, world) => refuseWhileUsed(world, "ssl_policy", id, [TOKENS.targetHttpsProxy]),
  outputs: (id, inputs, world) => ({
    ...{ selfLink: selfLink(id), project: projectOf(inputs, world), creationTimestamp: CREATED_AT },
    ...{ fingerprint: "", enabledFeatures: [] },
  }),
  computed: ["selfLink", "project", "creationTimestamp", "fingerprint", "enabledFeatures"],
});

/** `gcp:compute/managedSslCertificate:ManagedSslCertificate`: nothing of it changes in place. */
export const managedSslCertificate = typeOf(
  KINDS.sslCertificate,
  ["description", "managed", "type"],
  "certificateId",
  {
    check: (inputs) => {
      const [managed] = [inputs.managed].flat().filter(isObject);
      const domains = textsOf(managed?.domains);
      return [
        ...problem(
          managed !== undefined && listOf(managed.domains).length > 100,
          "managed.domains",
          "at most 100",
        ),
        ...domains.flatMap((domain) =>
          problem(
            domain.startsWith("*") || domain.length > 63 + 1,
            "managed.domains",
            `'${domain}' must be a name without a wildcard, of at most 64 characters`,
          ),
        ),
      ];
    },
    delete: (id, _state, world) => refuseWhileUsed(world, "ssl_certificate", id, [TOKENS.targetHttpsProxy]),
    outputs: (id, inputs, world) => ({
      ...{ selfLink: selfLink(id), project: projectOf(inputs, world), creationTimestamp: CREATED_AT },
      ...{ expireTime: "", subjectAlternativeNames: [] },
      certificateId: Number(
        world.get(KINDS.sslCertificate.token, id)?.outputs.certificateId ?? nextNumber(world),
      ),
    }),
    computed: [
      ...["selfLink", "project", "creationTimestamp", "expireTime", "subjectAlternativeNames"],
      "certificateId",
    ],
  },
);
