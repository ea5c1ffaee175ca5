#!/usr/bin/env python3
"""What builds from source: the hooks as pre-commit and prek install them, and the wheel as pip does.

    tests/packaging/install_from_source.py [NAME...]

Each build takes minutes, and the network, so CI leaves this out. Builds the last commit, as pre-commit does. The names
are `rust`, `try_repo`, `python`, `prek`, `pip`, `action`; all by default. Needs cargo, and pre-commit and prek on the PATH.
"""

import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from support import CLEAN, FAULT, Case, ROOT, needs

BUILDS = ["rust", "try_repo", "python", "prek", "pip", "action"]


class FromSource(Case):
    @classmethod
    def setUpClass(cls):
        # What is compiled is compiled once; each way of installing still runs whole.
        cls.target = tempfile.mkdtemp(prefix="backend-audit-target-")
        cls.addClassCleanup(shutil.rmtree, cls.target, ignore_errors=True)

    def setUp(self):
        super().setUp()
        # The caches of cargo and rustup are the caller's.
        home = subprocess.run(["sh", "-c", "cd && pwd"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        for name, folder in (("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")):
            self.environment.setdefault(name, f"{home}/{folder}")
        self.environment |= {"PRE_COMMIT_HOME": str(self.folder / "cache"), "PREK_HOME": str(self.folder / "cache")}
        self.environment["CARGO_TARGET_DIR"] = self.target

    def test_rust(self):
        self.hold(needs("pre-commit"), language="rust")

    def test_try_repo(self):
        source = self.source()
        repo = self.repository("project", {"app.py": FAULT})
        done = self.run_in(
            repo, needs("pre-commit"), "try-repo", source, "backend-audit-files", "--all-files", check=False,
        )
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("app.py:5", done.stdout)

    def test_python(self):
        self.hold(needs("pre-commit"), language="python")

    def test_prek(self):
        self.hold(needs("prek"), language="rust")

    def test_pip(self):
        source = self.source()
        self.run_in(self.folder, sys.executable, "-m", "venv", "venv")
        self.run_in(source, self.folder / "venv/bin/pip", "install", "--quiet", ".")
        done = self.run_in(ROOT, self.folder / "venv/bin/backend-audit", "scan", "--quiet", "examples", check=False)
        self.assertEqual(done.returncode, 1, done.stdout)

    def test_action(self):
        source = self.source()
        # The scanned tree asks cargo to run its own program, and rustup for a toolchain that is none.
        wrapper = self.folder / "wrapper"
        wrapper.write_text(f"#!/bin/sh\ntouch {self.folder}/canary\nexec \"$@\"\n")
        wrapper.chmod(0o755)
        repo = self.repository("project", {
            "app.py": FAULT,
            ".cargo/config.toml": f"[build]\nrustc-wrapper = '{wrapper}'\n",
            "rust-toolchain.toml": "[toolchain]\npath = '/no/such/toolchain'\n",
        })
        (self.folder / "runner").mkdir()
        out = self.folder / "out"
        self.run_in(
            repo, "bash", source / ".github/action/tool.sh", GITHUB_ACTION_PATH=str(source), GITHUB_OUTPUT=str(out),
            RUNNER_TEMP=str(self.folder / "runner"), BINARY="",
        )
        tool = dict(line.split("=", 1) for line in out.read_text().splitlines())["tool"]
        self.assertEqual(self.run_in(repo, tool, "scan", check=False).returncode, 1)
        self.assertFalse((self.folder / "canary").exists())

    def hold(self, runner: str, language: str):
        """A new fault is refused and a clean change is not, in an environment that is built here."""
        source = self.source()
        repo = self.repository("project", {"app.py": CLEAN})
        rev = self.git(source, "rev-parse", "HEAD")
        config = f"repos:\n  - repo: {source}\n    rev: {rev}\n    hooks:\n      - id: backend-audit-files\n        language: {language}\n"
        self.write(repo, {".pre-commit-config.yaml": config})
        self.commit(repo, "hook")
        self.run_in(repo, runner, "install", "--install-hooks")
        for text, passes in ((FAULT, False), (CLEAN + "\n", True)):
            self.write(repo, {"app.py": text})
            done = self.run_in(repo, "git", "commit", "--all", "--message", "change", check=False)
            self.assertEqual(done.returncode == 0, passes, done.stdout)

    def source(self):
        """A clone of the last commit, so that what is not committed does not count."""
        source = self.folder / "source"
        self.git(self.folder, "clone", "--quiet", "--no-hardlinks", ROOT, source)
        return source

    def run(self, result=None):
        start = time.monotonic()
        answer = super().run(result)
        print(f"{self.id()}: {time.monotonic() - start:.0f} s", flush=True)
        return answer


if __name__ == "__main__":
    if not shutil.which("cargo"):
        sys.exit("cargo is missing: install Rust from https://rustup.rs")
    names = [f"FromSource.test_{name}" for name in sys.argv[1:] or BUILDS]
    unittest.main(argv=[sys.argv[0], *names])
