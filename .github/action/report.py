"""Makes annotations, the summary of the job and outputs of the action from the tool's JSON report.

Reads STATE (the folder of the run's files), EXIT_CODE (the tool's), SINCE, TOOL_PATHS, ANNOTATIONS and GitHub's own
variables. Sets the outputs `exit-code`, `critical`, `high`, `medium`, `low`, `info`, `findings`, `failing`, `root`.

Everything that is shown may come from the scanned tree: it is data, never a command to the runner, never markup.
"""

import json
import os
import re
import sys
import unicodedata
from pathlib import Path

SEVERITIES = ["critical", "high", "medium", "low", "info"]
CONFIDENCES = ["high", "medium", "low"]
# GitHub shows ten annotations of each level for a step, and drops the rest without a word.
ANNOTATIONS = 10
LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "notice", "info": "notice"}
# GitHub drops a whole summary above 1 MiB.
SUMMARY_BYTES = 900_000
CELL = 300


def main() -> int:
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    state = Path(os.environ["STATE"])
    code = int(os.environ["EXIT_CODE"])
    report = read_report(state / "judged.json") if code in (0, 1, 3) else None
    if report is None and code in (0, 1, 3):
        # The tool says that it has judged, and has left no report of it.
        code = 2
    root = root_of(os.environ["TOOL_PATHS"].splitlines())
    if report and os.environ.get("ANNOTATIONS") == "true":
        prefix = below_workspace(root)
        for line in annotations(report, prefix):
            print(line)
    failure = said(state / "judged.err") or said(state / "full.err")
    if code not in (0, 1, 3):
        print(command("error", failure or f"backend-audit ended with exit code {code}", title="backend-audit"))
    append("GITHUB_STEP_SUMMARY", summary(report, code, os.environ["SINCE"], said(state / "warnings"), failure))
    counts = report["summary"] if report else {}
    outputs = {"exit-code": code, "root": root}
    outputs |= {name: counts.get("by_severity", {}).get(name, "") for name in SEVERITIES}
    outputs |= {name: counts.get(name, "") for name in ("findings", "failing")}
    append("GITHUB_OUTPUT", "".join(f"{name}={one_line(str(value))}\n" for name, value in outputs.items()))
    return 0


