# shellcheck shell=bash
# Sourced by the scripts of this folder: they run from the top of the
# repository, wherever they are called from, and log to stderr.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 3

say() { printf '\n==> %s\n' "$*" >&2; }

die() {
  printf 'error: %s\n' "$1" >&2
  [[ $# -lt 2 ]] || printf 'hint: %s\n' "$2" >&2
  exit 3
}

# Fetches a kernel unless it is here, so that this works without a network.
have_kernel() {
  local oomlab=$1 kernel=$2
  "$oomlab" kernel path "$kernel" >/dev/null 2>&1 ||
    "$oomlab" kernel fetch "$kernel" >/dev/null
}
