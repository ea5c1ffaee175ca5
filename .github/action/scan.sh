#!/usr/bin/env bash
# Runs the tool and keeps its exit code; that of this step says only whether it could be run.
#
# Reads TOOL, STATE, SINCE, PROTECT, UPLOAD and the inputs (PATHS, FAIL_ON, MIN_CONFIDENCE, BASELINE, REPORT, CONFIG,
# FORMAT, EXTRA_ARGS). Sets the outputs
#   exit-code  the tool's
#   sarif      the report on what was judged
#   upload     the report to upload; empty for none
set -euo pipefail
# shellcheck source=.github/action/lib.sh
. "$GITHUB_ACTION_PATH/.github/action/lib.sh"

everything=() change=() targets=() token=''

main() {
  local code=0 full=0
  read_inputs
  token=$("$(python)" -I -c 'import secrets; print(secrets.token_hex(16))')
  run judged "--format=$FORMAT" ${change[@]+"${change[@]}"} --output "json=$STATE/judged.json" || code=$?
  show judged
  if [ "$UPLOAD" = full ] && [ "$code" -ne 2 ]; then
    run full --exit-zero || full=$?
    case $full in
      0 | 3) ;; # 3: incomplete
      *)
        code=2
        show full
        ;;
    esac
  fi
  output exit-code "$code"
  if [ -f "$STATE/judged.sarif" ]; then output sarif "$STATE/judged.sarif"; fi
  if [ "$UPLOAD" != no ] && [ -f "$STATE/$UPLOAD.sarif" ]; then output upload "$STATE/$UPLOAD.sarif"; fi
}

read_inputs() {
  local name value
  for name in FAIL_ON MIN_CONFIDENCE CONFIG BASELINE; do
    value=${!name:-}
    if [ -n "$value" ]; then everything+=("--$(printf '%s' "$name" | tr 'A-Z_' 'a-z-')=$value"); fi
  done
  if [ -n "$SINCE" ]; then
    change+=("--since=$SINCE")
    if [ -n "$REPORT" ]; then change+=("--report=$REPORT"); fi
  fi
  if [ -n "$PROTECT" ]; then protect; fi
  read_paths
  read_extra
}

# A change is not judged by the configuration and the baseline that it brings.
protect() {
  if [ -n "$CONFIG" ] && ! in_base "$CONFIG"; then
    warn "the base has no configuration $CONFIG, so that of this change is read"
  elif knows --config-ref; then
    everything+=("--config-ref=$PROTECT")
  fi
  if [ -z "$BASELINE" ]; then return; fi
  if ! in_base "$BASELINE"; then
    warn "the base has no baseline $BASELINE, so that of this change is read"
  elif knows --baseline-ref; then
    everything+=("--baseline-ref=$PROTECT")
  else
    warn "\`$TOOL\` is too old to read the baseline of the base: this change can edit the one that is read"
  fi
}

# Whether the base has a file, named relative to the current folder.
in_base() {
  git cat-file -e "$PROTECT:./$1" 2>/dev/null
}

read_paths() {
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    if [ -n "${line//[[:space:]]/}" ]; then targets+=("$line"); fi
  done <<<"$PATHS"
  if [ ${#targets[@]} -eq 0 ]; then fail "the input \`paths\` is empty: name a file or folder a line, or leave it out"; fi
}

# Words as a shell would split them, and no shell that would do more.
read_extra() {
  local word python
  if [ -z "$EXTRA_ARGS" ]; then return; fi
  python=$(python) || exit
  EXTRA_ARGS=$EXTRA_ARGS "$python" -I -c '
import os, shlex, sys
words = shlex.split(os.environ["EXTRA_ARGS"])
sys.stdout.buffer.write(b"".join(os.fsencode(word) + b"\0" for word in words))
' >"$STATE/extra" 2>"$STATE/extra.error" ||
    fail "the input \`extra-args\` cannot be split into words: $(tail -n 1 "$STATE/extra.error")"
  while IFS= read -r -d '' word; do everything+=("$word"); done <"$STATE/extra"
}

# Runs the tool; its report goes into STATE/NAME.sarif, what it prints into STATE/NAME.out and NAME.err.
#   run NAME OPTION...
run() {
  local name=$1
  shift
  "$TOOL" scan ${everything[@]+"${everything[@]}"} "$@" --output "sarif=$STATE/$name.sarif" -- "${targets[@]}" \
    >"$STATE/$name.out" 2>"$STATE/$name.err"
}

# Shows what the tool printed. It may quote the scanned tree and holds no command to the runner.
#   show NAME
show() {
  printf '::stop-commands::%s\n' "$token"
  cat "$STATE/$1.out" "$STATE/$1.err"
  printf '\n::%s::\n' "$token"
}

main
