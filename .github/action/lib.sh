# shellcheck shell=bash
# What the steps of the action share. Written for the bash 3.2 of macOS too. The runner takes commands from both streams;
# here they go to standard error, which no function's answer is read from.

# Shows a text as a warning of the step, and keeps it for the summary of the job.
#   warn TEXT
warn() {
  printf '::warning title=backend-audit::%s\n' "$(escaped "$1")" >&2
  if [ -n "${STATE:-}" ]; then
    one_line "$1" >>"$STATE/warnings"
  fi
}

# Ends the step with exit code 2: nothing was judged.
#   fail TEXT
fail() {
  printf '::error title=backend-audit::%s\n' "$(escaped "$1")" >&2
  exit 2
}

# Sets an output of the step. A text of several lines would set others too.
#   output NAME TEXT
output() {
  printf '%s=%s\n' "$1" "$(one_line "$2")" >>"$GITHUB_OUTPUT"
}

# Whether the tool's `scan` has an option.
#   knows --OPTION
knows() {
  local help
  help=$("$TOOL" scan --help 2>&1) || true
  printf '%s\n' "$help" | grep -E -e " $1([ =,]|\$)" >/dev/null
}

# The interpreter, by name. No Python code of the scanned tree is ever on its path: it is only run with -I.
python() {
  local name
  for name in python3 python; do
    if "$name" -I -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then
      printf '%s\n' "$name"
      return
    fi
  done
  fail "there is no Python 3.8 or newer on this runner: add a step with actions/setup-python"
}

# A text as the data of a workflow command.
escaped() {
  local text=$1
  text=${text//\%/%25}
  text=${text//$'\r'/%0D}
  text=${text//$'\n'/%0A}
  printf '%s' "$text"
}

one_line() {
  local text=${1//$'\r'/ }
  printf '%s\n' "${text//$'\n'/ }"
}
