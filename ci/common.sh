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

# Whether a kernel is on this machine.
have_kernel() { "$1" kernel path "$2" >/dev/null 2>&1; }

# Fetches the kernels that are not here; with all of them here it needs no
# network. Those that cannot be had are reported by have_kernel.
fetch_kernels() {
  local oomlab=$1 kernel missing=()
  shift
  for kernel in "$@"; do
    have_kernel "$oomlab" "$kernel" || missing+=("$kernel")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  say "Fetching kernels: ${missing[*]}"
  "$oomlab" kernel fetch "${missing[@]}" >/dev/null || true
}
