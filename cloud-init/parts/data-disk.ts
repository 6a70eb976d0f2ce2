import { DATA } from "../../components/core/services/service";

/** Where the script lies on the host. Run again by hand, it finishes what it could not finish at birth. */
export const DATA_DISK = "/usr/lib/nodewright/data-disk";
const LABEL = "nodewright-data";

/** Where the script works. */
interface DataDiskPlaces {
  mountPoint: string;
  fstab: string;
  /** Seconds to wait for the disk. It attaches after the machine has started. */
  patience: number;
}

const ON_HOSTS: DataDiskPlaces = { mountPoint: DATA, fstab: "/etc/fstab", patience: 600 };

/**
 * Mounts the data disk, and then runs the command that follows, which must never see the bare folder below the mount.
 * Arguments: the disk's path, then that command. The path may hold a `*` where the disk's own name is known only once
 * it is made (AWS); the disk of the system and parts of disks are left out of what it finds.
 *
 * The disk is formatted only where `wipefs` sees nothing on it at all. Anything else is somebody's data: ours is known
 * by its label and mounted, and the rest is refused.
 */
export const dataDiskScript = ({
  mountPoint,
  fstab,
  patience,
}: DataDiskPlaces = ON_HOSTS): string => `#!/bin/sh
set -eu
pattern=$1
shift
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
if ! mountpoint -q ${mountPoint}; then
  waited=0
  until [ -n "$(disks)" ]; do
    [ "$waited" -lt ${patience} ] || refuse "no disk $pattern after ${patience} s, so nothing was installed. Attach the data disk, then run: sudo ${DATA_DISK} '$pattern' $*"
    sleep 1
    waited=$((waited + 1))
  done
  disk=$(disks)
  [ "$(echo "$disk" | wc -l)" = 1 ] || refuse "$pattern is more than one disk: $(echo "$disk" | tr '\\n' ' '). Detach all but the data disk"
  # Not blkid: it answers a disk that it cannot read as it does an empty one.
  content=$(wipefs --noheadings --output TYPE,LABEL "$disk")
  case $content in
    "") mkfs.ext4 -q -m 1 -L ${LABEL} "$disk" ;;
    *${LABEL}*) ;;
    *) refuse "$disk holds something that is not ours ($(echo "$content" | tr -s ' \\n' ' ')): it was left as it is. If it is this host's ext4 data, label it: sudo e2label $disk ${LABEL}" ;;
  esac
  mkdir -p ${mountPoint}
  # Without the disk nothing can be written here, which would fill the system's disk and hide below the next mount.
  chattr +i ${mountPoint} 2>/dev/null || true
  grep -q '^LABEL=${LABEL} ' ${fstab} || echo 'LABEL=${LABEL} ${mountPoint} ext4 defaults,noatime,nofail,x-systemd.growfs,x-systemd.device-timeout=90s 0 2' >>${fstab}
  systemctl daemon-reload
  mount -t ext4 -o noatime "$disk" ${mountPoint}
fi
[ $# = 0 ] || exec "$@"
`;
