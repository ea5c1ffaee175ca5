#!/usr/bin/env python3
"""Compare with Bandit on Bandit's own examples, row by row.

Fetches the sdist of Bandit (checked by its sha256), runs Bandit on its `examples/` and this tool with
`--preset review`, suppressions ignored on both sides, and looks for each of Bandit's findings one of ours on the same
line. What is not reported stands in `REASONS` with the reason; a row without one, a reason that is out of date, and
too few matches are exit 1.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import benchmark
import fetch

SHA256 = "b589e5de2afe70bd4d53fa0c1da6199f4085af666fde00e8a034f152a52cd628"
EXPECTED_ROWS = 647
# Of all rows but those about secrets.
FEWEST = 500
SECRETS = ("B105", "B106", "B107")

# Reason, then the rows: id, file and lines; several with `;`.
REASONS = {
    "the condition is constant: no check is lost": "B101 assert.py 1",
    "`a` has a value from before, which stays when the `try` fails": "B110 try_except_pass.py 11; B112 try_except_continue.py 13",
    "the module has no `extractall`: the call always fails": "B202 tarfile_extractall.py 38",
    "reads back what the same code has written just before": """
        B301 dill.py 6 11 14; B301 jsonpickle.py 6 8; B301 pandas_read_pickle.py 12; B301 pickle_deserialize.py 7 12 15;
        B302 marshal_deserialize.py 6 11; B614 pytorch_load.py 10 18 22""",
    "the name is bound by no import: it is not known to be that of the library": """
        B306 mktemp.py 8 9; B603 skip.py 1 2 3 4 5 6 7;
        B311 mark_safe_insecure.py 35 46 124""",
    "the text is constant, so nothing can be put into it": """
        B308 mark_safe.py 4; B308 mark_safe_insecure.py 149; B703 mark_safe_insecure.py 149;
        B308 mark_safe_secure.py 4 11 14 17 29 33 35 36 37 38 39 41 45 47 48 49 54 62 65 75;
        B703 mark_safe_secure.py 38 39 49;
        B704 markupsafe_markup_xss.py 5 6 10 11; B704 markupsafe_markup_xss_extend_markup_names.py 5""",
    "`bleach.clean` takes scripts out": "B704 markupsafe_markup_xss_allowed_calls.py 5 9",
    "the document is constant": """
        B313 xml_etree_celementtree.py 7; B314 xml_etree_elementtree.py 7; B316 xml_expatbuilder.py 9;
        B317 xml_sax.py 21 23; B318 xml_minidom.py 3; B319 xml_pulldom.py 3; B506 yaml_load.py 22""",
    "`METHOD_BLOWFISH` is bcrypt, which is slow enough": "B324 crypto-md5.py 39 46",
    "`FTP_TLS` is the encrypted one": "B402 ftplib.py 2",
    "a module of the project's own, imported relatively": "B404 imports-from.py 6 7",
    "`SSLv23_METHOD` agrees on the newest version that both sides know": "B502 ssl-insecure-version.py 6 10; B503 ssl-insecure-version.py 38",
    "every part is a literal in the call": "B610 django_sql_injection_extra.py 12 13",
    "the function answers `'foobar'`, which switches escaping on": "B701 jinja2_templating.py 29",
}


@dataclass(frozen=True, order=True)
class Row:
    """A finding of Bandit."""

    rule: str
    file: str
    line: int
    code: str = ""

    def key(self) -> tuple[str, str, int]:
        return self.rule, self.file, self.line


def main() -> int:
    arguments = parse_arguments()
    tools = benchmark.Tools(arguments.bin.resolve())
    examples = unpacked() / "examples"
    theirs, ours = bandit_rows(tools, examples), our_findings(tools, examples)
    if len(theirs) != EXPECTED_ROWS:
        sys.exit(f"error: Bandit reports {len(theirs)} rows, {EXPECTED_ROWS} are expected")
    matched = {row: how_matched(row, ours.get(row.file, [])) for row in theirs}
    reasons = {row: reason for reason, text in REASONS.items() for row in listed(text)}
    missed = {row for row in theirs if matched[row] is None}
    unexplained = sorted(row for row in missed if row.rule not in SECRETS and row.key() not in reasons)
    stale = sorted(set(reasons) - {row.key() for row in missed})
    print(table(theirs, matched))
    text = report(theirs, matched, reasons, tools)
    if arguments.write_docs:
        (benchmark.ROOT / "docs" / "bandit-examples.md").write_text(text)
    for row in unexplained:
        print(f"no reason: {row.rule} {row.file}:{row.line} {row.code}")
    for row in stale:
        print("reported after all, take the reason out:", *row)
    reached = sum(matched[row] is not None for row in theirs if row.rule not in SECRETS)
    print(f"{reached} of {sum(row.rule not in SECRETS for row in theirs)} matched, {FEWEST} wanted")
    return 1 if unexplained or stale or reached < FEWEST else 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = benchmark.ROOT / "target" / "release" / "backend-audit"
    parser.add_argument("--bin", type=Path, default=default, help="this tool (default: the release build)")
    parser.add_argument("--write-docs", action="store_true", help="write docs/bandit-examples.md")
    return parser.parse_args()


def unpacked() -> Path:
    """The folder of Bandit's sdist."""
    fetch.SDISTS.add("bandit")
    archive = fetch.stored_archive("bandit", benchmark.BANDIT) or fetch.download("bandit", benchmark.BANDIT)
    if fetch.sha256(archive) != SHA256:
        sys.exit(f"error: {archive.name} is not the archive that {Path(__file__).name} names")
    target = fetch.cache_folder() / f"bandit-{benchmark.BANDIT}"
    if not target.is_dir():
        shutil.unpack_archive(archive, fetch.cache_folder(), filter="data")
    return target


