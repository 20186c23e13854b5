# shellcheck shell=bash
# What the scripts beside this file share. Sourced, never run.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

cache=${ANTEROOM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/anteroom}
tools=$cache/tools
export PATH="$tools/bin:${CARGO_HOME:-${HOME:-}/.cargo}/bin:$PATH"

# A fresh clone in CI reuses the builds of the one before it; a developer's clone keeps its own.
if [ "${CI:-}" = true ]; then
  export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target} CARGO_INCREMENTAL=0 CARGO_TERM_COLOR=never
  export NO_COLOR=1
fi
# shellcheck disable=SC2034 # for the scripts that source this
target=${CARGO_TARGET_DIR:-$root/target}

export npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false npm_config_loglevel=error

# Without a terminal there is nobody to watch crates go by.
if ! [ -t 2 ]; then export CARGO_TERM_QUIET=${CARGO_TERM_QUIET:-true}; fi

started=${STARTED_AT:-$(date +%s)}
export STARTED_AT=$started

# Words with the time since the first script started, so that one can see what takes long.
say() {
  local s=$(($(date +%s) - started))
  printf '[%02d:%02d] %s\n' $((s / 60)) $((s % 60)) "$*"
}

# Stop, with the one thing to do.
fail() {
  say "Stopped: $1" >&2
  shift
  local line
  for line in "$@"; do printf '        %s\n' "$line" >&2; done
  exit 1
}

# step "what it does" command...: says what is done, does it, says how long it took.
step() {
  local what=$1 before status=0
  shift
  before=$(date +%s)
  say "$what"
  "$@" || status=$?
  if [ $status != 0 ]; then
    say "  failed after $(($(date +%s) - before)) s"
    return $status
  fi
  local took=$(($(date +%s) - before))
  if [ $took -gt 1 ]; then say "  done in $took s"; fi
}

have() { command -v "$1" >/dev/null 2>&1; }

# at_least 1.95.0 1.96.1: whether the second version is the first or newer.
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# apt_install "what for" package...: installs Debian packages, or stops with the line to run.
apt_install() {
  local why=$1 as_root=()
  shift
  have apt-get || fail "$why needs $*." "Install it with this system's package manager, then run this again."
  if [ "$(id -u)" != 0 ]; then
    if have sudo && { sudo -n true 2>/dev/null || { [ -t 0 ] && [ -t 1 ]; }; }; then
      as_root=(sudo)
    else
      fail "$why needs $*. As root, run:" "apt-get install -y $*"
    fi
  fi
  say "Installing $* ($why)"
  local log
  log=$(mktemp)
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -q)
  if ! "${apt[@]}" install --no-install-recommends "$@" >"$log" 2>&1 </dev/null &&
    ! { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail "$* could not be installed. Run this, then try again:" "apt-get update && apt-get install -y $*"
  fi
  rm -f "$log"
}

# apt_offers package version: whether the distribution has that package in at least that version.
apt_offers() {
  have apt-cache || return 1
  local found
  found=$(apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: *\([0-9]*:\)\{0,1\}\([0-9.]*\).*/\2/p')
  [ -n "$found" ] && at_least "$2" "$found"
}

need_rust() {
  local wanted
  wanted=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
  if have rustup; then
    # Reading its version makes rustup install the toolchain that rust-toolchain.toml names.
    rustup run "$wanted" cargo --version >/dev/null 2>&1 ||
      step "Installing Rust $wanted (about 1 min)" rustup toolchain install "$wanted" --profile minimal \
        --component rustfmt --component clippy --target wasm32-unknown-unknown --no-self-update
    return
  fi
  if ! have cargo && apt_offers rustc-web "$wanted"; then
    apt_install "Rust" rustc-web cargo-web rust-web-src rustfmt-web rust-web-clippy
  fi
  if ! have cargo || ! have rustc; then
    fail "Rust is not installed." "Install rustup (https://rustup.rs), then run this again."
  fi
  local found
  found=$(rustc --version | cut -d' ' -f2)
  at_least "$wanted" "$found" ||
    fail "Rust $wanted or newer is needed; this is $found." "Install rustup (https://rustup.rs), then run this again."
}

need_node() {
  if ! have node && apt_offers nodejs 20; then apt_install "Node" nodejs npm; fi
  if ! have node || ! have npm; then
    fail "Node is not installed." "Install Node 20 or newer with npm (https://nodejs.org), then run this again."
  fi
  local found
  found=$(node --version)
  at_least 20 "${found#v}" ||
    fail "Node 20 or newer is needed; this is $found." "Install it (https://nodejs.org), then run this again."
}

need_cc() { have cc || apt_install "A C compiler" gcc libc6-dev; }

# need_disk GB: a linker that finds the disk full says so in a hundred lines about other things.
need_disk() {
  local built free
  mkdir -p "$target"
  built=$(du -sk "$target" | cut -f1)
  free=$(df -Pk "$target" | awk 'NR == 2 { print $4 }')
  if [ $((free + built)) -lt $(($1 * 1024 * 1024)) ]; then
    fail "Builds need $1 GB of disk; $((free / 1024 / 1024)) GB are free." "Make room (cargo clean empties $target), then run this again."
  fi
}

# Prints the version of a crate as Cargo.lock has it.
locked() { awk -v name="name = \"$1\"" '$0 == name { getline; gsub(/version = |"/, ""); print; exit }' Cargo.lock; }

# Lets cargo compile for the browser: with rustup's target, or with Debian's sources of the standard library.
# Changes the environment, so call it in a subshell or a script that builds nothing else.
wasm_env() {
  local triple=wasm32-unknown-unknown sysroot llvm linker
  if have rustup; then
    rustup target list --installed | grep -qx $triple || step "Adding Rust's $triple target" rustup target add $triple
    return
  fi
  sysroot=$(rustc --print sysroot)
  if ! [ -d "$sysroot/lib/rustlib/$triple/lib" ]; then
    [ -e "$sysroot/lib/rustlib/src/rust/library/std" ] || apt_install "Rust for the browser" rust-web-src
    export RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=std,panic_abort
  fi
  # A linker of the compiler's own LLVM; an older one does not understand its objects.
  llvm=$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
  linker=$(compgen -G "$sysroot/lib/rustlib/*/bin/rust-lld" | head -n 1 || true)
  linker=${linker:-$(command -v "wasm-ld-$llvm" || true)}
  if [ -z "$linker" ]; then
    apt_install "Linking for the browser" "lld-$llvm"
    linker=/usr/bin/wasm-ld-$llvm
  fi
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$linker
}

# stamp path...: a fingerprint of the contents and names of these files and folders.
stamp() {
  local path present=()
  for path in "$@"; do if [ -e "$path" ]; then present+=("$path"); fi; done
  find "${present[@]}" -type f -not -name '.*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16
}

# Where the npm tools of this clone are.
node_tools() { printf '%s/node-%s' "$tools" "$(stamp script/assets/package.json script/assets/package-lock.json)"; }
