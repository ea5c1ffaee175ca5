#!/usr/bin/env python3
"""Measure backend-audit against ruff's `S` rules and Bandit, alternating in one run.

Needs a release build of this repository and the corpus of `benches/fetch.py`
(fetched here when it is missing). Every figure is the median of its rounds. User
CPU is the stable figure; wall time is worth something on an idle machine only.
Exits 1 when the files analysed differ by more than 0.1 % or a run breaks; with
--strict also when a bound is missed.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

import fetch

ROOT = fetch.HERE.parent
RUFF = "0.17.5"
BANDIT = "1.9.4"
QUICK_PACKAGES = ("django", "flask", "fastapi")
BANDIT_PACKAGE = "django"
ONE_FILE = "flask/app.py"

MAX_USER_CPU_TO_RUFF = 0.85
MAX_PEAK_BYTES_PER_SOURCE_BYTE = 3.3
MAX_PEAK_REMAINDER = 60e6
MIN_SPEEDUP_OF_TWO_THREADS = 1.5
MIN_BANDIT_CPU_TO_OURS = 60.0
MAX_ONE_FILE_WALL_TO_RUFF = 2.0
MAX_FILES_DIFFERENCE = 0.001

RUFF_RULES = ("--isolated", "--no-cache", "--select", "S", "--ignore", "S101", "--preview")
# The counterpart of our `--no-ignore`. Ruff's default excludes stay: the corpus holds
# no folder of those names, and the comparison of the file counts would show one.
RUFF_FILES = ("--no-respect-gitignore",)

# Measures one command in a process of its own: on Linux a child's peak memory starts
# at that of the process it was forked from, so the parent has to be small.
LAUNCHER = """
import json, os, sys, time
silent = os.open(os.devnull, os.O_RDWR)
errors = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
actions = [(os.POSIX_SPAWN_DUP2, silent, 0), (os.POSIX_SPAWN_DUP2, silent, 1), (os.POSIX_SPAWN_DUP2, errors, 2)]
start = time.perf_counter()
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ, file_actions=actions)
_, status, usage = os.wait4(child, 0)
wall = time.perf_counter() - start
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps({"wall": wall, "user": usage.ru_utime, "system": usage.ru_stime,
                  "peak": usage.ru_maxrss * unit, "exit": os.waitstatus_to_exitcode(status)}))
