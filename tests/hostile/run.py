#!/usr/bin/env python3
"""Scan hostile input and hold that the tool neither panics, dies, hangs nor lies.

Four groups: `generated` (the cases of generate.py, each alone, as a tree, and some
from standard input), `cpython` (every `.py` of this Python's own test suite), `cuts`
(each of those cut at ten random offsets) and `race` (files that are changed, removed
and replaced during the run).

Wanted of every run: no panic text, no death by a signal, no time-out, memory within
its bound, an exit code that fits the case, a valid JSON report whose notices fit the
exit code, no crash among the notices, and no control character on the console.
Exits 1 on any violation.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import generate
from generate import ANY, CLEAN, FOUND, INCOMPLETE, MEGABYTE, USAGE, VULNERABLE, Case

GROUPS = ("generated", "cpython", "cuts", "race")
CUTS_PER_FILE = 10
BATCH_TIMEOUT = 600
BATCH_PEAK = 3000 * MEGABYTE
KILL_ABOVE = 6000 * MEGABYTE  # a run that takes this much is stopped, whatever its bound
NOBODY = 65534
FROM_STDIN = (
    "deep-list",
    "deep-not",
    "deep-attribute",
    "brackets-5-million",
    "size-100-megabytes",
    "bytes-empty",
    "bytes-nul",
    "bytes-bad-utf-8",
    "bytes-lone-cr",
    "broken-string",
)

PANIC = re.compile(r"panicked at|has overflowed its stack|memory allocation of \d+ bytes failed|RUST_BACKTRACE")
CRASH = re.compile(r"crash|panic|internal")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass
class Run:
    exit: int
    wall: float
    peak: float
    output: str
    errors: str
    stopped: str = ""  # why we killed it, if we did


@dataclass
class Tally:
    runs: int = 0
    violations: list[str] = field(default_factory=list)


def main() -> int:
    arguments = parse_arguments()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the folder is removed
    tally = Tally()
    work = Path(tempfile.mkdtemp(prefix="backend-audit-hostile-", dir=arguments.work))
    work.chmod(0o755)
    try:
        for number, binary in enumerate(arguments.bin):
            prover = Prover(binary.resolve(), work / f"bin-{number}", arguments, tally)
            for group in arguments.group or GROUPS:
                getattr(prover, group)()
    finally:
        if arguments.keep:
            print(f"kept: {work}")
        else:
            remove(work)
    print(f"\n{tally.runs} runs, {len(tally.violations)} violations, seed {arguments.seed}")
    for violation in tally.violations:
        print(f"  {violation}")
    return 1 if tally.violations else 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--bin", type=Path, action="append", required=True, metavar="PATH", help="a binary to prove; repeatable (debug and release)"
    )
    parser.add_argument("--group", action="append", choices=GROUPS, help="run this group only; repeatable")
    parser.add_argument("--only", default="", metavar="TEXT", help="of the generated cases, those whose name holds TEXT")
    parser.add_argument("--timeout", type=float, default=60, help="seconds for one case (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=20250, help="of the cut offsets and the race (default: %(default)s)")
    parser.add_argument("--cuts", type=int, default=CUTS_PER_FILE, help="cuts of each file (default: %(default)s)")
    parser.add_argument("--race-seconds", type=float, default=20, help="length of each race (default: %(default)s)")
    parser.add_argument("--work", type=Path, metavar="DIR", help="where to make the temporary folder")
    parser.add_argument("--keep", action="store_true", help="leave the temporary folder")
    parser.add_argument("--quiet", action="store_true", help="print only the rows of violations")
    arguments = parser.parse_args()
    for binary in arguments.bin:
        if not (binary.is_file() and os.access(binary, os.X_OK)):
            parser.error(f"{binary} is no program")
    return arguments


class Prover:
    """One binary and what it is run over."""

    def __init__(self, binary: Path, work: Path, arguments: argparse.Namespace, tally: Tally) -> None:
        self.arguments, self.tally, self.work = arguments, tally, work
        self.label = binary.parent.name
        self.out = work / "out"
        self.out.mkdir(parents=True)
        self.out.chmod(0o777)
        # A copy: a rebuild during the proof changes nothing, and an unprivileged user can run it.
        self.binary = work / binary.name
        shutil.copy(binary, self.binary)
        self.binary.chmod(0o755)
        version = subprocess.run([self.binary, "--version"], capture_output=True, text=True, check=False)
        print(f"\n{self.label}: {version.stdout.strip() or 'no answer to --version'}")
        print(f"{'case':<44}{'exit':>5}{'wall s':>9}{'peak MB':>9}  {'notices':<34}verdict", flush=True)

    # The groups.

    def generated(self) -> None:
        for case in generate.cases():
            if self.arguments.only not in case.name:
                continue
            try:
                folder = generate.write(case, self.work / "generated")
            except OSError as error:
                self.row(case.name, None, "", [f"could not be written: {error}"])
                continue
            target = os.path.join(os.fsencode(folder), case.argument) if case.argument else os.fsencode(folder)
            self.prove(case, target)
            if case.name in FROM_STDIN:
                self.prove_stdin(case, folder / f"{case.name}.py")
            remove(folder)

    def cpython(self) -> None:
        files = cpython_tests()
        if not files:
            self.row("cpython", None, "", ["this Python has no test suite installed; run with one that has"])
            return
        self.batch("cpython", cpython_folder(), files)

    def cuts(self) -> None:
        files = cpython_tests()
        if not files:
            self.row("cuts", None, "", ["this Python has no test suite installed; run with one that has"])
            return
        root = cpython_folder()
        for number in range(self.arguments.cuts):
            folder = self.work / f"cuts-{number}"
            cut = []
            for file in files:
                name = file.relative_to(root)
                whole = file.read_bytes()
                # Seeded by name, so one file's cuts do not depend on which others there are.
                offsets = random.Random(f"{self.arguments.seed} {name.as_posix()} {number}")
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(whole[: offsets.randrange(len(whole) + 1)])
                cut.append(target)
            if self.batch(f"cuts-{number}", folder, cut) or not self.arguments.keep:
                remove(folder)

    def race(self) -> None:
        for name, with_pipes in (("race", False), ("race-pipes", True)):
            forms = (["--format", "json", "--output"], ["--format", "sarif", "--output"], None)
            with Racer(self.work / name, self.arguments.seed, with_pipes) as racer:
                end = time.monotonic() + self.arguments.race_seconds
                number = 0
                while time.monotonic() < end:
                    form = forms[number % len(forms)]
                    report = self.out / f"{name}.json"
                    report.unlink(missing_ok=True)
                    command = [self.binary, "scan", racer.folder, "--no-ignore", *([*form, report] if form else [])]
                    run = self.execute(command, self.arguments.timeout)
                    document, faults = self.read(report, run) if form else (None, [])
                    faults += self.general(run, ANY, BATCH_PEAK)
                    if form and "json" in form:
                        faults += consistent(run, document)
                    kind = form[1] if form else "console"
                    self.row(f"{name}-{number}-{kind}", run, kinds(document), faults)
                    number += 1
                    if run.stopped:
                        break

    # One run.

    def prove(self, case: Case, target: bytes) -> None:
        report = self.out / f"{case.name}.json"
        unprivileged = case.unprivileged and os.geteuid() == 0
        command = [self.binary, "scan", target, "--no-ignore", "--format", "json", "--output", report]
        run = self.execute(command, self.arguments.timeout, unprivileged=unprivileged)
        self.judge(case.name, case, run, report)

        console = self.execute([self.binary, "scan", target, "--no-ignore"], self.arguments.timeout, unprivileged=unprivileged)
        faults = self.general(console, case.exits, case.max_peak)
        if control := CONTROLS.search(console.output + console.errors):
            faults.append(f"the console shows the raw character {control.group()!r}")
        if console.exit != run.exit:
            faults.append(f"exit {console.exit} on the console, {run.exit} in JSON")
        self.row(f"{case.name} (console)", console, "", faults)

    def prove_stdin(self, case: Case, file: Path) -> None:
        report = self.out / f"{case.name}-stdin.json"
        command = [self.binary, "scan", "-", "--stdin-filename", file.name, "--format", "json", "--output", report]
        run = self.execute(command, self.arguments.timeout, stdin=file)
        self.judge(f"{case.name} (stdin)", case, run, report)

    def judge(self, name: str, case: Case, run: Run, report: Path) -> None:
        faults = self.general(run, case.exits, case.max_peak)
        document, unread = self.read(report, run)
        faults += unread + consistent(run, document)
        if document is not None:
            faults += answers(case, document)
        self.row(name, run, kinds(document), faults)
        report.unlink(missing_ok=True)

    def batch(self, name: str, folder: Path, files: list[Path]) -> bool:
        report = self.out / f"{name}.json"
        run = self.execute([self.binary, "scan", folder, "--no-ignore", "--format", "json", "--output", report], BATCH_TIMEOUT)
        document, faults = self.read(report, run)
        faults += self.general(run, ANY, BATCH_PEAK) + consistent(run, document)
        count = (document or {}).get("summary", {}).get("files")
        if isinstance(count, int) and count < len(files):
            missing = [notice for notice in document["notices"] if notice.get("kind") == "incomplete"]
            if count + len(missing) < len(files):
                faults.append(f"{count} files of {len(files)} were read, with {len(missing)} notices")
        if run.exit < 0 or run.stopped or PANIC.search(run.errors):
            faults.append(f"narrowed to {self.narrow(files)}")
        self.row(f"{name} ({len(files)} files)", run, kinds(document), faults)
        for notice in (document or {}).get("notices", []):
            if notice.get("kind") == "incomplete":
                print(f"    {notice.get('id')}: {notice.get('path')}: {str(notice.get('message'))[:100]}")
        report.unlink(missing_ok=True)
        return not faults

    def narrow(self, files: list[Path]) -> str:
        """Halve the files while a half alone still fails."""
        deadline = time.monotonic() + 300
        while len(files) > 1 and time.monotonic() < deadline:
            middle = len(files) // 2
            for half in (files[:middle], files[middle:]):
                run = self.execute([self.binary, "scan", *half, "--no-ignore", "--format", "json"], self.arguments.timeout)
                if run.exit < 0 or run.stopped or PANIC.search(run.errors):
                    files = half
                    break
            else:
                break
        return f"{len(files)} files, the first {files[0]}"

    def execute(self, command: list, timeout: float, stdin: Path | None = None, unprivileged: bool = False) -> Run:
        self.tally.runs += 1
        output, errors = self.out / "stdout", self.out / "stderr"
        identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if unprivileged else {}
        environment = {**os.environ, "NO_COLOR": "1", "RUST_BACKTRACE": "0"}
        with output.open("wb") as out, errors.open("wb") as err, (stdin or Path(os.devnull)).open("rb") as text:
            start = time.monotonic()
            process = subprocess.Popen(command, stdin=text, stdout=out, stderr=err, env=environment, cwd=self.work, **identity)
            peak, stopped, usage, pause = 0.0, "", None, 0.001
            while usage is None:
                pid, status, seen = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    usage, process.returncode = seen, os.waitstatus_to_exitcode(status)
                    continue
                peak = max(peak, high_water(process.pid))
                if not stopped and (peak > KILL_ABOVE or time.monotonic() - start > timeout):
                    stopped = "it took too much memory" if peak > KILL_ABOVE else f"it took more than {timeout:.0f} s"
                    process.send_signal(signal.SIGKILL)
                time.sleep(pause)
                pause = min(pause * 1.5, 0.01)
            wall = time.monotonic() - start
        # The kernel starts a child's peak at its parent's; above that it is the child's own, and exact.
        unit = 1 if sys.platform == "darwin" else 1024
        total, own = usage.ru_maxrss * unit, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
        peak = total if total > own else max(peak, 0.0)
        return Run(process.returncode, wall, peak, read_text(output), read_text(errors), stopped)

    # Judgement.

    def general(self, run: Run, exits: frozenset[int], max_peak: float) -> list[str]:
        if run.stopped:
            return [f"stopped: {run.stopped}"]
        faults = []
        if run.exit < 0:
            faults.append(f"died of {signal.Signals(-run.exit).name}")
        elif run.exit not in exits:
            said = (run.errors.strip().splitlines() or [""])[-1][:160]
            faults.append(f"exit {run.exit}, wanted {' or '.join(map(str, sorted(exits)))} {said}".rstrip())
        if panic := PANIC.search(run.output + run.errors):
            faults.append(f"says `{panic.group()}`")
        if run.peak > max_peak:
            faults.append(f"peak {run.peak / 1e6:.0f} MB, at most {max_peak / 1e6:.0f}")
        return faults

    def read(self, report: Path, run: Run) -> tuple[dict | None, list[str]]:
        if run.exit not in ANY:
            left = report.exists() and run.exit == USAGE
            return None, ["a report was written though nothing was scanned"] if left else []
        try:
            document = json.loads(report.read_bytes().decode("utf-8"))
        except (OSError, ValueError) as error:
            return None, [f"the report is not valid: {str(error)[:120]}"]
        if "runs" in document:
            return None, []
        lists = all(isinstance(document.get(key), list) for key in ("findings", "notices"))
        if not lists or not isinstance(document.get("summary"), dict):
            return None, ["the report lacks `summary`, `findings` or `notices`"]
        return document, []

    def row(self, name: str, run: Run | None, notices: str, faults: list[str]) -> None:
        self.tally.violations += [f"{self.label}: {name}: {fault}" for fault in faults]
        if self.arguments.quiet and not faults:
            return
        figures = f"{run.exit:>5}{run.wall:>9.2f}{run.peak / 1e6:>9.0f}" if run else f"{'-':>5}{'-':>9}{'-':>9}"
        print(f"{name:<44}{figures}  {notices:<34}{'; '.join(faults) or 'ok'}", flush=True)


def consistent(run: Run, document: dict | None) -> list[str]:
    """What must hold between a report and the exit code, whatever was scanned."""
    if document is None:
        return []
    faults = []
    notices = document["notices"]
    incomplete = [notice for notice in notices if notice.get("kind") == "incomplete"]
    if incomplete and run.exit == CLEAN:
        faults.append("exit 0 with an incomplete notice")
    if run.exit == INCOMPLETE and not incomplete:
        faults.append("exit 3 without an incomplete notice")
    if run.exit == FOUND and not document["findings"]:
        faults.append("exit 1 without a finding")
    for notice in notices:
        if notice.get("kind") not in ("lossless", "incomplete"):
            faults.append(f"a notice of kind {notice.get('kind')!r}")
        if not notice.get("id") or not notice.get("message"):
            faults.append("a notice without id or message")
        elif CRASH.search(notice["id"]):
            faults.append(f"{notice['id']} in {notice.get('path')}: {notice['message'][:160]}")
    return faults


def answers(case: Case, document: dict) -> list[str]:
    """What the case itself asks of the report."""
    faults = []
    if case.notice:
        kind, file = case.notice
        named = [n for n in document["notices"] if n.get("kind") == kind and file in str(n.get("path") or "")]
        if not named:
            faults.append(f"no {kind} notice names {file}")
    findings = document["findings"]
    if case.finds and not any(str(finding.get("path")).endswith(case.finds) for finding in findings):
        faults.append(f"no finding in {case.finds}")
    if case.rule and not document["notices"] and not any(finding.get("rule") == case.rule for finding in findings):
        faults.append(f"no finding of {case.rule}")
    return faults


def kinds(document: dict | None) -> str:
    if document is None:
        return ""
    counts = Counter(str(notice.get("id")) for notice in document["notices"])
    return ", ".join(f"{name} {count}" if count > 1 else name for name, count in counts.most_common(3))


class Racer:
    """A folder of files, and a thread that spoils them while it is scanned."""

    def __init__(self, folder: Path, seed: int, with_pipes: bool) -> None:
        self.folder = folder
        self.random = random.Random(seed)
        self.with_pipes = with_pipes
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.spoil, daemon=True)
        # Findings at the end of a long file: their snippets are read last.
        filler = "".join(f"def f{n}(x):\n    return g(x, 'abc', [{n}, 2, 3])\n\n\n" for n in range(600))
        self.body = filler + VULNERABLE
        self.paths = [folder / f"package{n % 10}" / f"m{n}.py" for n in range(400)]

    def __enter__(self) -> Racer:
        for path in self.paths:
            self.restore(path)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()
        remove(self.folder)

    def restore(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.body)

    def spoil(self) -> None:
        actions = [
            lambda path: path.unlink(),
            lambda path: os.truncate(path, self.random.randrange(len(self.body))),
            lambda path: os.truncate(path, 0),
            lambda path: overwrite(path, VULNERABLE.encode()),
            lambda path: overwrite(path, b"\xf0\x9f\x98\x80" * 5000 + b"\n" + self.body.encode()),
            lambda path: overwrite(path, b"\xff\0" * 20_000),
            lambda path: overwrite(path, b"x = " + b"[" * 5000),
            lambda path: overwrite(path, self.body.encode() * 2),
            lambda path: (path.unlink(), path.mkdir()),
            lambda path: (path.unlink(), path.symlink_to("nowhere.py")),
            lambda path: (path.unlink(), path.symlink_to(path.name)),
            lambda path: path.rename(path.with_name("renamed.py")),
            lambda path: shutil.rmtree(path.parent),
        ]
        if self.with_pipes:
            actions += [lambda path: (path.unlink(), os.mkfifo(path))] * 4
        while not self.stop.is_set():
            path = self.random.choice(self.paths)
            try:
                self.random.choice(actions)(path)
            except OSError:
                pass
            # Most of the tree has to be there most of the time.
            for other in self.random.sample(self.paths, 8):
                if not other.is_file() or other.is_symlink() or other.stat().st_size != len(self.body):
                    try:
                        remove(other)
                        self.restore(other)
                    except OSError:
                        pass
            self.stop.wait(0.0005)


def overwrite(path: Path, content: bytes) -> None:
    """Never waits: what is there may be a pipe by now."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NONBLOCK)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def cpython_folder() -> Path:
    return Path(sysconfig.get_path("stdlib"), "test")


def cpython_tests() -> list[Path]:
    return sorted(path for path in cpython_folder().rglob("*.py") if path.is_file())


def high_water(pid: int) -> float:
    """The peak memory of a running process; 0 where the system does not say."""
    try:
        status = Path(f"/proc/{pid}/status").read_bytes()
    except OSError:
        return 0.0
    found = re.search(rb"VmHWM:\s+(\d+) kB", status)
    return int(found.group(1)) * 1024.0 if found else 0.0


def read_text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(20 * MEGABYTE).decode("utf-8", "replace")


def remove(path: Path) -> None:
    """Remove what is there, whatever it is and whatever its mode."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    # The system's own `rm`: shutil recurses, and one of the trees is 1,000 folders deep.
    subprocess.run(["chmod", "-R", "u+rwX", path], check=False, stderr=subprocess.DEVNULL)
    subprocess.run(["rm", "-rf", path], check=False)


if __name__ == "__main__":
    sys.exit(main())
