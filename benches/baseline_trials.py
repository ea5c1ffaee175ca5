#!/usr/bin/env python3
"""Try the baseline on real trees: what stays quiet, and what is still seen.

Each tree (a PyPI sdist put under git) gets a baseline. Then it is edited in a way that adds no fault
(`baseline_edits.py`), after which a scan must be quiet; and in that edited tree one fault is planted at random,
again and again, which must be reported, and nothing else with it. The same is done with Bandit's baseline.
Exits 1 when this tool reports too much or too little anywhere.
"""

from __future__ import annotations

import argparse
import ast
import functools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import benchmark
import fetch
from baseline_edits import edits, first_line, parsed, python_files

# sha256 of the sdists: an archive that differs is an error.
TREES = {
    "buildbot==4.3.0": "cbf46a15004bb1229712285e4f2b98163a169868ea00783e5e0d7cf8d5e8d962",
    "ckan==2.12.0": "108765eb4396dfc2506b0b9ce6d09c2f356c87e4116dcab3fa076bfd96f2b876",
    "octoprint==1.11.8": "ea7289b5149ecaef3dfc85aa6b53618abd96f791787a338ca3a4b3c8864fb679",
}

# Faults as people write them. Each tool is given those that it reports in a file that holds nothing else.
FAULTS = """
eval(data)
exec(data)
pickle.loads(data) <- import pickle
pickle.load(open(data, "rb")) <- import pickle
marshal.loads(data) <- import marshal
yaml.load(data, Loader=yaml.Loader) <- import yaml
subprocess.run(data, shell=True) <- import subprocess
subprocess.check_output("ls " + data, shell=True) <- import subprocess
os.system("ls " + data) <- import os
hashlib.md5(data) <- import hashlib
hashlib.sha1(data).hexdigest() <- import hashlib
requests.get(data, verify=False, timeout=3) <- import requests
requests.get(data) <- import requests
os.chmod(data, 0o777) <- import os
tempfile.mktemp() <- import tempfile
tarfile.open(data).extractall() <- import tarfile
open("/tmp/planted.txt", "w").write(data)
ssl._create_unverified_context() <- import ssl
ftplib.FTP(data) <- import ftplib
telnetlib.Telnet(data) <- import telnetlib
xml.sax.parseString(data, None) <- import xml.sax
jinja2.Environment(autoescape=False) <- import jinja2
try:\\n    data()\\nexcept Exception:\\n    pass
try:\\n    data()\\nexcept:\\n    pass
""".strip().splitlines()
FRESH, IN_PLACE, ELSEWHERE = "a new fault", "a copy beside its original", "a copy in another function"
KINDS = (FRESH, FRESH, FRESH, IN_PLACE, ELSEWHERE)
MOST_DRAWS = 400


@dataclass(frozen=True)
class Found:
    """A finding as either tool reports it."""

    path: str
    rule: str
    first: int
    last: int
    column: int
    end_column: int
    quiet: bool = False


@dataclass
class Plant:
    """A changed file, and the lines in which something new may be reported."""

    path: Path
    text: str
    kind: str
    lines: set[int]
    label: str
    # Of a copy: its rule, its code, and the lines of the function that it is in.
    rule: str = ""
    code: str = ""
    around: range = range(0)

    def is_hit(self, found: Found) -> bool:
        """Whether it is what was planted, or its equal in the same function: which is the new one cannot be told."""
        if touches(found, self.lines):
            return True
        return found.rule == self.rule and found.first in self.around and code_of(self.text, found) == self.code


