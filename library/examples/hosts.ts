import type { Input } from "@pulumi/pulumi";
import {
  type Birth,
  HostChanges,
  HostKey,
  type HostPlan,
  hosts,
  knownAddress,
  OPERATOR_KEY,
  type Secrets,
} from "nodewright";

/** A relay in a network that is there already. */
export const relayOnAws = (vpc: Input<string>, subnet: Input<string>, userData: Input<string>) =>
  new hosts.aws.Host("relay", {
    machine: "r6i.2xlarge",
    image: "ami-0123456789abcdef0",
    vpc,
    subnet,
    zone: "eu-central-1a",
    isPublic: true,
    userData, // birth only: a later change replaces nothing
    disk: { size: 2048, type: "gp3" },
  });

export const relayOnGcp = (
  subnetwork: Input<string>,
  serviceAccount: Input<string>,
  userData: Input<string>,
) =>
  new hosts.gcp.Host("relay", {
    name: "relay",
    zone: "europe-west4-b",
    machineType: "c3-highmem-8",
    image: "debian-cloud/debian-12",
    userData,
    subnetwork,
    serviceAccount,
    dataDiskName: "relay-data",
    dataDiskType: "hyperdisk-balanced",
    dataDiskSize: 2048,
  });

export const relayOnDigitalOcean = (vpc: Input<string>, sshKeys: Input<string>[], userData: Input<string>) =>
  new hosts.digitalocean.Host("relay", {
    name: "relay",
    region: "fra1",
    size: "m-8vcpu-64gb",
    image: "debian-12-x64",
    vpc,
    sshKeys,
    userData,
    volumeName: "relay-data",
    volumeSize: 2048,
  });

/** A planned host on a machine of any kind: its secrets and its document, over SSH, each time they change. */
export function changed(host: HostPlan, birth: Birth, machine: Input<string>, secrets: Secrets) {
  const reach = { host: knownAddress(host.addresses.cluster).ipv4, privateKey: secrets(OPERATOR_KEY) };
  const { value: hostKey } = new HostKey(host.name, { ...reach, machine }, {});
  return new HostChanges(host.name, { host, birth, machine, route: { ...reach, hostKey }, secrets }, {}).told;
}