def run(command: list, folder: Path) -> dict:
    answer = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False)
    if answer.returncode not in (0, 1):
        sys.exit(f"error: exit {answer.returncode} from {command[0]}\n{answer.stderr}")
    return json.loads(answer.stdout)


def bandit_rows(tools: benchmark.Tools, examples: Path) -> list[Row]:
    command = [tools.venv / "bandit", "--quiet", "--ignore-nosec", "-r", examples.name, "-f", "json"]
    return sorted(bandit_row(result) for result in run(command, examples.parent)["results"])


def bandit_row(result: dict) -> Row:
    line = result["line_number"]
    number = f"{line} "
    code = next((text for text in result["code"].splitlines() if text.startswith(number)), "")
    return Row(result["test_id"], result["filename"].split("/", 1)[1], line, code.removeprefix(number).strip())


def our_findings(tools: benchmark.Tools, examples: Path) -> dict[str, list[dict]]:
    """By file; what a comment suppresses is among them."""
    command = [tools.binary, "scan", examples.name, "--isolated", "--no-ignore", "--preset", "review"]
    findings: dict[str, list[dict]] = {}
    for finding in run([*command, "--format", "json", "--quiet", "--exit-zero"], examples.parent)["findings"]:
        findings.setdefault(finding["path"].split("/", 1)[1], []).append(finding)
    return findings


def how_matched(row: Row, findings: list[dict]) -> str | None:
    """The rule of ours that stands for a row: of the same id and over its line, or else any that begins on it; not one about a comment."""
    same = [one for one in findings if row.rule in one["aliases"]]
    over = [one["rule"] for one in same if one["start"]["line"] <= row.line <= one["end"]["line"]]
    other = [one["rule"] for one in findings if one["start"]["line"] == row.line and "suppression" not in one["rule"]]
    return over[0] if over else f"({other[0]})" if other else None


def listed(text: str) -> list[tuple[str, str, int]]:
    rows = []
    for part in text.split(";"):
        rule, file, *lines = part.split()
        rows += [(rule, file, int(line)) for line in lines]
    return rows


def table(theirs: list[Row], matched: dict[Row, str | None]) -> str:
    """By id: rows, matched by a rule of that id, by another rule, not matched."""
    lines = ["| id | rows | same fault | another on the line | not reported | by |", "|---|---:|---:|---:|---:|---|"]
    sums: Counter[str] = Counter()
    for rule in sorted({row.rule for row in theirs}):
        ways = [matched[row] for row in theirs if row.rule == rule]
        other = sum(way is not None and way.startswith("(") for way in ways)
        missed = ways.count(None)
        same = len(ways) - other - missed
        sums.update({"rows": len(ways), "same": same, "other": other, "missed": missed})
        names = ", ".join(f"`{way}`" for way in sorted({way for way in ways if way and not way.startswith("(")}))
        lines.append(f"| {rule} | {len(ways)} | {same} | {other} | {missed} | {names} |")
    lines.append(f"| all | {sums['rows']} | {sums['same']} | {sums['other']} | {sums['missed']} | |")
    return "\n".join(lines)


def report(theirs: list[Row], matched: dict[Row, str | None], reasons: dict, tools: benchmark.Tools) -> str:
    rest = [row for row in theirs if row.rule not in SECRETS]
    reached = sum(matched[row] is not None for row in rest)
    out = [
        HEAD.format(versions=", ".join((tools.version("backend-audit"), tools.version("bandit"))), reached=reached, rest=len(rest)),
        table(theirs, matched),
        "\n## What is not reported\n\n| id | place | code | why |\n|---|---|---|---|",
    ]
    for row in rest:
        if matched[row] is None:
            code = row.code.replace("|", "\\|")[:70]
            out.append(f"| {row.rule} | `{row.file}:{row.line}` | `{code}` | {reasons.get(row.key(), '**no reason yet**')} |")
    missing = sum(matched[row] is None for row in theirs if row.rule in SECRETS)
    out.append(f"\nOf the {len(theirs) - len(rest)} rows about secrets ({', '.join(SECRETS)}) {missing} are not reported.\n" if missing else "")
    return "\n".join(out)


HEAD = """# Bandit's examples

Bandit comes with a folder `examples/`, in which it reports 647 findings when suppressions are ignored. This page says
which of them this tool reports on the same line with `--preset review`, and why it is silent on the others: of the
{rest} rows that are not about secrets, {reached} are matched.

```sh
python3 benches/bandit_examples.py --write-docs
```

{versions}.

A row counts as the *same fault* where a rule that carries the id as an alias speaks of that line, as *another on the
line* where only a different rule does. Bandit goes by how a name is spelled, this tool by what it is bound to, and it
does not speak of text that is known to be constant; that makes most of the difference.
"""


if __name__ == "__main__":
    sys.exit(main())
