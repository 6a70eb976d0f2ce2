/**
 * Makes a machine a host, or a host what its document says now: what cloud-init does at birth elsewhere, and what later
 * changes do. Run as root, again and again. Functions only: `birth-input.ts` calls them with the host's own data, in the
 * order in which no service is ever up before its firewall.
 */
export const BIRTH_SCRIPT = `set -eu
umask 022
PATH=$PATH:/usr/sbin:/sbin
export PATH LC_ALL=C DEBIAN_FRONTEND=noninteractive
client=\${1%% *}

fail() { echo "nodewright: $*" >&2; exit 1; }

# put MODE FILE [CHECK...]: standard input, moved into place whole, if CHECK takes it
put() {
  mode=$1 file=$2
  shift 2
  mkdir -p "\${file%/*}"
  cat >"$file.part"
  chmod "$mode" "$file.part"
  if [ $# -gt 0 ]; then "$@" "$file.part" >&2 || fail "$file was left as it is"; fi
  mv "$file.part" "$file"
}

# What must be there before the agent is, which brings the rest.
basics() {
  for program in curl nft tar sha256sum sudo visudo; do command -v $program >/dev/null || return 1; done
  [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/pki/tls/certs/ca-bundle.crt ]
}

# operator USER: by key alone, from the addresses that the firewall lets in
operator() {
  id "$1" >/dev/null 2>&1 || useradd --create-home --shell /bin/bash --comment 'nodewright operator' "$1"
  home=$(getent passwd "$1" | cut -d: -f6)
  mkdir -p "$home/.ssh"
  put 0600 "$home/.ssh/authorized_keys"
  chmod 0700 "$home/.ssh"
  chown -R "$1:" "$home/.ssh"
  echo "$1 ALL=(ALL) NOPASSWD:ALL" | put 0440 /etc/sudoers.d/90-nodewright visudo -qcf
}

# sshd's settings. It goes on with the old ones if the new are not to its liking.
secure_shell() {
  put 0644 /etc/ssh/sshd_config.d/10-nodewright.conf
  sshd -t || { rm /etc/ssh/sshd_config.d/10-nodewright.conf; fail "sshd refuses its settings"; }
  systemctl reload ssh 2>/dev/null || systemctl reload sshd
}

# admits CIDR...: whether the operator is in one of them. nft tells, in a table that filters nothing.
admits() {
  [ -n "$client" ] || return 0
  case $client in *:*) type=ipv6_addr ;; *) type=ipv4_addr ;; esac
  nft add table inet nodewright-asks
  nft add set inet nodewright-asks admins "{ type $type; flags interval; auto-merge; }"
  for cidr; do
    case $cidr:$type in *:*:ipv6_addr | *.*:ipv4_addr) nft add element inet nodewright-asks admins "{ $cidr }" ;; esac
  done
  known=1
  nft get element inet nodewright-asks admins "{ $client }" >/dev/null 2>&1 || known=0
  nft delete table inet nodewright-asks
  [ $known = 1 ] || fail "the firewall would lock you out: target.bare-metal.admins has no network with your address, $client"
}

# at_boot UNIT: now, and at every boot
at_boot() {
  systemctl daemon-reload
  systemctl enable --quiet "$1"
  systemctl restart "$1"
}

# firewall: loaded once, before anything serves. Later the document's unit keeps it.
firewall() {
  nft list table inet nodewright >/dev/null 2>&1 || nft -j -f -
}
`;
