"""What the tests share: programs, repositories to commit to, a stand-in for the tool."""

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

CLEAN = "import subprocess\n\n\ndef backup(folder):\n    subprocess.run(['tar', 'cf', 'backup.tar', folder], check=True)\n"
FAULT = "import subprocess\n\n\ndef backup(folder):\n    subprocess.run('tar cf backup.tar ' + folder, shell=True, check=True)\n"
# What a legacy tree is full of.
OLD_FAULT = "import pickle\n\n\ndef load(file):\n    return pickle.load(file)\n"


def binary() -> str:
    """The built program: the one that BACKEND_AUDIT names, else the newest of the target folder."""
    named = os.environ.get("BACKEND_AUDIT")
    if named:
        return os.path.abspath(named)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    built = [path for path in (target / profile / "backend-audit" for profile in ("release", "debug")) if path.is_file()]
    if not built:
        missing("there is no built backend-audit: run `cargo build`, or name one with BACKEND_AUDIT")
    return str(max(built, key=lambda path: path.stat().st_mtime))


def needs(program: str) -> str:
    """The program's path."""
    return shutil.which(program) or missing(f"{program} is not installed")


def missing(what: str):
    """Skips the test, but in CI, where all that the tests need has to be there."""
    raise AssertionError(what) if os.environ.get("CI") else unittest.SkipTest(what)


def needs_option(*options: str) -> None:
    """Skips the test where the built program lacks an option of `scan`."""
    shown = subprocess.run([binary(), "scan", "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout
    unknown = [option for option in options if f" {option}" not in shown]
    if unknown:
        raise unittest.SkipTest(f"the built backend-audit has no `scan {unknown[0]}` yet")


class Case(unittest.TestCase):
    """A test with a folder of its own, which is its home too."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="backend-audit-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.environment = {
            name: value for name, value in os.environ.items()
            if not name.startswith(("GIT_", "GITHUB_", "PRE_COMMIT", "BASH_FUNC"))
        }
        home = self.folder / "home"
        home.mkdir()
        self.environment |= {
            "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
        }
        (home / ".gitconfig").write_text("[init]\n\tdefaultBranch = main\n[protocol \"file\"]\n\tallow = always\n")

    def run_in(self, folder, *words, check=True, **environment):
        """Runs a program; its standard error is part of its output."""
        done = subprocess.run(
            [str(word) for word in words], cwd=folder, env=self.environment | environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        if check and done.returncode != 0:
            self.fail(f"{words}: exit code {done.returncode}\n{done.stdout}")
        return done

    def git(self, folder, *words, check=True, **environment) -> str:
        return self.run_in(folder, "git", *words, check=check, **environment).stdout.strip()

    def repository(self, name: str, files: dict) -> Path:
        """A repository with one commit of these files."""
        folder = self.folder / name
        folder.mkdir()
        self.git(folder, "init", "--quiet")
        self.write(folder, files)
        self.commit(folder, "first")
        return folder

    def write(self, folder: Path, files: dict) -> None:
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)

    def commit(self, folder: Path, message: str) -> str:
        """Commits everything, past any hook; the new commit."""
        self.git(folder, "add", "--all")
        self.git(folder, "commit", "--quiet", "--no-verify", "--allow-empty", "--message", message)
        return self.git(folder, "rev-parse", "HEAD")


class StubTool:
    """A program that passes for the tool, writes down how it was called and answers as it is told."""

    OPTIONS = "--fail-on --output --since --report --baseline --baseline-ref --config --config-ref --exit-zero"

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir()
        self.path = folder / "backend-audit"
        self.answers(0)
        self.path.write_text(f"#!{sys.executable} -I\n" + STUB.replace("FOLDER", repr(str(folder))))
        self.path.chmod(self.path.stat().st_mode | stat.S_IXUSR)

    def answers(self, code: int, findings=(), notices=(), say="", error="", options=OPTIONS, full=0, report=True):
        answer = {
            "code": code, "json": document(findings, notices, code), "say": say, "error": error,
            "options": options.split(), "full": full, "report": report,
        }
        (self.folder / "answer.json").write_text(json.dumps(answer))

    def calls(self) -> list:
        """The arguments of each scan."""
        log = self.folder / "calls"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


STUB = '''
import json, os, sys
folder = FOLDER
answer = json.load(open(os.path.join(folder, "answer.json")))
words = sys.argv[1:]
if words == ["--version"]:
    print("backend-audit 0.0.0")
elif words == ["scan", "--help"]:
    print("\\n".join(f"      {option} <X>" for option in answer["options"]))
else:
    with open(os.path.join(folder, "calls"), "a") as log:
        log.write(json.dumps(words) + "\\n")
    print(answer["say"])
    print(answer["error"], file=sys.stderr)
    full = "--exit-zero" in words
    code = answer["full"] if full else answer["code"]
    for name, word in zip(words, words[1:]):
        format, _, file = word.partition("=")
        if name == "--output" and code != 2 and answer["report"]:
            with open(file, "w") as out:
                json.dump(answer["json"] if format == "json" else {"full": full}, out)
    sys.exit(code)
'''


def document(findings, notices=(), code=0) -> dict:
    """A JSON report of version 1."""
    severities = ("critical", "high", "medium", "low", "info")
    return {
        "version": 1,
        "tool": {"name": "backend-audit", "version": "0.0.0"},
        "summary": {
            "files": 1, "lines": 9, "findings": len(findings),
            "by_severity": {name: sum(each["severity"] == name for each in findings) for name in severities},
            "suppressed": 0, "known": 0, "hidden": 0, "skipped": [], "fail_on": "medium", "min_confidence": "medium",
            "failing": sum(each["severity"] in severities[:3] for each in findings),
            "incomplete": bool(notices), "verdict": "failed" if code == 1 else "passed",
        },
        "findings": list(findings),
        "notices": list(notices),
    }


def finding(severity="high", rule="sql-injection", message="SQL is built from text", path="app.py", line=3, **more) -> dict:
    return {
        "rule": rule, "aliases": [], "severity": severity, "confidence": "high", "cwe": [89], "message": message,
        "why": "w", "help": "use parameters", "path": path, "start": {"line": line, "column": 5},
        "end": {"line": line, "column": 20}, "scope": "", "fingerprint": "f", "related": [], "flow": [],
        "suppressed": None, "known": None, **more,
    }
