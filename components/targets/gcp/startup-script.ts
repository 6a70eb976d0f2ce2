/**
 * Brings cloud-init to images that lack it, and starts the machine again so that it does its work at its place in the
 * boot; nothing where it is there, so nothing at every later boot. Google's own Debian images do lack it, and take no
 * notice of user data ("Please do not add cloud-init to the official GCE Debian manifests", their maintainer in
 * andsens/bootstrap-vz#469), but every image of Google's runs this script.
 *
 * What Google's agent does stays Google's: the network, host keys and the list of package sources.
 */
export const startupScript = (settings = "/etc/cloud/cloud.cfg.d"): string => `#!/bin/sh
set -eu
if command -v cloud-init >/dev/null; then exit; fi
mkdir -p ${settings}
printf '%s\\n' 'datasource_list: [GCE]' 'network: {config: disabled}' 'apt: {preserve_sources_list: true}' >${settings}/80-nodewright.cfg
export DEBIAN_FRONTEND=noninteractive
# nftables is for the firewall, which user data sets before it installs anything.
until apt-get -qq -o DPkg::Lock::Timeout=300 update &&
  apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends cloud-init nftables; do
  echo "nodewright: cloud-init could not be installed; another try in 10 s" >&2
  sleep 10
done
systemctl reboot
`;