"""


class Broken(Exception):
    """A run that ended as it must not."""


def main() -> int:
    arguments = parse_arguments()
    try:
        figures = measure(arguments)
    except Broken as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n")
    missed = print_bounds(figures["bounds"])
    if not figures["same_files"]:
        print(f"error: the files analysed differ by more than {MAX_FILES_DIFFERENCE:.1%}", file=sys.stderr)
        return 1
    return 1 if missed and arguments.strict else 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="BACKEND_AUDIT_BENCH_CACHE names the cache folder (default: benches/.cache).",
    )
    target = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
    parser.add_argument("--bin", type=Path, default=target / "release" / "backend-audit", help="default: %(default)s")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of the corpus (default: %(default)s)")
    parser.add_argument("--thread-rounds", type=int, default=3, help="rounds of one thread against two")
    parser.add_argument("--bandit-rounds", type=int, default=2, help="rounds of Bandit on Django; 0: none")
    parser.add_argument("--one-file-runs", type=int, default=20, help="runs of the one-file scan")
    parser.add_argument("--quick", action="store_true", help=f"one round on {', '.join(QUICK_PACKAGES)}")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a bound is missed")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the raw figures to FILE")
    arguments = parser.parse_args()
    if arguments.rounds < 1 or arguments.thread_rounds < 1 or arguments.one_file_runs < 1:
        parser.error("a number of rounds is at least 1")
    if arguments.quick:
        arguments.rounds = arguments.thread_rounds = 1
        arguments.one_file_runs = min(arguments.one_file_runs, 5)
        arguments.bandit_rounds = min(arguments.bandit_rounds, 1)
    if not arguments.bin.is_file():
        parser.error(f"{arguments.bin} is missing; build it with `cargo build --release`")
    return arguments


def measure(arguments: argparse.Namespace) -> dict:
    packages = list(QUICK_PACKAGES if arguments.quick else fetch.PACKAGES)
    paths = corpus(packages)
    tools = Tools(arguments.bin.resolve())
    sources = [path for root in paths for path in source_files(root)]
    source_bytes = sum(len(path.read_bytes()) for path in sources)  # reading them warms the page cache
    figures: dict = {"about": about(tools), "packages": packages, "source_bytes": source_bytes}
    print_about(figures["about"])
    print(f"corpus        {len(packages)} packages, {len(sources):,} .py and .pyi files, {source_bytes / 1e6:.1f} MB\n")

    # A complete corpus is one folder; a part of it is a list of them.
    roots = paths if arguments.quick else [fetch.corpus_folder()]
    files = {"ours": tools.count_ours(roots), "ruff": tools.count_ruff(roots)}
    runs = alternate(arguments.rounds, {"ours": lambda: tools.ours(roots), "ruff": lambda: tools.ruff(roots)})
    print_runs("corpus, default threads", runs, files)

    threads = alternate(
        arguments.thread_rounds,
        {"1 thread": lambda: tools.ours(roots, "1"), "2 threads": lambda: tools.ours(roots, "2")},
    )
    print_runs("this tool, threads", threads)

    file = package_folder("flask") / ONE_FILE
    one = alternate(
        arguments.one_file_runs, {"ours": lambda: tools.ours([file]), "ruff": lambda: tools.ruff([file])}
    )
    print_runs(f"one file, {ONE_FILE} ({file.stat().st_size:,} bytes), {arguments.one_file_runs} runs", one)

    django = {}
    if arguments.bandit_rounds > 0:
        folder = package_folder(BANDIT_PACKAGE)
        django = alternate(
            arguments.bandit_rounds, {"ours": lambda: tools.ours([folder]), "bandit": lambda: tools.bandit(folder)}
        )
        print_runs(f"{folder.name} alone", django)

    figures["files"] = files
    figures["same_files"] = abs(files["ours"] / files["ruff"] - 1) <= MAX_FILES_DIFFERENCE
    figures["runs"] = {"corpus": runs, "threads": threads, "one_file": one, "django": django}
    figures["bounds"] = bounds(figures)
    return figures


def corpus(packages: list[str]) -> list[Path]:
    if any(not package_folder(name).is_dir() for name in packages):
        fetch.fetch(packages)
    return [package_folder(name) for name in packages]


def package_folder(name: str) -> Path:
    return fetch.corpus_folder() / f"{name}-{fetch.PACKAGES[name]}"


def source_files(root: Path) -> list[Path]:
    found = (Path(folder, name) for folder, _, names in os.walk(root) for name in names)
    return [path for path in found if path.suffix in {".py", ".pyi"} and not path.is_symlink()]


class Tools:
    """The three tools, each with the command that is measured."""

    def __init__(self, binary: Path) -> None:
        self.binary = binary
        self.venv = fetch.tools_folder() / "bin"
        self.output = fetch.cache_folder() / "output"
        self.output.mkdir(parents=True, exist_ok=True)
        for name, version in (("ruff", RUFF), ("bandit", BANDIT)):
            if version not in self.version(name):
                pip = [str(self.venv / "python"), "-m", "pip", "install", "--quiet", f"{name}=={version}"]
                subprocess.run(pip, check=True)

    def version(self, name: str) -> str:
        program = self.binary if name == "backend-audit" else self.venv / name
        if not program.exists():
            return ""
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
        return answer.stdout.partition("\n")[0].strip()

    def ours(self, paths: list[Path], threads: str | None = None) -> dict:
        command = self.scan(paths, "sarif", self.output / "ours.sarif")
        return self.run(command + (["--threads", threads] if threads else []), {0, 3})

    def ruff(self, paths: list[Path]) -> dict:
        command = [self.venv / "ruff", "check", *RUFF_RULES, *RUFF_FILES]
        return self.run([*command, "--output-format", "sarif", "--output-file", self.output / "ruff.sarif", *paths], {0, 1})

    def bandit(self, folder: Path) -> dict:
        # JSON: Bandit 1.9.4 has no SARIF without an extra package, and that one crashes.
        command = [self.venv / "bandit", "--quiet", "-r", "-f", "json", "-o", self.output / "bandit.json", folder]
        return self.run(command, {0, 1})

    def scan(self, paths: list[Path], form: str, output: Path) -> list:
        return [self.binary, "scan", *paths, "--no-ignore", "--format", form, "--output", output, "--exit-zero"]

    def run(self, command: list, good: set[int]) -> dict:
        errors = self.output / "stderr.txt"
        launcher = [sys.executable, "-I", "-S", "-c", LAUNCHER, str(errors), *(str(part) for part in command)]
        answer = subprocess.run(launcher, capture_output=True, text=True, check=False)
        if answer.returncode != 0:
            raise Broken(f"{command[0]} could not be started: {answer.stderr.strip()}")
        figures = json.loads(answer.stdout)
        if figures["exit"] not in good:
            tail = errors.read_text(errors="replace")[-2000:]
            raise Broken(f"exit {figures['exit']} from {' '.join(map(str, command))}\n{tail}")
        return figures

    def count_ours(self, paths: list[Path]) -> int:
        report = self.output / "ours.json"
        self.run(self.scan(paths, "json", report), {0, 3})
        document = json.loads(report.read_text())
        count = document.get("summary", {}).get("files")
        if not isinstance(count, int):
            raise Broken("our JSON report has no number at `summary.files`")
        for notice in document.get("notices", []):
            if notice.get("kind") == "incomplete":
                print(f"incomplete: {notice.get('id')} {notice.get('path')} {notice.get('message')}")
        return count

    def count_ruff(self, paths: list[Path]) -> int:
        command = [self.venv / "ruff", "check", *RUFF_RULES, *RUFF_FILES, "--show-files", *paths]
        answer = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
        # It lists `pyproject.toml` too, which these rules do not judge.
        return sum(not line.endswith(".toml") for line in answer.stdout.splitlines() if line)


def alternate(rounds: int, commands: dict) -> dict[str, list[dict]]:
    """Run the commands in turn, the order reversed every other round."""
    runs: dict[str, list[dict]] = {name: [] for name in commands}
    for number in range(rounds):
        names = list(commands) if number % 2 == 0 else list(reversed(commands))
        for name in names:
            runs[name].append(commands[name]())
    return runs


def median(runs: list[dict], *keys: str) -> float:
    return statistics.median(sum(run[key] for key in keys) for run in runs)


def about(tools: Tools) -> dict:
    def git(*words: str) -> str:
        answer = subprocess.run(["git", "-C", ROOT, *words], capture_output=True, text=True, check=False)
        return answer.stdout.strip()

    changed = " (with changes)" if git("status", "--porcelain", "--", "src", "Cargo.toml", "Cargo.lock") else ""
    return {
        "date": datetime.date.today().isoformat(),
        "commit": (git("rev-parse", "--short=12", "HEAD") or "unknown") + changed,
        "binary": str(tools.binary),
        "versions": [tools.version("backend-audit"), tools.version("ruff"), tools.version("bandit")],
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "load": os.getloadavg()[0],
    }


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def print_about(facts: dict) -> None:
    print(f"date          {facts['date']}, commit {facts['commit']}")
    print(f"versions      {', '.join(facts['versions'])}; Bandit on Python {facts['python']}")
    print(f"machine       {facts['processor']}, {facts['cores']} cores, {facts['memory'] / 1e9:.0f} GB, {facts['system']}")
    busy = "; BUSY: trust no wall time" if facts["load"] > 0.3 * facts["cores"] else ""
    print(f"load          {facts['load']:.2f} at the start{busy}")


def print_runs(title: str, runs: dict[str, list[dict]], files: dict[str, int] | None = None) -> None:
    print(f"{title}  (median; user from lowest to highest)")
    print(f"  {'':<10}{'user s':>9}{'system s':>10}{'wall s':>9}{'peak MB':>9}{'files':>9}  user s")
    for name, rows in runs.items():
        user = sorted(row["user"] for row in rows)
        count = f"{files[name]:,}" if files else ""
        print(
            f"  {name:<10}{median(rows, 'user'):>9.3f}{median(rows, 'system'):>10.3f}{median(rows, 'wall'):>9.3f}"
            f"{median(rows, 'peak') / 1e6:>9.1f}{count:>9}  {user[0]:.3f} to {user[-1]:.3f}"
        )
    first, second = runs.values()
    ratios = [f"{key} {median(first, key) / max(median(second, key), 1e-9):.3f}" for key in ("user", "system", "wall", "peak")]
    print(f"  {' / '.join(runs)}: {', '.join(ratios)}\n", flush=True)


def bounds(figures: dict) -> list[dict]:
    runs = figures["runs"]
    ours, ruff = runs["corpus"]["ours"], runs["corpus"]["ruff"]
    peak, small, source = median(ours, "peak"), median(runs["one_file"]["ours"], "peak"), figures["source_bytes"]
    limit = MAX_PEAK_BYTES_PER_SOURCE_BYTE * source + MAX_PEAK_REMAINDER
    slope = f"{(peak - small) / source:.2f} B/B + {small / 1e6:.0f} MB for one file"
    rows = [
        row("user CPU / ruff", median(ours, "user") / median(ruff, "user"), "at most", MAX_USER_CPU_TO_RUFF),
        row(f"peak memory, MB ({slope})", peak / 1e6, "at most", limit / 1e6),
        row(
            "wall of one thread / two",
            median(runs["threads"]["1 thread"], "wall") / median(runs["threads"]["2 threads"], "wall"),
            "at least",
            MIN_SPEEDUP_OF_TWO_THREADS,
        ),
        row(
            "one file, wall / ruff",
            median(runs["one_file"]["ours"], "wall") / median(runs["one_file"]["ruff"], "wall"),
            "at most",
            MAX_ONE_FILE_WALL_TO_RUFF,
        ),
    ]
    if django := runs["django"]:
        ratio = median(django["bandit"], "user", "system") / max(median(django["ours"], "user", "system"), 1e-9)
        rows.append(row("Bandit's CPU / ours, Django", ratio, "at least", MIN_BANDIT_CPU_TO_OURS))
    files = figures["files"]
    difference = abs(files["ours"] / files["ruff"] - 1) * 100
    rows.append(row("files analysed, difference in %", difference, "at most", MAX_FILES_DIFFERENCE * 100))
    return rows


def row(what: str, value: float, sense: str, bound: float) -> dict:
    good = value <= bound if sense == "at most" else value >= bound
    return {"what": what, "value": value, "sense": sense, "bound": bound, "pass": good}


def print_bounds(rows: list[dict]) -> bool:
    width = max(len(entry["what"]) for entry in rows) + 2
    print(f"{'bound':<{width}}{'measured':>10}  {'wanted':<18}")
    for entry in rows:
        wanted = f"{entry['sense']} {entry['bound']:.6g}"
        print(f"{entry['what']:<{width}}{entry['value']:>10.3f}  {wanted:<18}{'PASS' if entry['pass'] else 'FAIL'}")
    return not all(entry["pass"] for entry in rows)


if __name__ == "__main__":
    sys.exit(main())
