"""The hooks of `.pre-commit-hooks.yaml`, run by pre-commit and by prek in repositories that are committed to.

Their environments take minutes to build, so here each configuration says `language: system`, as docs/pre-commit.md has
it, and the built program is on the PATH. `install_from_source.py` builds them.
"""

import os
import shlex
import subprocess
import unittest
from pathlib import Path

from support import CLEAN, FAULT, OLD_FAULT, Case, ROOT, binary, needs, needs_option

MANIFEST = (ROOT / ".pre-commit-hooks.yaml").read_text()

CONSTANT = "COMMAND = 'uptime'\n"
COMPUTED = "COMMAND = 'uptime ' + input()\n"
USER = "import subprocess\n\nfrom settings import COMMAND\n\nsubprocess.run(COMMAND, shell=True, check=True)\n"


class Manifest(unittest.TestCase):
    def test_is_valid(self):
        for runner in ("pre-commit", "prek"):
            with self.subTest(runner=runner):
                words = [needs(runner), "validate-manifest", ROOT / ".pre-commit-hooks.yaml"]
                subprocess.run(words, check=True, capture_output=True)

    def test_entries_use_options_that_are_there(self):
        for line in MANIFEST.splitlines():
            if line.strip().startswith("entry: backend-audit"):
                needs_option(*(word for word in shlex.split(line) if word.startswith("--")))
        needs_option("--since")


class Hooks:
    """The tests, for a program that runs hooks."""

    runner = ""

    def setUp(self):
        super().setUp()
        self.program = needs(self.runner)
        tools = self.folder / "bin"
        tools.mkdir()
        os.symlink(binary(), tools / "backend-audit")
        self.environment["PATH"] = f"{tools}:{self.environment['PATH']}"
        self.environment |= {"PRE_COMMIT_HOME": str(self.folder / "cache"), "PREK_HOME": str(self.folder / "cache")}
        self.hooks = self.repository("hooks", {".pre-commit-hooks.yaml": MANIFEST})

    def project(self, hook: str, files: dict, name="project", stage="pre-commit", **settings) -> Path:
        """A repository with the hook installed and these files committed."""
        lines = [f"  - repo: {self.hooks}", f"    rev: {self.git(self.hooks, 'rev-parse', 'HEAD')}", "    hooks:"]
        settings = {"language": "system"} | settings
        lines += [f"      - id: {hook}", *(f"        {key}: {value}" for key, value in settings.items())]
        folder = self.repository(name, files | {".pre-commit-config.yaml": "\n".join(["repos:", *lines, ""])})
        self.run_in(folder, self.program, "install", "--hook-type", stage)
        return folder

    def stage(self, repo: Path, files: dict) -> None:
        self.write(repo, files)
        self.git(repo, "add", *files)

    def attempt(self, repo: Path, *words, passes: bool, says="") -> str:
        """Commits, and holds what comes of it."""
        before = self.git(repo, "rev-parse", "--verify", "--quiet", "HEAD", check=False)
        done = self.run_in(repo, "git", "commit", "--message", "change", *words, check=False)
        after = self.git(repo, "rev-parse", "--verify", "--quiet", "HEAD", check=False)
        self.assertEqual((done.returncode == 0, before != after), (passes, passes), done.stdout)
        self.assertIn(says, done.stdout)
        return done.stdout


