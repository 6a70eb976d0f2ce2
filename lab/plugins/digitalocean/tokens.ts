/** The types that this plugin serves. */
export const TOKENS = {
  domain: "digitalocean:index/domain:Domain",
  droplet: "digitalocean:index/droplet:Droplet",
  dropletAutoscale: "digitalocean:index/dropletAutoscale:DropletAutoscale",
  dnsRecord: "digitalocean:index/dnsRecord:DnsRecord",
  firewall: "digitalocean:index/firewall:Firewall",
  loadBalancer: "digitalocean:index/loadBalancer:LoadBalancer",
  project: "digitalocean:index/project:Project",
  reservedIp: "digitalocean:index/reservedIp:ReservedIp",
  reservedIpAssignment: "digitalocean:index/reservedIpAssignment:ReservedIpAssignment",
  spacesBucket: "digitalocean:index/spacesBucket:SpacesBucket",
  spacesBucketObject: "digitalocean:index/spacesBucketObject:SpacesBucketObject",
  sshKey: "digitalocean:index/sshKey:SshKey",
  tag: "digitalocean:index/tag:Tag",
  volume: "digitalocean:index/volume:Volume",
  volumeAttachment: "digitalocean:index/volumeAttachment:VolumeAttachment",
  vpc: "digitalocean:index/vpc:Vpc",
} as const;
