/** Where the script lies on the host. Written at birth, used again by every later change. */
export const BOOTSTRAP = "/usr/lib/nodewright/bootstrap";

/**
 * Gets the agent that a bundle pins, verifies it and runs it: the only code on a host that runs before the agent does.
 * Arguments: `fetch`, mirror URL, sha256, file, to get that alone; or mirror URL, sha256 of the Node.js release, sha256 of the agent, then the agent's own arguments.
 * The folders are those that `provision` uses for every release, so nothing is fetched or unpacked twice.
 */
export const BOOTSTRAP_SCRIPT = `#!/bin/sh
set -eu
root=/opt/nodewright
short() { printf %.12s "$1"; }
# identity: Google Cloud Storage wants to know who asks; the machine says so by its own short-lived token
identity() {
  case $mirror in
    https://storage.googleapis.com/*)
      curl -fsS --retry 8 --retry-delay 2 --retry-connrefused -H 'Metadata-Flavor: Google' \\
        http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token |
        sed -n 's/.*"access_token":"\\([^"]*\\)".*/Authorization: Bearer \\1/p'
      ;;
  esac
}
# fetch SHA256 FILE: verified before it has its name
fetch() {
  mkdir -p "$(dirname "$2")"
  identity | curl -fsS -H @- --retry 8 --retry-delay 2 --retry-connrefused -o "$2.part" "$mirror/$1"
  if ! echo "$1  $2.part" | sha256sum -c --status -; then
    rm -f "$2.part"
    echo "nodewright: $mirror/$1 does not hash to its name; nothing of it was run" >&2
    exit 1
  fi
  mv "$2.part" "$2"
}
if [ "$1" = fetch ]; then
  mirror=$2
  fetch "$3" "$4"
  exit
fi
mirror=$1 runtime=$2 agent=$3
shift 3
# mark SHA256 KEPT FOLDER: how provision (agent/steps/artifacts) knows a folder that is whole
mark() { printf '{"sha256":"%s","keep":[%s]}\\n' "$1" "$2" >"$3/.nodewright"; }
node=$root/node/$(short "$runtime")
if [ ! -d "$node" ]; then
  fetch "$runtime" "$root/cache/node.tgz"
  rm -rf "$node.part"
  mkdir -p "$node.part"
  tar -xzf "$root/cache/node.tgz" -C "$node.part" --no-same-owner package/bin/node
  rm "$root/cache/node.tgz"
  mark "$runtime" '"package/bin/node"' "$node.part"
  mv "$node.part" "$node"
fi
program=$root/nodewright-host/$(short "$agent")/nodewright-host.js
if [ ! -f "$program" ]; then
  fetch "$agent" "$program"
  mark "$agent" '' "$(dirname "$program")"
fi
exec "$node/package/bin/node" "$program" "$@"
`;