class Staged(Hooks):
    """`backend-audit`: what the commit adds, and nothing else."""

    def setUp(self):
        needs_option("--staged")
        super().setUp()
        self.repo = self.project("backend-audit", {"app.py": CLEAN, "old.py": OLD_FAULT, "README": "x\n"})

    def test_a_new_fault_is_refused_and_a_clean_change_is_not(self):
        self.stage(self.repo, {"new.py": FAULT})
        said = self.attempt(self.repo, passes=False, says="new.py")
        self.assertNotIn("old.py", said)
        self.stage(self.repo, {"new.py": CLEAN})
        self.attempt(self.repo, passes=True)

    def test_old_faults_do_not_count_where_their_file_changes(self):
        self.stage(self.repo, {"old.py": "\n\n# moved\n" + OLD_FAULT + "\n\ndef more():\n    return 1\n"})
        self.attempt(self.repo, passes=True)

    def test_what_becomes_a_fault_elsewhere_is_refused(self):
        self.stage(self.repo, {"settings.py": CONSTANT, "user.py": USER})
        self.attempt(self.repo, passes=True)
        self.stage(self.repo, {"settings.py": COMPUTED})
        self.attempt(self.repo, passes=False, says="user.py")

    def test_a_commit_that_only_deletes_is_judged(self):
        self.stage(self.repo, {"settings.py": CONSTANT, "user.py": USER})
        self.attempt(self.repo, passes=True)
        self.git(self.repo, "rm", "--quiet", "settings.py")
        self.attempt(self.repo, passes=False, says="user.py")

    def test_a_change_of_no_python_passes(self):
        self.stage(self.repo, {"README": "y\n"})
        self.attempt(self.repo, passes=True)

    def test_commit_all(self):
        self.write(self.repo, {"app.py": FAULT})
        self.attempt(self.repo, "--all", passes=False, says="app.py")
        self.write(self.repo, {"app.py": CLEAN + "\n"})
        self.attempt(self.repo, "--all", passes=True)

    def test_commit_of_one_file(self):
        # The other file is staged, and stays so.
        self.stage(self.repo, {"README": "y\n", "app.py": FAULT})
        self.attempt(self.repo, "README", passes=True)
        self.stage(self.repo, {"README": "z\n"})
        self.attempt(self.repo, "app.py", passes=False, says="app.py")

    def test_partly_staged(self):
        self.stage(self.repo, {"app.py": CLEAN + "\n"})
        self.write(self.repo, {"app.py": FAULT})
        self.attempt(self.repo, passes=True)
        self.assertEqual((self.repo / "app.py").read_text(), FAULT)
        self.git(self.repo, "checkout", "--quiet", "app.py")
        self.stage(self.repo, {"app.py": FAULT})
        self.write(self.repo, {"app.py": CLEAN})
        self.attempt(self.repo, passes=False, says="app.py")

    def test_a_linked_worktree(self):
        linked = self.folder / "linked"
        self.git(self.repo, "worktree", "add", "--quiet", "-b", "other", linked)
        self.stage(self.repo, {"app.py": FAULT})
        self.stage(linked, {"new.py": CLEAN})
        self.attempt(linked, passes=True)
        self.stage(linked, {"new.py": FAULT})
        self.attempt(linked, passes=False, says="new.py")

    def test_a_subfolder(self):
        self.write(self.repo, {"package/new.py": FAULT})
        self.git(self.repo, "add", "package")
        self.attempt(self.repo / "package", passes=False, says="new.py")

    def test_the_first_commit(self):
        config = (self.repo / ".pre-commit-config.yaml").read_text()
        fresh = self.folder / "fresh"
        fresh.mkdir()
        self.git(fresh, "init", "--quiet")
        self.stage(fresh, {".pre-commit-config.yaml": config, "app.py": FAULT})
        self.run_in(fresh, self.program, "install")
        self.attempt(fresh, passes=False, says="app.py")
        self.stage(fresh, {"app.py": CLEAN})
        self.attempt(fresh, passes=True)

    def test_a_rename_and_a_new_layout_report_nothing(self):
        self.git(self.repo, "mv", "old.py", "legacy.py")
        self.attempt(self.repo, passes=True)
        self.stage(self.repo, {"legacy.py": "\n" * 50 + OLD_FAULT})
        self.attempt(self.repo, passes=True)

    def test_more_arguments_are_passed(self):
        repo = self.project("backend-audit", {"app.py": CLEAN}, name="lenient", args="[--fail-on, critical]")
        self.stage(repo, {"new.py": FAULT})
        self.attempt(repo, passes=True)


