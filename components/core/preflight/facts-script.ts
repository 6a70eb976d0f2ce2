/**
 * Tells what a host is, one fact a line (name, tab, value), and changes nothing on it. Any POSIX shell and awk run it,
 * with no right that the user does not have; what only root may see is asked by `sudo -n`, and unknown without it.
 * Arguments: another clock, in seconds since 1970, without which the clocks are not compared; and `quiet` on a host that
 * has work to do, where a thread's speed is not measured. Asked before the first change, on every target: by SSH on
 * machines that have no agent yet, by the agent on those that are born with one.
 * It leaves the lines in `$facts`; `JUDGE_SCRIPT` follows it.
 */
export const FACTS_SCRIPT = `set -u
LC_ALL=C PATH=$PATH:/usr/sbin:/sbin
export LC_ALL PATH
host_clock=$(date +%s)
operator_clock=\${1:-}
measures=\${2:-}
data=/data
bundle=/etc/nodewright/bundle.json

fact() { printf '%s\\t%s\\n' "$1" "$2"; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi 2>/dev/null; }
seconds() { awk '{ print $1 }' /proc/uptime; }

system_facts() {
  (
    ID=unknown VERSION_ID=
    . /etc/os-release
    # Ubuntu's releases are years and months, the others' first number is what matters.
    [ "$ID" = ubuntu ] || VERSION_ID=\${VERSION_ID%%.*}
    fact os "$ID-$VERSION_ID"
  )
  fact kernel "$(uname -r)"
  fact arch "$(uname -m)"
  fact systemd "$(systemctl --version 2>/dev/null | awk 'NR == 1 { print $2 }')"
  fact virtual "$(systemd-detect-virt 2>/dev/null || true)"
  if [ "$(id -u)" = 0 ]; then fact privilege root
  elif as_root true; then fact privilege sudo
  else fact privilege none
  fi
  # A bundle begins with the names of its stack and its host.
  if [ -e $bundle ]; then
    fact bundle "$(head -c 300 $bundle | sed -n 's/.*"stack":"\\([^"]*\\)","host":"\\([^"]*\\)".*/\\1\\/\\2/p')"
  fi
  cat /etc/ssh/ssh_host_*_key.pub 2>/dev/null | while read -r kind key _; do fact host_key "$kind $key"; done
}

memory_facts() {
  awk '/^MemTotal:/ { printf "memory_gb\\t%.1f\\n", $2 / 1048576 }' /proc/meminfo
  # An EDAC driver attaches only where ECC is on. A virtual machine's SMBIOS says what its maker likes.
  ecc=unknown
  if ls -d /sys/devices/system/edac/mc/mc[0-9]* >/dev/null 2>&1; then ecc=yes
  elif ! systemd-detect-virt --quiet 2>/dev/null; then
    case $(as_root dmidecode --type 16 | sed -n 's/^[[:space:]]*Error Correction Type: //p') in
      *ECC*) ecc=yes ;;
      *None* | *Parity* | *CRC*) ecc=no ;;
    esac
  fi
  fact ecc $ecc
}

cpu_facts() {
  fact cores "$(getconf _NPROCESSORS_ONLN)"
  fact cpu "$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)"
  if [ -r /sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq ]; then
    fact clock_mhz "$(awk '{ printf "%d", $1 / 1000 }' /sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq)"
  else
    fact clock_mhz "$(awk -F: '/^cpu MHz/ { printf "%d", $2; exit }' /proc/cpuinfo)"
  fi
  [ "$measures" != quiet ] || return 0
  # One thread's speed, in MB/s of gzip -9 over 14.9 MB of numbers: the same C code on every system.
  started=$(seconds)
  seq 1 2000000 | gzip -9 >/dev/null
  fact gzip_mb_per_s "$(seconds | awk -v s="$started" '{ d = $1 - s; printf "%.1f", 14.9 / (d > 0 ? d : 0.01) }')"
}

# Physical disks below a block device: a partition's disk, a logical volume's or an array's members.
below() {
  at=$(readlink -f "/sys/class/block/$1") || return 0
  if [ -e "$at/partition" ]; then below "$(basename "$(dirname "$at")")"
  elif ls "$at"/slaves/* >/dev/null 2>&1; then
    for each in "$at"/slaves/*; do (below "$(basename "$each")"); done
  elif [ -e "$at/queue/rotational" ]; then echo "$1"
  fi
}

disk_facts() {
  for at in /sys/block/*; do
    name=\${at##*/}
    case $name in loop* | ram* | zram* | sr* | fd* | dm-* | md*) continue ;; esac
    [ "$(cat "$at/size")" != 0 ] || continue
    gb=$(awk '{ printf "%d", $1 / 2097152 }' "$at/size")
    fact disk "$name $gb GB rotational=$(cat "$at/queue/rotational") $(cat "$at/device/model" 2>/dev/null || true)"
  done
  # Where the data will lie: its folder, or what is there of the way to it.
  at=$data
  while [ ! -d "$at" ]; do at=$(dirname "$at"); done
  df -P "$at" | sed 1d | {
    read -r device all _ free _ mount
    fact filesystem "$(awk -v at="$mount" '$2 == at { type = $3 } END { print type }' /proc/mounts) at $mount"
    # All of it where our own data fills it, else what is free.
    [ ! -e $bundle ] || free=$all
    fact room_gb "$(awk -v kb="$free" 'BEGIN { printf "%.1f", kb / 1048576 }')"
    # A virtual machine's disks all say that they turn, whatever they are.
    case $device in
      /dev/*) systemd-detect-virt --quiet 2>/dev/null || turning "$(basename "$(readlink -f "$device")")" ;;
    esac
  }
}

turning() {
  below "$1" | sort -u | while read -r disk; do
    [ "$(cat "/sys/block/$disk/queue/rotational")" = 0 ] || fact rotational "/dev/$disk"
  done
}

clock_facts() {
  # A container's clock is its machine's, which keeps it by means of its own.
  synchronised=
  systemd-detect-virt --container --quiet 2>/dev/null ||
    synchronised=$(timedatectl show --property=NTPSynchronized --value 2>/dev/null)
  fact clock_synchronised "\${synchronised:-unknown}"
  [ -n "$operator_clock" ] || return 0
  fact clock_behind $((operator_clock - host_clock))
  fact clock_ahead $((host_clock - operator_clock))
}

# The unit that a process belongs to.
unit_of() {
  [ -z "$1" ] || sed -n 's,.*/\\([^/]*\\.\\(service\\|scope\\|socket\\)\\).*,\\1,p' "/proc/$1/cgroup" 2>/dev/null | head -n 1
}

port_facts() {
  if command -v ss >/dev/null; then
    as_root ss -Hlntup | awk '{
      port = $5; sub(/.*:/, "", port)
      name = "another program"; if (match($0, /\\(\\("[^"]*"/)) name = substr($0, RSTART + 3, RLENGTH - 4)
      pid = ""; if (match($0, /pid=[0-9]+/)) pid = substr($0, RSTART + 4, RLENGTH - 4)
      print $1 "/" port " " name "\\t" pid
    }' | sort -u | while IFS='	' read -r listens pid; do
      printf 'port\\t%s\\t%s\\n' "$listens" "$(unit_of "$pid")"
    done | sort -u
    return
  fi
  for kind in tcp udp; do
    # Listening is state 0A of TCP, 07 of UDP. Ports are hexadecimal.
    cat /proc/net/$kind /proc/net/\${kind}6 2>/dev/null | awk -v kind=$kind '
      $4 == (kind == "tcp" ? "0A" : "07") { split($2, part, ":"); print part[length(part)] }' | sort -u |
      while read -r hex; do fact port "$kind/$((0x$hex)) another program"; done
  done
}

facts=$(system_facts; memory_facts; cpu_facts; disk_facts; clock_facts; port_facts)
`;
