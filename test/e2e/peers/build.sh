#!/usr/bin/env bash
# Provides the real servers of the end-to-end tests: builds those that are Go modules, once per version of their sources,
# and installs BIND. Says on the standard error what it does; the standard output names the folders with the programs.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/vcenter-operator/peers
kubernetes_version=v1.36.3
PATH=$PATH:/usr/local/go/bin:/usr/sbin:/sbin
export GOWORK=off

say() { printf 'peers: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

bind() {
  local missing=()
  command -v named >/dev/null && command -v rndc >/dev/null || missing+=(bind9)
  command -v dig >/dev/null || missing+=(bind9-dnsutils)
  [ ${#missing[@]} -eq 0 ] && return
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
    fail "the name server BIND is missing: install ${missing[*]} (as root: apt-get install ${missing[*]})"
  say "installing ${missing[*]} with apt-get"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } >"$cache/apt.log" 2>&1 ||
    { cat "$cache/apt.log" >&2; fail "apt-get could not install ${missing[*]}"; }
}

require_go() {
  command -v go >/dev/null || fail "Go 1.26 or newer is needed to build kube-apiserver, etcd and the vSphere simulator, and there is no go on the PATH"
  local version
  version=$(go env GOVERSION)
  [ "$(printf '%s\n' go1.26 "${version%% *}" | sort -V | head -n 1)" = go1.26 ] ||
    fail "Go 1.26 or newer is needed to build kube-apiserver, etcd and the vSphere simulator; this is $version"
}

# Folder for the programs of one module: a new one whenever its sources, its pins, how it is built or Go change.
folder() {
  local hash
  hash=$({ go env GOVERSION GOOS GOARCH; declare -f "build_$1"; cat "$here/$1"/go.mod "$here/$1"/go.sum "$here/$1"/*.go; } | sha256sum | cut -c1-16)
  printf '%s/%s-%s' "$cache" "$1" "$hash"
}

build_kubernetes() {
  local stamp=k8s.io/component-base/version
  say "building kube-apiserver, kube-controller-manager, kubectl $kubernetes_version and etcd (about 6 minutes the first time on 2 cores)"
  # Without the version kubectl cannot make out what the server is.
  go build -trimpath -ldflags "-s -w -X $stamp.gitVersion=$kubernetes_version" -o "$1/" \
    k8s.io/kubernetes/cmd/{kube-apiserver,kube-controller-manager,kubectl} &&
    go build -trimpath -ldflags "-s -w" -o "$1/etcd" go.etcd.io/etcd/server/v3
}

build_vcenter() {
  say "building the vSphere simulator (about half a minute the first time)"
  go build -trimpath -ldflags "-s -w" -o "$1/vcenter" .
}

provide() {
  local target
  target=$(folder "$1")
  if [ ! -d "$target" ]; then
    local made
    made=$(mktemp -d "$cache/building.XXXXXX")
    (cd "$here/$1" && "build_$1" "$made" >&2) || { rm -rf "$made"; fail "building $1 failed"; }
    mv "$made" "$target"
  fi
  printf '%s=%s\n' "$1" "$target"
}

mkdir -p "$cache"
bind
require_go
# One build at a time: a second run waits and finds the result.
exec 9>"$cache/lock"
flock 9
provide kubernetes
provide vcenter
