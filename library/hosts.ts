/**
 * One machine with its data disk on each cloud, for a program that has networks of its own and needs no plan. A cloud's
 * SDK is loaded when its record is first asked for: a program of one cloud never loads another's.
 */
export const hosts = {
  /** `new hosts.aws.Host(name, args)`: encrypted, with IMDSv2 alone and a data disk that refuses deletion. */
  get aws() {
    return require("../components/targets/aws/provision/host") as typeof import("../components/targets/aws/provision/host");
  },
  /** `new hosts.gcp.Host(name, args)`. */
  get gcp() {
    return require("../components/targets/gcp/provision/host") as typeof import("../components/targets/gcp/provision/host");
  },
  /** `new hosts.digitalocean.Host(name, args)`. */
  get digitalocean() {
    return require("../components/targets/digitalocean/provision/host") as typeof import("../components/targets/digitalocean/provision/host");
  },
};