class Files(Hooks):
    """`backend-audit-files`: the files named, whatever they were before."""

    def setUp(self):
        super().setUp()
        self.repo = self.project("backend-audit-files", {"app.py": CLEAN, "old.py": OLD_FAULT, "a.yaml": "a: [\n"})

    def test_the_files_of_the_commit_are_judged(self):
        self.stage(self.repo, {"new file.py": FAULT})
        said = self.attempt(self.repo, passes=False, says="new file.py")
        self.assertNotIn("old.py", said)
        self.stage(self.repo, {"new file.py": CLEAN})
        self.attempt(self.repo, passes=True)

    def test_old_faults_in_them_count(self):
        self.stage(self.repo, {"old.py": OLD_FAULT + "\n"})
        self.attempt(self.repo, passes=False, says="old.py")

    def test_other_files_are_passed_over(self):
        self.stage(self.repo, {"a.yaml": "b: {\n"})
        self.attempt(self.repo, passes=True, says="kipped")

    def test_excludes_hold(self):
        repo = self.project("backend-audit-files", {"app.py": CLEAN}, name="strict", args="[--exclude, generated]")
        self.stage(repo, {"generated/new.py": FAULT, "app.py": CLEAN + "\n"})
        self.attempt(repo, passes=True)

    def test_all_files(self):
        done = self.run_in(self.repo, self.program, "run", "--all-files", check=False)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("old.py", done.stdout)
        self.assertNotIn("a.yaml", done.stdout)

    def test_many_files_are_one_run(self):
        self.write(self.repo, {f"package/module_{number}.py": CLEAN for number in range(400)})
        self.git(self.repo, "rm", "--quiet", "old.py")
        self.git(self.repo, "add", "package")
        done = self.run_in(self.repo, self.program, "run", "--all-files", "--verbose")
        self.assertEqual(done.stdout.count("401 files"), 1, done.stdout)


class Diff(Hooks):
    """`backend-audit-diff`: what came since a revision."""

    def setUp(self):
        super().setUp()
        self.repo = self.project("backend-audit-diff", {"app.py": CLEAN, "old.py": OLD_FAULT}, stage="pre-push")
        self.base = self.git(self.repo, "rev-parse", "HEAD")

    def judge(self, *words, passes: bool, says=""):
        words = ("run", "backend-audit-diff", "--hook-stage", "manual", "--verbose", *words)
        done = self.run_in(self.repo, self.program, *words, check=False)
        self.assertEqual(done.returncode == 0, passes, done.stdout)
        self.assertIn(says, done.stdout)

    def test_in_ci(self):
        needs_option("--since")
        for text, passes in ((CLEAN, True), (FAULT, False)):
            self.write(self.repo, {"new.py": text})
            self.commit(self.repo, "change")
            self.judge("--from-ref", self.base, "--to-ref", "HEAD", passes=passes, says="" if passes else "new.py")

    def test_without_a_revision_everything_is_judged(self):
        self.judge(passes=False, says="old.py")
        self.judge("--all-files", passes=False, says="no --from-ref, so everything is judged")

    def test_what_is_not_checked_out_cannot_be_judged(self):
        self.write(self.repo, {"new.py": FAULT})
        other = self.commit(self.repo, "other")
        self.git(self.repo, "checkout", "--quiet", "--detach", self.base)
        self.judge("--from-ref", self.base, "--to-ref", other, passes=False, says="is not checked out")

    def test_a_push(self):
        needs_option("--since")
        remote = self.remote()
        self.git(self.repo, "push", "--quiet", "--no-verify", remote, "main")
        self.git(self.repo, "fetch", "--quiet", remote)
        for text, passes in ((FAULT, False), (CLEAN, True)):
            self.write(self.repo, {"new.py": text})
            self.commit(self.repo, "change")
            done = self.run_in(self.repo, "git", "push", remote, "main", check=False)
            self.assertEqual(done.returncode == 0, passes, done.stdout)

    def test_the_first_push_is_judged_whole(self):
        done = self.run_in(self.repo, "git", "push", self.remote(), "main", check=False)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertIn("old.py", done.stdout)

    def remote(self) -> Path:
        remote = self.folder / "remote"
        self.git(self.folder, "init", "--quiet", "--bare", remote)
        return remote


for each in (Staged, Files, Diff):
    for program in ("pre-commit", "prek"):
        name = f"{each.__name__}With{program.title().replace('-', '')}"
        globals()[name] = type(name, (each, Case), {"runner": program, "__module__": __name__})


if __name__ == "__main__":
    unittest.main()
