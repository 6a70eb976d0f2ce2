import type { StackConfig } from "../config/schema";
import type { Address } from "../network/address";
import type { FirewallRule } from "../network/firewall";
import type { Listener } from "../network/listener";
import type { ChainNetwork } from "../networks/network";
import type { Release } from "../releases";
import type { Role } from "../roles/role";
import type { Producer, ServicePlan } from "../services/service";

/** All that a stack shall be. Execution chooses nothing: every name, address, port and hash stands here. */
export interface Plan {
  stack: string;
  network: ChainNetwork;
  target: { name: string; summary: string; config: unknown };
  mirror: string;
  /** Public SSH keys that may log in to hosts, from admin addresses. */
  sshKeys: string[];
  /** Whether data disks refuse to be deleted. */
  protect: boolean;
  hosts: HostPlan[];
  endpoints: Endpoint[];
  /** Software that takes the place of the real one, and why. */
  standIns: StandIn[];
}

export interface HostPlan {
  name: string;
  /** Key of the host's entry in the stack file. */
  group: string;
  role: string;
  summary: string;
  hardware: Role["hardware"];
  machine: string;
  addresses: { public: Address; cluster: Address };
  /** Name by which other hosts reach it on the cluster network. */
  clusterName: string;
  producer?: Producer;
  peers: string[];
  services: ServicePlan[];
  /** Every listener of the host: those of its services, and SSH. */
  listeners: Listener[];
  firewall: FirewallRule[];
  /** What the services run, in install order. */
  releases: Release[];
  /** Secrets it needs, by name; the stack keeps them as `<host>/<name>`. */
  secrets: string[];
}

/** A URL at which the operator's machine reaches a listener of a host. */
export interface Endpoint {
  name: string;
  host: string;
  listener: string;
  url: string;
}

export interface StandIn {
  host: string;
  service: string;
  release: string;
  reason: string;
}

/** What `buildPlan` plans from. */
export interface PlanInput {
  stack: string;
  config: StackConfig;
  releases: Release[];
}
