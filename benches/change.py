#!/usr/bin/env python3
"""How long it takes to judge a change of one file in a repository of 7,000 Python files.

Packages of the benchmark's corpus are put under git, one file gets a fault, and `scan --staged` has to report it,
alone. Beside it stand its parts: the same with nothing staged (git's part), with `--report files` (one side of the
change), and a scan of the whole tree. Exits 1 when the fault is not reported alone, or the bound is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import fetch

PACKAGES = ["homeassistant-2024.3.3", "tornado-6.6.1", "sanic-25.12.1", "sentry-sdk-2.75.0"]
FILES = 7_000
BOUND = 2.5  # seconds of wall time
FAULT = "\n\ndef planted(text):\n    return eval(text)\n"


def main() -> int:
    target = Path(os.environ.get("CARGO_TARGET_DIR", Path(__file__).parent.parent / "target"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path, default=target / "release" / "backend-audit", help="default: %(default)s")
    parser.add_argument("--rounds", type=int, default=7, help="default: %(default)s")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        repo, count = repository(Path(folder) / "repo")
        print(f"{count:,} Python files; load {os.getloadavg()[0]:.2f}")
        idle = measure(arguments, repo, "--staged")
        victim = sorted((repo / "homeassistant-2024.3.3").rglob("sensor.py"))[0]
        victim.write_text(victim.read_text() + FAULT)
        git(repo, "add", "-A")
        rows = [
            ("--staged, nothing staged", idle),
            ("--staged --report files", measure(arguments, repo, "--staged", "--report", "files")),
            ("--staged", measure(arguments, repo, "--staged")),
            ("the whole tree", measure(arguments, repo, ".")),
        ]
        alone = reported(arguments, repo)
    print(f"{'':28} {'wall s':>8} {'user s':>8} {'system s':>9}")
    for name, (wall, user, system) in rows:
        print(f"{name:28} {wall:8.3f} {user:8.3f} {system:9.3f}")
    wall = rows[2][1][0]
    good = alone == ["dangerous-eval"] and count >= FILES and wall <= BOUND
    print(f"reported: {', '.join(alone) or 'nothing'}; wall {wall:.2f} s, wanted at most {BOUND} s: {'PASS' if good else 'FAIL'}")
    return 0 if good else 1


def repository(root: Path) -> tuple[Path, int]:
    root.mkdir()
    for package in PACKAGES:
        shutil.copytree(fetch.corpus_folder() / package, root / package)
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "all")
    # An index as old as its files is not trusted; what git does on the next `status`.
    time.sleep(1.1)
    git(root, "update-index", "-q", "--really-refresh")
    return root, sum(1 for _ in root.rglob("*.py"))


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def measure(arguments: argparse.Namespace, repo: Path, *words: str) -> tuple[float, float, float]:
    """Wall, user and system seconds, the median of the rounds; the first round is not counted."""
    rows = []
    for _ in range(arguments.rounds + 1):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        run(arguments, repo, *words)
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        rows.append((wall, after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime))
    wall, user, system = (statistics.median(column) for column in zip(*rows[1:], strict=True))
    return wall, user, system


def run(arguments: argparse.Namespace, repo: Path, *words: str) -> str:
    done = subprocess.run(
        [arguments.bin.resolve(), "scan", "--isolated", "--format", "json", "--quiet", *words], cwd=repo, stdout=subprocess.PIPE, text=True
    )
    if done.returncode not in (0, 1, 3):
        sys.exit(f"exit code {done.returncode}")
    return done.stdout


def reported(arguments: argparse.Namespace, repo: Path) -> list[str]:
    findings = json.loads(run(arguments, repo, "--staged"))["findings"]
    return [one["rule"] for one in findings if one["known"] is None and one["suppressed"] is None]


if __name__ == "__main__":
    sys.exit(main())
