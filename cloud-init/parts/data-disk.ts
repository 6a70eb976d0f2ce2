import { DATA, DATA_OWNER } from "../../components/core/services/service";

/** Where the script lies on the host. Run again by hand, it finishes what it could not finish at birth. */
export const DATA_DISK = "/usr/lib/nodewright/data-disk";

/** Where the script works. */
interface DataDiskPlaces {
  mountPoint: string;
  fstab: string;
  /** Seconds to wait for the disk. It attaches after the machine has started. */
  patience: number;
  /** Of the file system, at most 16 characters. */
  label: string;
}

const ON_HOSTS: DataDiskPlaces = {
  mountPoint: DATA,
  fstab: "/etc/fstab",
  patience: 600,
  label: "nodewright-data",
};

/** The file that says whose disk it is, as it lies on the disk itself. */
const OWNER = DATA_OWNER.slice(DATA.length);

/**
 * Mounts the data disk, and then runs the command that follows, which must never see the bare folder below the mount.
 * Arguments: whose disk it is (`stack/host`), the disk's path, then that command. The path may hold a `*` where the
 * disk's own name is known only once it is made (AWS); the disk of the system and parts of disks are left out of what it
 * finds. `--adopt` before them takes over the data of another host.
 *
 * The disk is formatted only where `wipefs` sees nothing on it at all, and says from its first moment whose it is.
 * Anything else is somebody's data: this host's own is mounted, and the rest is refused as it is.
 */
export const dataDiskScript = ({
  mountPoint,
  fstab,
  patience,
  label,
}: DataDiskPlaces = ON_HOSTS): string => `#!/bin/sh
set -eu
adopt=
if [ "$1" = --adopt ]; then adopt=1 && shift; fi
owner=$1 pattern=$2
shift 2
again="${DATA_DISK} $owner '$pattern' $*"
system=$(lsblk -nlspo NAME "$(findmnt -nvo SOURCE /)" 2>/dev/null || true)
# disks: what the pattern finds, each once
disks() {
  for path in $pattern; do
    [ -b "$path" ] || continue
    disk=$(readlink -f "$path")
    if [ "$(lsblk -ndo TYPE "$disk")" != part ] && ! echo "$system" | grep -qxF "$disk"; then echo "$disk"; fi
  done | sort -u
}
refuse() {
  echo "nodewright: $1" >&2
  exit 1
}
format() {
  seed=$(mktemp -d)
  chmod 0755 "$seed"
  echo "$owner" >"$seed${OWNER}"
  mkfs.ext4 -q -m 1 -L ${label} -d "$seed" "$1"
  rm -r "$seed"
}
# is_ours DISK: refused unless its own file says so, or --adopt does
is_ours() {
  theirs=$(debugfs -R 'cat ${OWNER}' "$1" 2>/dev/null || true)
  [ "$theirs" = "$owner" ] || [ -n "$adopt" ] || refuse "$1 holds the data of \${theirs:-a host that it does not name}, and this is $owner: it was left as it is. Attach this host's own disk or an empty one, then run: sudo $again
If this host shall go on with that data, and no other has it still: sudo ${DATA_DISK} --adopt \${again#* }"
}
if ! mountpoint -q ${mountPoint}; then
  waited=0
  until [ -n "$(disks)" ]; do
    [ "$waited" -lt ${patience} ] || refuse "no disk $pattern after ${patience} s, so nothing was installed. Attach the data disk, then run: sudo $again"
    sleep 1
    waited=$((waited + 1))
  done
  disk=$(disks)
  [ "$(echo "$disk" | wc -l)" = 1 ] || refuse "$pattern is more than one disk: $(echo "$disk" | tr '\\n' ' '). Detach all but the data disk, then run: sudo $again"
  # It is mounted by its label at every boot: another disk with the same, a copy say, could come first.
  copy=$(blkid -c /dev/null -t LABEL=${label} -o device | grep -vxF "$disk" | tr '\\n' ' ' | sed 's/ $//')
  [ -z "$copy" ] || refuse "$copy bears the label ${label} as well, so a boot could mount it in place of $disk. Detach it, or take its label: sudo e2label DISK ''. Then run: sudo $again"
  # Not blkid: it answers a disk that it cannot read as it does an empty one.
  content=$(wipefs --noheadings --output TYPE,LABEL "$disk" | tr -s ' \\n' ' ' | sed 's/ $//')
  case $content in
    "") format "$disk" ;;
    "ext4 ${label}") is_ours "$disk" ;;
    *) refuse "$disk holds something that is not ours ($content): it was left as it is. Attach an empty disk, or give up what is on it: sudo wipefs --all $disk. Then run: sudo $again
If it is this host's own data, on ext4: sudo e2label $disk ${label} && sudo ${DATA_DISK} --adopt \${again#* }" ;;
  esac
  mkdir -p ${mountPoint}
  # Without the disk nothing can be written here, which would fill the system's disk and hide below the next mount.
  chattr +i ${mountPoint} 2>/dev/null || true
  grep -q '^LABEL=${label} ' ${fstab} || echo 'LABEL=${label} ${mountPoint} ext4 defaults,noatime,nofail,x-systemd.growfs,x-systemd.device-timeout=90s 0 2' >>${fstab}
  systemctl daemon-reload
  mount -t ext4 -o noatime "$disk" ${mountPoint}
  [ -z "$adopt" ] || echo "$owner" >${mountPoint}${OWNER}
fi
[ $# = 0 ] || exec "$@"
`;
