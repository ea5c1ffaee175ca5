#!/usr/bin/env bash
# Decides what is judged: a change, or everything. Whatever is in doubt is judged whole, with a warning; never nothing.
#
# Reads SINCE, UPLOAD, TOOL, STATE, of the event PR_BASE, PUSH_BEFORE and GROUP_BASE, and GitHub's own variables. Sets the
# outputs
#   since    what `scan --since` gets; empty for everything
#   protect  the commit whose baseline and configuration count; empty for those of the work tree
#   upload   `no`; `judged`: what was judged; `full`: a full scan made for the upload
set -euo pipefail
# shellcheck source=.github/action/lib.sh
. "$GITHUB_ACTION_PATH/.github/action/lib.sh"

base='' protect=''

main() {
  case $UPLOAD in
    true | false) ;;
    *) fail "the input \`upload\` is \`true\` or \`false\`, not \`$UPLOAD\`" ;;
  esac
  case $SINCE in
    auto) by_event ;;
    none) ;;
    '') warn "the input \`since\` is empty, so everything is judged: say \`auto\`, \`none\` or a revision" ;;
    *) by_hand ;;
  esac
  if [ -n "$base" ]; then
    printf 'Judged is what came since %q.\n' "$base"
  else
    printf 'Everything is judged.\n'
  fi
  output since "$base"
  output protect "$protect"
  output upload "$(upload)"
}

by_event() {
  case $GITHUB_EVENT_NAME in
    pull_request) pull_request ;;
    pull_request_target) refuse ;;
    push) push ;;
    merge_group) if changed_since "${GROUP_BASE:-}" "the base of the merge group"; then protect=$base; fi ;;
    *) ;; # a schedule, a run by hand, a release: everything
  esac
  if [ -n "$base" ] && ! knows --since; then
    warn "\`$TOOL\` is too old to judge a change, so everything is judged"
    base=''
  fi
}

# A revision given by hand: the tool judges it, and says what is wrong with it.
by_hand() {
  case $GITHUB_EVENT_NAME in
    pull_request_target) refuse ;;
    pull_request | merge_group) protect=$SINCE ;;
  esac
  base=$SINCE
}

refuse() {
  fail "\`pull_request_target\` checks out the base branch, where the change is not: run on \`pull_request\`, or say \`since: none\` to judge what is checked out"
}

# The checkout is a merge of the pull request into its base, unless the workflow asked for another commit.
pull_request() {
  if [ "$(git rev-parse HEAD 2>&1)" = "${GITHUB_SHA:-}" ]; then
    if commit HEAD^2 >/dev/null && base=$(commit HEAD^1); then
      protect=$base
    else
      base=''
      warn "the base of the pull request was not fetched, so everything is judged: give actions/checkout \`fetch-depth: 2\`"
    fi
  else
    if changed_since "${PR_BASE:-}" "the base of the pull request"; then protect=$base; fi
  fi
}

push() {
  case ${GITHUB_REF:-} in
    refs/heads/*) ;;
    *) return ;; # a tag names what is there, not a change
  esac
  case ${PUSH_BEFORE:-} in
    *[!0]*) changed_since "$PUSH_BEFORE" "the commit before the push" || true ;;
    *) warn "the branch is new, so there is nothing to compare with and everything is judged" ;;
  esac
}

# Takes a commit as what to compare with, if it is there and has a common past with HEAD.
#   changed_since HASH WHAT
changed_since() {
  local found
  if ! printf '%s\n' "$1" | grep -qxE '[0-9a-f]{40}([0-9a-f]{24})?'; then
    warn "the event does not name $2, so everything is judged"
  elif ! found=$(commit "$1"); then
    warn "$2 ($1) was not fetched, so everything is judged: give actions/checkout \`fetch-depth: 0\`"
  elif ! git merge-base "$found" HEAD >/dev/null 2>&1; then
    warn "no commit is in the history of both $2 ($1) and HEAD, so everything is judged: give actions/checkout \`fetch-depth: 0\`"
  else
    base=$found
    return 0
  fi
  return 1
}

commit() {
  git rev-parse --verify --quiet --end-of-options "$1^{commit}"
}

# GitHub closes every alert that an upload does not have, so outside of pull requests only full scans are uploaded.
upload() {
  if [ "$UPLOAD" != true ]; then
    echo no
  elif [ "$GITHUB_EVENT_NAME" = push ] && [ "${GITHUB_ACTOR:-}" = 'dependabot[bot]' ]; then
    # Its token must not write; the pull request uploads.
    echo no
  elif [ -z "$base" ]; then
    echo judged
  else
    case ${GITHUB_REF:-} in
      refs/pull/*) echo judged ;;
      *) echo full ;;
    esac
  fi
}

main