def read_report(path: Path):
    """The report; None where there is none of a version that is known here."""
    try:
        report = json.loads(path.read_bytes())
        known = report["version"] == 1
        report["summary"]["by_severity"], report["findings"], report["notices"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return report if known else None


def shown(report) -> list:
    """Findings that count, worst first: what fails the gate, then by severity and confidence."""
    findings = [each for each in report["findings"] if not each.get("suppressed") and not each.get("known")]
    return sorted(findings, key=lambda each: (
        not fails(each, report["summary"]),
        rank(SEVERITIES, each["severity"]),
        rank(CONFIDENCES, each["confidence"]),
        each["path"],
        each["start"]["line"],
    ))


def fails(finding, totals) -> bool:
    severe = rank(SEVERITIES, finding["severity"]) <= rank(SEVERITIES, totals["fail_on"])
    return severe and rank(CONFIDENCES, finding["confidence"]) <= rank(CONFIDENCES, totals["min_confidence"])


def rank(order: list, name: str) -> int:
    return order.index(name) if name in order else -1


def annotations(report, prefix: str):
    """Lines that the runner turns into annotations: at most ten of a level, the last of them for what is left out."""
    findings = shown(report)
    notices = [each for each in report["notices"] if each["kind"] == "incomplete"]
    room = {"error": ANNOTATIONS, "warning": ANNOTATIONS, "notice": ANNOTATIONS - 1}
    left_out = 0
    for notice in notices:
        left_out += not room["warning"]
        if room["warning"]:
            room["warning"] -= 1
            text = f"not judged: {notice['path']}: {notice['message']}" if notice["path"] else notice["message"]
            yield command("warning", text, title="backend-audit: incomplete")
    for finding in findings:
        level = LEVELS.get(finding["severity"], "error")
        left_out += not room[level]
        if room[level]:
            room[level] -= 1
            yield command(level, text_of(finding), **place(finding, prefix), title=finding["rule"])
    if left_out:
        yield command("notice", f"{left_out} more: see the summary of the job", title="backend-audit")


def text_of(finding) -> str:
    text = f"{finding['severity']}: {finding['message']}"
    return f"{text}\nHelp: {finding['help']}" if finding.get("help") else text


def place(finding, prefix: str) -> dict:
    start, end = finding["start"], finding["end"]
    where = {"file": prefix + finding["path"], "line": start["line"], "endLine": end["line"]}
    if start["line"] == end["line"]:
        where |= {"col": start["column"], "endColumn": end["column"]}
    return where


def command(level: str, text: str, **properties) -> str:
    """A workflow command. Data may hold neither `%` nor line ends, properties neither `:` nor `,` besides."""
    pairs = ",".join(f"{name}={escaped(str(value), ':,')}" for name, value in properties.items())
    return f"::{level} {pairs}::{escaped(text)}"


def escaped(text: str, more: str = "") -> str:
    # `##[` is a command anywhere in a line.
    text = harmless(text, keep="\n").replace("##[", "##\\x5b")
    return re.sub(f"[%\n{more}]", lambda found: f"%{ord(found[0]):02X}", text)


def summary(report, code: int, since: str, warnings: str, failure: str) -> str:
    """The summary in Markdown, below GitHub's limit."""
    verdicts = {0: "passed", 1: "failed", 3: "incomplete: something was not judged"}
    verdict = verdicts.get(code, "could not judge")
    if report and code == 0 and report["summary"]["failing"]:
        verdict = "findings, which were asked not to fail"
    lines = [f"## backend-audit: {verdict}", ""]
    lines += [f"> ⚠️ {markup(warning)}\n" for warning in warnings.splitlines()]
    if report is None:
        reason = failure or f"Exit code {code}: the log of the step says why."
        return "\n".join([*lines, *(f"{markup(line)}<br>" for line in reason.splitlines()), ""])
    totals = report["summary"]
    what = f"what came since {markup(since)}" if since else "everything"
    lines.append(
        f"Judged: {what}; {totals['files']} files read. Findings: {counted(totals)}. "
        f"Failing, at {totals['fail_on']} severity and {totals['min_confidence']} confidence or above: "
        f"{totals['failing']}. Known: {totals['known']}. Suppressed: {totals['suppressed']}."
    )
    incomplete = [each for each in report["notices"] if each["kind"] == "incomplete"]
    lines += ["", *(f"- not judged: {cell(each['path'] or '')} {cell(each['message'])}" for each in incomplete[:50])]
    if len(incomplete) > 50:
        lines.append(f"- and {len(incomplete) - 50} more")
    return "\n".join([*lines, "", *table(report, SUMMARY_BYTES - len("\n".join(lines).encode()))]) + "\n"


def counted(totals) -> str:
    counts = [f"{totals['by_severity'][name]} {name}" for name in SEVERITIES if totals["by_severity"][name]]
    return f"{totals['findings']}" + (f" ({', '.join(counts)})" if counts else "")


def table(report, room: int):
    """The rows of the findings, as many as there is room for in bytes."""
    findings = shown(report)
    if not findings:
        return
    yield "| | severity | confidence | rule | where | what |\n|---|---|---|---|---|---|"
    for index, finding in enumerate(findings):
        mark = "❌" if fails(finding, report["summary"]) else ""
        where = f"{finding['path']}:{finding['start']['line']}"
        cells = [finding["severity"], finding["confidence"], finding["rule"], where, finding["message"]]
        row = f"| {mark} | {' | '.join(cell(text) for text in cells)} |"
        room -= len(row.encode()) + 1
        if room < 0:
            yield f"\n{len(findings) - index} more are in the reports."
            return
        yield row


def cell(text: str) -> str:
    return markup(text if len(text) <= CELL else text[: CELL - 1] + "…")


def markup(text: str) -> str:
    """A text that is only text in Markdown and HTML: all punctuation is written by number."""
    return re.sub(r"[!-/:-@\[-`{-~]", lambda found: f"&#{ord(found[0])};", harmless(text))


def harmless(text: str, keep: str = "") -> str:
    """A text without characters that act instead of showing themselves, such as ESC or what turns the direction."""
    return "".join(
        each if each in keep or unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        else each.encode("unicode_escape", "surrogatepass").decode()
        for each in text
    )


def root_of(paths: list) -> str:
    """The folder that the report's paths are relative to, as the tool chooses it."""
    folders = []
    for path in paths:
        if path.strip():
            found = Path(path).resolve()
            folders.append(str(found if found.is_dir() else found.parent))
    current = Path.cwd()
    common = Path(os.path.commonpath(folders)) if folders else current
    for folder in (common, *common.parents):
        if (folder / ".git").exists():
            return str(folder)
    return str(current if current in (common, *common.parents) else common)


def below_workspace(root: str) -> str:
    """What leads from the workspace, where annotations begin, to the root; empty or with `/` at its end."""
    workspace = os.path.realpath(os.environ.get("GITHUB_WORKSPACE") or root)
    below = os.path.relpath(root, workspace).replace(os.sep, "/")
    return "" if below == "." else f"{below}/"


def said(path: Path) -> str:
    """The beginning of what a file of the run says; empty where it says nothing."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()[:2000]
    except OSError:
        return ""


def append(variable: str, text: str) -> None:
    with open(os.environ[variable], "a", encoding="utf-8", newline="\n") as file:
        file.write(text)


def one_line(text: str) -> str:
    return " ".join(text.splitlines())


if __name__ == "__main__":
    sys.exit(main())