class Ours:
    name = "backend-audit"
    # Everything counts, however mild and unsure.
    options = ("--preset", "all", "--min-severity", "info", "--min-confidence", "low", "--fail-on", "info")

    def __init__(self, binary: Path, folder: Path) -> None:
        self.binary, self.folder = binary, folder / "ours"
        self.baseline, self.output = self.folder / "baseline.json", self.folder / "report.json"
        self.folder.mkdir()

    def create(self, tree: Path) -> int:
        command = [self.binary, "baseline", "create", "--force", "--file", self.baseline, "--preset", "all"]
        if (answer := run(command, tree)).returncode != 0:
            sys.exit(f"error: {answer.stderr}")
        return sum(entry["count"] for entry in json.loads(self.baseline.read_text())["findings"])

    def scan(self, tree: Path, *only: Path, known: bool = True) -> list[Found]:
        """What is found; single files are asked about without the baseline only."""
        baseline = ["--baseline", self.baseline] if known else []
        where = [path.relative_to(tree) for path in only] if not known else []
        answer = run([self.binary, "scan", *where, *self.options, *baseline, "--format", "json", "-o", self.output], tree)
        if answer.returncode not in (0, 1):
            sys.exit(f"error: exit {answer.returncode}: {answer.stderr}")
        report = json.loads(self.output.read_text())
        self.stale = [notice["message"] for notice in report["notices"] if notice["id"] == "baseline-stale"]
        found = [self.read(finding) for finding in report["findings"] if not finding["suppressed"]]
        if bool(answer.returncode) != any(not one.quiet for one in found):
            sys.exit("error: the exit code does not say what the report says")
        return found

    def read(self, finding: dict) -> Found:
        start, end = finding["start"], finding["end"]
        columns = start["column"], end["column"]
        return Found(finding["path"], finding["rule"], start["line"], end["line"], *columns, bool(finding["known"]))


class Bandit:
    name = "Bandit"

    def __init__(self, binary: Path, folder: Path) -> None:
        self.binary, self.folder = binary, folder / "bandit"
        self.baseline, self.output = self.folder / "baseline.json", self.folder / "report.json"
        self.folder.mkdir()
        self.stale: list[str] = []

    def create(self, tree: Path) -> int:
        run([self.binary, "-q", "-r", "-f", "json", "-o", self.baseline, "."], tree)
        return len(json.loads(self.baseline.read_text())["results"])

    def scan(self, tree: Path, *only: Path, known: bool = True) -> list[Found]:
        """What is found. Bandit judges and compares file by file, so asking about some files is the same and faster."""
        self.output.unlink(missing_ok=True)
        # Bandit puts `./` before the name of a file, as `-r .` has it.
        where = [path.relative_to(tree) for path in only] or ["-r", "."]
        baseline = ["-b", self.baseline] if known else []
        answer = run([self.binary, "-q", "-f", "json", "-o", self.output, *baseline, *where], tree)
        if answer.returncode not in (0, 1) or not self.output.exists():
            sys.exit(f"error: exit {answer.returncode}: {answer.stderr}")
        return [self.read(result) for result in json.loads(self.output.read_text())["results"]]

    def read(self, result: dict) -> Found:
        lines = result["line_range"] + [result["line_number"]]
        path = result["filename"].removeprefix("./")
        return Found(path, result["test_id"], min(lines), max(lines), 1, sys.maxsize)


@dataclass
class Row:
    tree: str
    edit: str
    changed: int
    noise: int
    stale: str
    trials: int = 0
    reported: int = 0
    alone: int = 0
    kinds: dict[str, list[int]] = field(default_factory=dict)


