#!/usr/bin/env bash
# Finds the program to run: the one that the input `binary` names, else one built from the action's own source, so that
# the version is that of the action.
#
# Reads BINARY. Sets the outputs `tool` (the program's path) and `state` (a new folder for the files of this run).
set -euo pipefail
# shellcheck source=.github/action/lib.sh
. "$GITHUB_ACTION_PATH/.github/action/lib.sh"

main() {
  local tool version
  if [ -n "${BINARY:-}" ]; then
    tool=$(type -P -- "$BINARY") || fail "binary: there is no program \`$BINARY\`: install it in a step before, or leave the input out"
    tool=$(cd "$(dirname "$tool")" && pwd)/$(basename "$tool")
  else
    build
    tool=$root/bin/backend-audit
  fi
  version=$("$tool" --version 2>&1) || fail "binary: \`$tool --version\` fails: ${version:-it says nothing}"
  case $version in
    "backend-audit "[0-9]*) printf '%s: %s\n' "$tool" "$version" ;;
    *) fail "binary: \`$tool\` is another program: $version" ;;
  esac
  # Another program has the same name.
  case $("$tool" scan --help 2>&1 || true) in
    *--fail-on*--output*) ;;
    *) fail "binary: \`$tool\` is not this backend-audit, or too old: it has no \`scan --output\`" ;;
  esac
  output tool "$tool"
  output state "$(mktemp -d "$RUNNER_TEMP/backend-audit.XXXXXX")"
}

# Builds into folders that a second use of the same action in the job finds again.
build() {
  local key
  key=$(printf '%s' "$GITHUB_ACTION_PATH" | cksum | tr -dc 0-9)
  root=$RUNNER_TEMP/backend-audit-$key
  type -P cargo >/dev/null ||
    fail "cargo is not on this runner: install Rust in a step before, or name a program with the input \`binary\`"
  printf '::group::Build backend-audit\n'
  # From the action's folder: in the scanned tree, a .cargo/config.toml or rust-toolchain.toml could run its own programs.
  # Optimising over all crates would double the time of the build, and a scan would not be faster by as much.
  (cd "$GITHUB_ACTION_PATH" &&
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_TARGET_DIR="$root/target" \
      cargo install --locked --path . --root "$root" --no-track --force) ||
    fail "backend-audit could not be built: the log of this step says why"
  printf '::endgroup::\n'
}

main
