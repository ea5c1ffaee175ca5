#!/usr/bin/env bash
# Runs report.py, which says what it reads and sets.
set -euo pipefail
# shellcheck source=.github/action/lib.sh
. "$GITHUB_ACTION_PATH/.github/action/lib.sh"

python=$(python)
exec "$python" -I "$GITHUB_ACTION_PATH/.github/action/report.py"