def main() -> int:
    arguments = parse_arguments()
    tools = benchmark.Tools(arguments.bin.resolve())
    with tempfile.TemporaryDirectory(prefix="baseline-trials-") as folder:
        pristine = {spec: unpack(spec, Path(folder, "pristine", str(index))) for index, spec in enumerate(arguments.trees)}
        bandit = Path(arguments.bandit or tools.venv / "bandit").absolute()
        in_tree = lambda trials: -(-trials // len(pristine))
        known = [(Ours(arguments.bin.resolve(), Path(folder)), in_tree(arguments.trials))]
        known += [(Bandit(bandit, Path(folder)), in_tree(arguments.bandit_trials))] if arguments.bandit_trials else []
        all_edits = edits(tools.venv / "ruff")
        wanted = {name: edit for name, edit in all_edits.items() if any(word in name for word in arguments.edit or [""])}
        with ThreadPoolExecutor(len(known)) as pool:
            done = list(pool.map(lambda one: try_tool(*one, pristine, wanted, arguments.seed), known))
    text = report(done, benchmark.about(tools), arguments)
    print(text)
    if arguments.write_docs:
        (benchmark.ROOT / "docs" / "baseline-trials.md").write_text(text)
    failed = [row for row in done[0].rows if row.noise or row.reported < row.trials or row.alone < row.trials]
    return 1 if failed else 0


@dataclass
class Done:
    """What one tool did."""

    name: str
    created: dict[str, int]
    rows: list[Row]


def try_tool(tool, trials: int, pristine: dict[str, Path], wanted: dict, seed: str) -> Done:
    done = Done(tool.name, {}, [])
    faults = reported_faults(tool, tool.folder / "plain")
    for spec, original in pristine.items():
        work = copied(original, tool.folder / "work")
        done.created[spec] = tool.create(work)
        for named_edit in wanted.items():
            row = try_edit(tool, spec, named_edit, (original, work), (faults, trials, seed))
            done.rows.append(row)
            print_row(tool.name, row)
    return done


def parse_arguments() -> argparse.Namespace:
    target = Path(os.environ.get("CARGO_TARGET_DIR") or benchmark.ROOT / "target")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trees", nargs="*", default=list(TREES), help="`name==version` on PyPI, or folders (default: %(default)s)")
    parser.add_argument("--trials", type=int, default=100, help="for each kind of edit, over all trees (default: %(default)s)")
    parser.add_argument("--bandit-trials", type=int, default=30, help="the same for Bandit; 0: leave it out (default: %(default)s)")
    parser.add_argument("--edit", nargs="*", default=[], metavar="WORD", help="only the edits whose name holds one of these")
    parser.add_argument("--seed", default="1", help="of everything that is drawn (default: %(default)s)")
    parser.add_argument("--bin", type=Path, default=target / "release" / "backend-audit", help="default: %(default)s")
    parser.add_argument("--bandit", type=Path, metavar="PATH", help="default: installed beside the benchmark's corpus")
    parser.add_argument("--write-docs", action="store_true", help="write docs/baseline-trials.md")
    arguments = parser.parse_args()
    if not arguments.bin.is_file():
        parser.error(f"{arguments.bin} is missing; build it with `cargo build --release`")
    return arguments


def run(command: list, folder: Path) -> subprocess.CompletedProcess:
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


def unpack(spec: str, target: Path) -> Path:
    """An sdist, or a copy of a folder, as a git repository of its own."""
    target.parent.mkdir(exist_ok=True)
    if Path(spec).is_dir():
        shutil.copytree(spec, target, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    else:
        name, _, version = spec.partition("==")
        fetch.SDISTS.add(name)
        archive = fetch.stored_archive(name, version)
        if archive is None or not archive.name.endswith(".tar.gz"):
            archive = fetch.download(name, version)
        if spec in TREES and fetch.sha256(archive) != TREES[spec]:
            sys.exit(f"error: {archive.name} is not the archive that {Path(__file__).name} names")
        shutil.unpack_archive(archive, target, filter="data")
    git = ["git", "-c", "user.name=trial", "-c", "user.email=trial@localhost", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "-A", "-f"], ["commit", "-q", "-m", "before"]):
        if (answer := run([*git, *words], target)).returncode != 0:
            sys.exit(f"error: git {words[0]}: {answer.stderr}")
    return target


def copied(source: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    return Path(shutil.copytree(source, target, symlinks=True))


def reported_faults(tool: Ours | Bandit, folder: Path) -> list[list[str]]:
    folder.mkdir(exist_ok=True)
    kept = []
    for fault in FAULTS:
        code, _, needed = fault.partition(" <- ")
        lines = [*([needed] if needed else []), *code.split("\\n")]
        path = folder / "app.py"
        path.write_text("def handle(data):\n" + textwrap.indent("\n".join(lines), "    ") + "\n")
        if any(one.first > 1 + bool(needed) for one in tool.scan(folder, path, known=False)):
            kept.append(lines)
    return kept


def try_edit(tool, spec: str, named_edit, trees, settings) -> Row:
    (name, edit), (pristine, work), (faults, trials, seed) = named_edit, trees, settings
    copied(pristine, work)
    changed = edit(work, random.Random(f"{seed}/{spec}/{name}"))
    noise = [found for found in tool.scan(work) if not found.quiet]
    for one in noise[:20] if tool.name == Ours.name else []:
        print(f"  noise: {spec}, {name}: {one}", file=sys.stderr)
    row = Row(spec, name, changed, len(noise), tool.stale[0] if tool.stale else "")
    if trials:
        parsed_once.cache_clear()
        python_files_of.cache_clear()
        to_be_copied = to_copy(tool, work, random.Random(f"{seed}/{spec}/{name}/copies"))
        for number in range(trials):
            rng = random.Random(f"{seed}/{spec}/{name}/{number}")
            one_trial(tool, work, (row, noise), (rng, faults, to_be_copied))
    return row


def one_trial(tool, work: Path, result: tuple[Row, list[Found]], drawn) -> None:
    (row, noise), (rng, faults, all_found) = result, drawn
    kind = rng.choice(KINDS)
    for _ in range(MOST_DRAWS):
        plant = fresh(work, rng, faults) if kind == FRESH else copy(work, rng, all_found, kind)
        if plant is None:
            continue
        before = plant.path.read_bytes()
        plant.path.write_bytes(plant.text.encode())
        try:
            reported = [one for one in tool.scan(work, plant.path) if not one.quiet]
            path = str(plant.path.relative_to(work))
            hit = [one for one in reported if one.path == path and plant.is_hit(one)]
            # Where nothing is said without a baseline either (a test, say), it is no fault there: draw again.
            if not hit and not is_fault(tool, work, plant):
                continue
        finally:
            plant.path.write_bytes(before)
        rules = {one.rule for one in hit}
        alone = bool(hit) and len(hit) == len(reported) and not noise and (kind == FRESH or len(hit) == len(rules))
        count(row, kind, bool(hit), alone)
        if not alone and not noise and tool.name == Ours.name:
            print(f"  failed: {row.tree}, {row.edit}: {plant.label}\n    reported: {reported}", file=sys.stderr)
        return
    sys.exit(f"error: no place for {kind} in {row.tree}")


def is_fault(tool, work: Path, plant: Plant) -> bool:
    """Whether it is found without a baseline; beside its original, which is found in any case, a second one is."""
    found = [one for one in tool.scan(work, plant.path, known=False) if one.path == str(plant.path.relative_to(work))]
    return sum(touches(one, plant.lines) for one in found) > (plant.kind == IN_PLACE)


def touches(found: Found, lines: set[int]) -> bool:
    return any(line in lines for line in range(found.first, found.last + 1))


def code_of(text: str, found: Found) -> str:
    lines = text.splitlines(True)[found.first - 1 : found.last]
    lines[-1] = lines[-1][: found.end_column - 1]
    lines[0] = lines[0][found.column - 1 :]
    return " ".join("".join(lines).split())


def function_around(text: str, line: int) -> range:
    """The lines of the innermost function around a line, or all of them."""
    spans = [range(node.lineno, node.end_lineno + 1) for node in functions_of(ast.parse(text))]
    return min((span for span in spans if line in span), key=len, default=range(1, text.count("\n") + 2))


def count(row: Row, kind: str, hit: bool, alone: bool) -> None:
    row.trials, row.reported, row.alone = row.trials + 1, row.reported + hit, row.alone + alone
    of_kind = row.kinds.setdefault(kind, [0, 0])
    row.kinds[kind] = [of_kind[0] + 1, of_kind[1] + hit]


@functools.cache
def parsed_once(path: Path) -> tuple[str, ast.Module] | None:
    known = parsed(path)
    return None if known is None or "\r" in known[0] or "\f" in known[0] else known


@functools.cache
def python_files_of(work: Path) -> list[Path]:
    return [path for path in python_files(work) if path.suffix == ".py"]


def functions_of(module: ast.Module) -> list:
    return [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def inserted(text: str, function, code: list[str]) -> tuple[str, set[int]] | None:
    """The text with lines of code at the top of a function's body, and which lines those are."""
    lines = text.splitlines(True)
    body = function.body
    documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and len(body) > 1
    place = body[1] if documented else body[0]
    row = first_line(place) if hasattr(place, "decorator_list") else place.lineno
    indent = lines[row - 1][: len(lines[row - 1]) - len(lines[row - 1].lstrip())]
    before = lines[row - 2] if row > 1 else ""
    if row == function.lineno or len(indent) != place.col_offset or before.rstrip().endswith("\\"):
        return None
    if documented and body[0].end_lineno == row:
        return None
    new = [f"{indent}{line}\n" for line in code]
    return "".join(lines[: row - 1] + new + lines[row - 1 :]), set(range(row, row + len(new)))


def to_copy(tool, work: Path, rng: random.Random) -> list[Found]:
    """Findings of an edited tree to make copies of: all of them, or with Bandit those of 200 files that are drawn,
    as a scan of everything takes it minutes."""
    if tool.name == Ours.name:
        return tool.scan(work, known=False)
    files = python_files_of(work)
    return tool.scan(work, *rng.sample(files, min(len(files), 200)), known=False)


def fresh(work: Path, rng: random.Random, faults: list[list[str]]) -> Plant | None:
    path = rng.choice(python_files_of(work))
    known = parsed_once(path)
    functions = functions_of(known[1]) if known else []
    if not functions:
        return None
    function, code = rng.choice(functions), rng.choice(faults)
    changed = inserted(known[0], function, code)
    label = f"{FRESH}, {code} in {path.relative_to(work)}:{function.name}"
    return Plant(path, changed[0], FRESH, changed[1], label) if changed else None


def copy(work: Path, rng: random.Random, all_found: list[Found], kind: str) -> Plant | None:
    """A statement that holds one finding, once more."""
    if not all_found:
        return None
    found = rng.choice(all_found)
    path = work / found.path
    known = parsed_once(path)
    statement = known and enclosing(known[1], found)
    if statement is None:
        return None
    text = known[0]
    lines = text.splitlines(True)
    rows = range(statement.lineno, statement.end_lineno + 1)
    inside = [one for one in all_found if one.path == found.path and touches(one, set(rows))]
    block = textwrap.dedent("".join(lines[rows[0] - 1 : rows[-1]]))
    try:
        whole = len(ast.parse(block).body) == 1 and lines[rows[-1] - 1].endswith("\n") and '"""' not in block and "'''" not in block
    except SyntaxError:
        # `return` outside of a function is an error of the compiler, not of the parser.
        return None
    if not whole or len(inside) != 1 or "#" in block:
        return None
    label = f"{kind}, {found}"
    if kind == IN_PLACE:
        copied_text = "".join(lines[: rows[-1]] + lines[rows[0] - 1 : rows[-1]] + lines[rows[-1] :])
        lines = set(range(rows[0], rows[-1] + len(rows) + 1))
        return copied_plant(Plant(path, copied_text, kind, lines, label), text, found)
    others = [node for node in functions_of(known[1]) if not node.lineno <= found.first <= node.end_lineno]
    if not others:
        return None
    function = rng.choice(others)
    changed = inserted(text, function, block.splitlines())
    if changed is None:
        return None
    return copied_plant(Plant(path, changed[0], kind, changed[1], f"{label} into {function.name}"), text, found)


def copied_plant(plant: Plant, text: str, found: Found) -> Plant:
    plant.rule, plant.code = found.rule, code_of(text, found)
    plant.around = function_around(plant.text, min(plant.lines))
    return plant


def enclosing(module: ast.Module, found: Found) -> ast.stmt | None:
    """The smallest statement around a finding that is no definition."""
    around = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.stmt) and node.lineno <= found.first and node.end_lineno >= found.last
    ]
    smallest = min(around, key=lambda node: node.end_lineno - node.lineno, default=None)
    plain = not isinstance(smallest, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom)
    return smallest if plain else None


def print_row(tool: str, row: Row) -> None:
    clock = time.strftime("%H:%M:%S")
    kinds = ", ".join(f"{kind} {good}/{of}" for kind, (of, good) in sorted(row.kinds.items()))
    print(f"{clock} {tool}: {row.tree}, {row.edit}: changed {row.changed}, noise {row.noise}, {row.reported} and "
          f"{row.alone} of {row.trials} ({kinds}) {row.stale}", file=sys.stderr, flush=True)


def report(done: list[Done], about: dict, arguments: argparse.Namespace) -> str:
    out = [HEAD.format(
        command=f"python3 benches/baseline_trials.py --seed {arguments.seed} --trials {arguments.trials} "
        f"--bandit-trials {arguments.bandit_trials} --write-docs",
        versions=", ".join(version for version in about["versions"] if version),
        python=about["python"], commit=about["commit"], date=about["date"],
        machine=f"{about['processor']}, {about['cores']} cores, {about['system']}",
    )]
    for one in done:
        sizes = "; ".join(f"{spec} {count:,}" for spec, count in one.created.items())
        out.append(f"## {one.name}\n\nFindings in the baseline: {sizes}.\n")
        out.append("| tree | edit | things changed | reported without a fault | fault reported | fault reported alone |")
        out.append("|---|---|--:|--:|--:|--:|")
        for row in one.rows:
            trials = f"{row.reported} of {row.trials} | {row.alone} of {row.trials}"
            out.append(f"| {row.tree} | {row.edit} | {row.changed:,} | {row.noise:,} | {trials} |")
        for edit in dict.fromkeys(row.edit for row in one.rows):
            same = [row for row in one.rows if row.edit == edit]
            noise, trials, seen, alone = (sum(getattr(row, name) for row in same) for name in ("noise", "trials", "reported", "alone"))
            out.append(f"| **all** | {edit} | | {noise:,} | {seen} of {trials} | **{alone} of {trials}** |")
        out.append("\n| what was planted | trials | reported |\n|---|--:|--:|")
        for kind in (FRESH, IN_PLACE, ELSEWHERE):
            of, good = (sum(row.kinds.get(kind, [0, 0])[index] for row in one.rows) for index in (0, 1))
            out.append(f"| {kind} | {of:,} | {good:,} |")
        out.append("")
    return "\n".join(out)


HEAD = """# Trials of the baseline

What a baseline is worth on real code: how much it reports after an edit that adds no fault (wanted: nothing), and
whether one fault planted at random in the edited tree is reported, and nothing else with it (wanted: always).

```sh
{command}
```

{versions}; Python {python}; commit {commit}; {date}; {machine}.

The trees are sdists from PyPI, put under git. This tool runs every rule (`--preset all`) and counts every finding,
however mild and unsure; Bandit runs with its defaults. A trial draws a file, a function and a fault. Of five faults
three are new, from a list of which each tool is given what it reports in a plain file; one is a copy of a statement
that the tree has already, beside its original (which of two equals is the new one cannot be told: one of them must be
reported); one is such a copy in another function of the file. A draw that the tool does not report without a baseline
either (an `assert` in a test, say) is no fault there and is drawn again. Comments that a tool obeys (`# nosec`,
`# noqa`, …) are left in place when comments are stripped: without them a suppressed finding is rightly new. Every
edit works on all files at once; `benches/baseline_edits.py` says what each leaves alone.
"""


if __name__ == "__main__":
    sys.exit(main())
