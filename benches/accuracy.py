#!/usr/bin/env python3
"""Draw findings from the benchmark's corpus to be judged by reading, and count all of them beside other tools'.

Every package of the corpus is scanned on its own at default thresholds. A sample in `benches/accuracy/sample-*.toml` says how
its findings are drawn and holds a verdict for each. Without options, each sample is drawn, and what has no verdict is
printed with the code around it; so is every verdict whose finding is no longer reported. With --seed another draw is
printed. --write-docs writes the tables of docs/accuracy.md. Exit 1: a verdict is missing or out of date, fewer than
nine in ten of a plain draw are right, or more than a tenth of Bandit's findings.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import benchmark
import fetch

DATA = fetch.HERE / "accuracy"
PAGE = benchmark.ROOT / "docs" / "accuracy.md"
VERDICTS = ("true", "harmless", "wrong")
FEWEST_RIGHT = 0.9
MOST_OF_BANDIT = 0.1
CONTEXT = 12
ASSERTS = {"S101", "B101"}
RECALL = {
    "noise": "labelled trees",
    "file": "in the file",
    "func": "in the function",
    "any": "there, of any kind",
    "aware": "silent after the fix",
    "still": "found after it too",
}


@dataclass(frozen=True)
class Place:
    """What a verdict is keyed by."""

    package: str
    file: str
    line: int
    rule: str

    def __str__(self) -> str:
        return f"{self.package} {self.file}:{self.line} {self.rule}"


@dataclass
class Sample:
    """How findings are drawn, and what was said of them."""

    name: str
    seed: int
    count: int
    most_of_a_rule: int | None = None
    most_of_a_rule_in_a_package: int | None = None
    about: str = ""
    verdicts: dict[Place, dict] = field(default_factory=dict)

    def draw(self, findings: dict[Place, dict]) -> list[Place]:
        """The first ones in an order that only the seed and the places decide, so one that goes moves no other."""
        rules: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        drawn: list[Place] = []
        for place in sorted(findings, key=self.rank):
            pair = (place.rule, place.package)
            if full(rules[place.rule], self.most_of_a_rule) or full(pairs[pair], self.most_of_a_rule_in_a_package):
                continue
            rules[place.rule] += 1
            pairs[pair] += 1
            drawn.append(place)
            if len(drawn) == self.count:
                break
        return drawn

    def rank(self, place: Place) -> bytes:
        return hashlib.sha256(f"{self.seed}:{place}".encode()).digest()


def full(number: int, most: int | None) -> bool:
    return most is not None and number >= most


def main() -> int:
    arguments = parse_arguments()
    tools = benchmark.Tools(arguments.bin.resolve())
    packages = list(arguments.packages or fetch.PACKAGES)
    reports = {folder.name: ours(tools, folder) for folder in benchmark.corpus(packages)}
    findings = places(reports, arguments.rules)
    if arguments.seed is not None:
        for place in one_draw(arguments).draw(findings):
            print(shown(place, findings[place]))
        return 0
    samples = [read_sample(path) for path in sorted(DATA.glob("sample-*.toml"))]
    good = all([state(sample, findings) for sample in samples])
    if arguments.noise or arguments.write_docs:
        rows = noise(tools, reports)
        print(noise_table(rows))
        good &= rows["all"]["ours"] <= MOST_OF_BANDIT * rows["all"]["bandit"]
        if arguments.write_docs:
            write_docs(samples, findings, noise_text(tools, rows))
    return 0 if good else 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    target = Path(os.environ.get("CARGO_TARGET_DIR") or benchmark.ROOT / "target")
    parser.add_argument("--bin", type=Path, default=target / "release" / "backend-audit", help="default: %(default)s")
    parser.add_argument("--noise", action="store_true", help="count beside ruff and Bandit (Bandit takes minutes, once)")
    parser.add_argument("--write-docs", action="store_true", help=f"write the tables of {PAGE.relative_to(benchmark.ROOT)}")
    parser.add_argument("--seed", type=int, help="print another draw, of no sample")
    parser.add_argument("--count", type=int, default=60, help="with --seed: how many (default: %(default)s)")
    parser.add_argument("--most", type=int, metavar="N", help="with --seed: at most N of a rule")
    parser.add_argument("--rules", type=listed, metavar="RULE,…", help="with --seed: only these rules")
    parser.add_argument("--packages", type=listed, metavar="NAME,…", help="with --seed: only these packages")
    arguments = parser.parse_args()
    if arguments.seed is None and (arguments.rules or arguments.packages or arguments.most):
        parser.error("--rules, --packages and --most belong to --seed")
    if unknown := set(arguments.packages or ()) - set(fetch.PACKAGES):
        parser.error(f"not in the corpus: {', '.join(sorted(unknown))}")
    return arguments


def listed(text: str) -> list[str]:
    return text.split(",")


def one_draw(arguments: argparse.Namespace) -> Sample:
    return Sample("", arguments.seed, arguments.count, most_of_a_rule=arguments.most)


def ours(tools: benchmark.Tools, folder: Path) -> dict:
    command = [tools.binary, "scan", ".", "--isolated", "--no-ignore", "--format", "json", "--quiet", "--exit-zero"]
    return json_of(command, {0, 3}, folder)


def json_of(command: list, good: set[int], folder: Path | None = None) -> dict | list:
    words = [str(part) for part in command]
    answer = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    if answer.returncode not in good:
        sys.exit(f"error: exit {answer.returncode} from {command[0]}\n{answer.stderr}")
    return json.loads(answer.stdout)


def places(reports: dict[str, dict], rules: list[str] | None) -> dict[Place, dict]:
    """All findings but those that a comment of the package suppresses; two of one rule on one line are one."""
    found: dict[Place, dict] = {}
    for folder, report in reports.items():
        name, _, version = folder.rpartition("-")
        for finding in report["findings"]:
            if finding["suppressed"] is None and (not rules or finding["rule"] in rules):
                place = Place(f"{name}=={version}", finding["path"], finding["start"]["line"], finding["rule"])
                found.setdefault(place, finding)
    return found


def read_sample(path: Path) -> Sample:
    table = tomllib.loads(path.read_text())
    entries = table.pop("finding", [])
    sample = Sample(path.stem.removeprefix("sample-"), **table)
    for entry in entries:
        place = Place(*(entry.pop(key) for key in ("package", "file", "line", "rule")))
        if entry.get("verdict") not in VERDICTS or not entry.get("why"):
            sys.exit(f"error: {path.name}: {place}: `verdict` is one of {', '.join(VERDICTS)}, and `why` is needed")
        if place in sample.verdicts:
            sys.exit(f"error: {path.name}: {place} is there twice")
        sample.verdicts[place] = entry
    return sample


def state(sample: Sample, findings: dict[Place, dict]) -> bool:
    """Print what a sample lacks; whether it lacks nothing and is right often enough."""
    drawn = sample.draw(findings)
    missing = [place for place in drawn if place not in sample.verdicts]
    for place in missing:
        print(f"no verdict in sample-{sample.name}.toml:\n{shown(place, findings[place])}")
    gone = [place for place in sample.verdicts if place not in findings and "fixed" not in sample.verdicts[place]]
    for place in gone:
        print(f"sample-{sample.name}.toml: no longer reported: {place}")
    back = [place for place in findings if "fixed" in sample.verdicts.get(place, ())]
    for place in back:
        print(f"sample-{sample.name}.toml: said to be fixed, and reported: {place}")
    counts = tally(sample, drawn)
    print(f"{sample.name}: " + ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS))
    # Where rare rules are preferred, the share says nothing.
    enough = sample.most_of_a_rule is not None or counts["wrong"] <= (1 - FEWEST_RIGHT) * len(drawn)
    return not (missing or gone or back) and enough


def tally(sample: Sample, drawn: list[Place]) -> Counter[str]:
    return Counter(sample.verdicts[place]["verdict"] for place in drawn if place in sample.verdicts)


def shown(place: Place, finding: dict) -> str:
    """A finding with the code around it and each step of its flow, then an entry to be filled in."""
    folder = fetch.corpus_folder() / place.package.replace("==", "-")
    lines = [f"== {place.package} {place.file}:{place.line} {place.rule} {finding['severity']}/{finding['confidence']}"]
    lines += [f"   {finding['message']}"]
    for step in finding["flow"] or finding["related"]:
        lines.append(f"   via {step['path']}:{step['start']['line']} {step['message']}")
    code = (folder / place.file).read_text(errors="replace").splitlines()
    first = max(place.line - CONTEXT, 1)
    for number, text in enumerate(code[first - 1 : finding["end"]["line"] + CONTEXT // 3], first):
        lines.append(f"{'>' if number == place.line else ' '}{number:>6} {text}")
    entry = f'package = "{place.package}"\nfile = "{place.file}"\nline = {place.line}\nrule = "{place.rule}"'
    return "\n".join([*lines, f'[[finding]]\n{entry}\nverdict = ""\nwhy = ""\n'])


def noise(tools: benchmark.Tools, reports: dict[str, dict]) -> dict[str, dict[str, int]]:
    rows: dict[str, dict[str, int]] = {}
    for name, report in reports.items():
        folder = fetch.corpus_folder() / name
        ruff, bandit = ruff_ids(tools, folder), bandit_ids(tools, folder)
        rows[name] = {
            "lines": sum(path.read_bytes().count(b"\n") for path in benchmark.source_files(folder)),
            "ours": report["summary"]["findings"],
            "failing": report["summary"]["failing"],
            "bandit": len(bandit),
            "bandit without asserts": sum(rule not in ASSERTS for rule in bandit),
            "ruff": len(ruff),
            "ruff without asserts": sum(rule not in ASSERTS for rule in ruff),
        }
    rows["all"] = {key: sum(row[key] for row in rows.values()) for key in next(iter(rows.values()))}
    return rows


def ruff_ids(tools: benchmark.Tools, folder: Path) -> list[str]:
    command = [tools.venv / "ruff", "check", "--isolated", "--no-cache", "--select", "S", *benchmark.RUFF_FILES]
    return [row["code"] for row in json_of([*command, "--output-format", "json", "--quiet", folder], {0, 1}) if row["code"]]


def bandit_ids(tools: benchmark.Tools, folder: Path) -> list[str]:
    """Kept in the cache: neither the packages nor Bandit change."""
    kept = tools.output / f"bandit-{benchmark.BANDIT}-{folder.name}.json"
    if not kept.is_file():
        print(f"Bandit on {folder.name} …", file=sys.stderr)
        report = json_of([tools.venv / "bandit", "--quiet", "-r", "-f", "json", folder], {0, 1})
        kept.write_text(json.dumps([row["test_id"] for row in report["results"]]))
    return json.loads(kept.read_text())


def noise_table(rows: dict[str, dict[str, int]]) -> str:
    columns = [key for key in rows["all"] if key != "lines"]
    lines = [f"| package | lines | {' | '.join(columns)} |", f"|---|---:|{'---:|' * len(columns)}"]
    for name, row in rows.items():
        figures = (f"{1000 * row[key] / row['lines']:.2f}" for key in columns)
        lines.append(f"| {name} | {row['lines']:,} | {' | '.join(figures)} |")
    return "\n".join(lines)


def noise_text(tools: benchmark.Tools, rows: dict[str, dict[str, int]]) -> str:
    total = rows["all"]
    share, quiet = total["ours"] / total["bandit"], total["ours"] / total["bandit without asserts"]
    versions = ", ".join(tools.version(name) for name in ("backend-audit", "bandit", "ruff"))
    return (
        f"{recall_tables(total)}\n\n{versions}; benchmark counted on {datetime.date.today():%-d %B %Y}."
        f" {total['ours']:,} findings are {100 * share:.2f} % of Bandit's {total['bandit']:,}, and {100 * quiet:.0f} %"
        f" of the {total['bandit without asserts']:,} that are left of them without `assert`.\n\n"
        f"Findings per 1,000 lines, by package:\n\n{noise_table(rows)}"
    )


def recall_tables(total: dict[str, int]) -> str:
    """Noise of each tool on the benchmark beside its recall, which `recall.toml` holds; then the recall by kind."""
    data = tomllib.loads((DATA / "recall.toml").read_text())
    figures = ("noise", "file", "func", "any", "aware", "still")
    lines = [f"| tool | benchmark | {' | '.join(RECALL[key] for key in figures)} |", f"|---|---:|{'---:|' * len(figures)}"]
    for tool in data["tool"]:
        counted = f"{1000 * total[tool['column']] / total['lines']:.2f}"
        rest = ("" if key not in tool else f"{tool[key]:.2f}" if key == "noise" else f"{tool[key]:.1f}" for key in figures)
        lines.append(f"| {tool['name']} | {counted} | {' | '.join(rest)} |")
    names = [tool["name"] for tool in data["tool"] if "func" in tool]
    lines.append(f"\nRecall by kind, in the function and (aware of the fix), in %; {data['about']}:\n")
    lines.append(f"| kind | CVEs | {' | '.join(names)} |\n|---|---:|{'---:|' * len(names)}")
    for kind in data["kind"]:
        cells = (f"{func:.0f} ({aware:.0f})" for func, aware in kind["recall"])
        lines.append(f"| {kind['name']} | {kind['pairs']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def write_docs(samples: list[Sample], findings: dict[Place, dict], noise_part: str) -> None:
    text = PAGE.read_text()
    for sample in samples:
        text = replaced(text, f"the sample {sample.name}", sample_text(sample, findings))
    PAGE.write_text(replaced(text, "the table of noise", noise_part))


def replaced(text: str, what: str, part: str) -> str:
    """What stands between the two comments about `what` is written anew."""
    start, end = f"<!-- {what}: python3 benches/accuracy.py --write-docs -->", f"<!-- the end of {what} -->"
    head, found, rest = text.partition(start)
    old, closed, tail = rest.partition(end)
    if not found or not closed:
        sys.exit(f"error: {PAGE.name} has no place for {what}")
    return f"{head}{start}\n\n{part}\n\n{end}{tail}"


def sample_text(sample: Sample, findings: dict[Place, dict]) -> str:
    drawn = sample.draw(findings)
    first = Counter(entry["verdict"] for entry in sample.verdicts.values() if not entry.get("later"))
    then = tally(sample, drawn)
    lines = ["| | true | harmless by choice | wrong |\n|---|---:|---:|---:|"]
    lines.append("| as first drawn | " + " | ".join(str(first[verdict]) for verdict in VERDICTS) + " |")
    lines.append("| now | " + " | ".join(str(then[verdict]) for verdict in VERDICTS) + " |")
    lines.append("\n| finding | code | verdict | why |\n|---|---|---|---|")
    lines += [row(place, sample.verdicts.get(place, {}), findings[place]) for place in sorted(drawn, key=str)]
    if fixed := [place for place in sample.verdicts if "fixed" in sample.verdicts[place]]:
        lines.append("\nWrong when first drawn, and no longer reported:\n\n| finding | why it was wrong | what was changed |\n|---|---|---|")
        lines += [f"| {link(place)} | {sample.verdicts[place]['why']} | {sample.verdicts[place]['fixed']} |" for place in fixed]
    return "\n".join(lines)


def row(place: Place, entry: dict, finding: dict) -> str:
    code = finding["snippet"]["text"].splitlines()[place.line - finding["snippet"]["first_line"]]
    code = re.sub(r"\s+", " ", code).strip().replace("|", "\\|").replace("`", "'")[:80]
    verdict = {"harmless": "harmless by choice"}.get(entry.get("verdict", ""), entry.get("verdict", "none yet"))
    return f"| {link(place)} {finding['severity']}, {finding['confidence']} | `{code}` | {verdict} | {entry.get('why', '')} |"


def link(place: Place) -> str:
    return f"{place.package} `{place.file}:{place.line}` `{place.rule}`"


if __name__ == "__main__":
    sys.exit(main())
