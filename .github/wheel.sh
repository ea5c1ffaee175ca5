#!/usr/bin/env bash
# Builds the wheel of one platform, tries it out, and packs its binary into an archive of its own.
#
#   .github/wheel.sh TARGET FOLDER
#
# TARGET is a target of Rust that this machine can run. Needs Rust with that target, and Python 3.11. On Linux, zig
# compiles and links, so that the wheel runs on old systems too.
set -euo pipefail
cd "$(dirname "$0")/.."

target=${1:?usage: .github/wheel.sh TARGET FOLDER}
mkdir -p "${2:?usage: .github/wheel.sh TARGET FOLDER}"
out=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

main() {
  local python options=()
  python=$(type -P python3 || type -P python)
  "$python" -m venv "$work/build"
  run_in build python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
    -r .github/requirements/wheels.txt
  case $target in
    *-linux-gnu) options+=(--zig --compatibility manylinux2014) ;;
    *-linux-musl) options+=(--zig --compatibility musllinux_1_2) ;;
  esac
  run_in build maturin build --release --target "$target" --out "$work/wheel" ${options[@]+"${options[@]}"}
  "$python" -m venv "$work/try"
  install_wheel
  try_out
  pack
  mv "$work"/wheel/*.whl "$out/"
}

install_wheel() {
  case $target in
    *-linux-musl)
      # The binary runs where pip would refuse its wheel.
      run_in try python -m zipfile -e "$work"/wheel/*.whl "$work/unpacked"
      install -m 755 "$work"/unpacked/*.data/scripts/backend-audit "$work/try/bin/"
      ;;
    *) run_in try python -m pip install --quiet --disable-pip-version-check --no-index "$work"/wheel/*.whl ;;
  esac
}

try_out() {
  local version wanted code=0
  wanted="backend-audit $(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)"
  version=$(run_in try backend-audit --version | tr -d '\r')
  if [ "$version" != "$wanted" ]; then
    printf 'The wheel has %s, not %s\n' "$version" "$wanted" >&2
    exit 1
  fi
  run_in try backend-audit scan --quiet examples || code=$?
  if [ "$code" -ne 1 ]; then
    printf 'The scan of the examples ended with %d, not with 1\n' "$code" >&2
    exit 1
  fi
}

# The archive holds the very file of the wheel.
pack() {
  local name binary
  name=backend-audit-$target
  mkdir "$work/$name"
  binary=$(find "$work/try" -name backend-audit -o -name backend-audit.exe | head -n 1)
  cp "$binary" README.md LICENSE CHANGELOG.md "$work/$name/"
  tar -C "$work" -czf "$out/$name.tar.gz" "$name"
}

# Runs a program of an environment.
#   run_in ENVIRONMENT PROGRAM ARGUMENT...
run_in() {
  local folder=$work/$1/bin program=$2
  if [ -d "$work/$1/Scripts" ]; then folder=$work/$1/Scripts; fi
  shift 2
  PATH=$folder:$PATH "$folder/$program" "$@"
}

main
