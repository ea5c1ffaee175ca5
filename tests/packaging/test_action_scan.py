"""How the action finds and calls the tool, and what it makes of the answer."""

import os
import re
import unittest

from support import CLEAN, Case, ROOT, StubTool, finding

EMPTY = {
    "SINCE": "", "PROTECT": "", "UPLOAD": "no", "PATHS": ".", "REPORT": "", "FAIL_ON": "", "MIN_CONFIDENCE": "",
    "BASELINE": "", "CONFIG": "", "FORMAT": "console", "EXTRA_ARGS": "",
}


class Scan(Case):
    def setUp(self):
        super().setUp()
        self.tool = StubTool(self.folder / "tool")
        self.repo = self.repository("repo", {"app.py": CLEAN, "known.json": "{}"})
        self.state = self.folder / "state"
        self.state.mkdir()

    def scan(self, check=True, **inputs):
        """The outputs of the step, and what it printed as `log`."""
        done = self.run_in(
            self.repo, "bash", ROOT / ".github/action/scan.sh", check=check, GITHUB_ACTION_PATH=str(ROOT),
            GITHUB_OUTPUT=str(self.folder / "out"), STATE=str(self.state), TOOL=str(self.tool.path), **(EMPTY | inputs),
        )
        lines = (self.folder / "out").read_text().splitlines() if (self.folder / "out").exists() else []
        return dict(line.split("=", 1) for line in lines) | {"log": done.stdout, "code": done.returncode}

    def words(self, call=-1):
        """The arguments of a call, without the files of the run and what stands behind `--`."""
        words = self.tool.calls()[call]
        words = words[: words.index("--")]
        return [word for word in words if word not in ("scan", "--output") and str(self.state) not in word]

    def test_inputs_become_options(self):
        self.scan()
        self.assertEqual(self.words(), ["--format=console"])
        self.scan(FAIL_ON="high", MIN_CONFIDENCE="low", CONFIG="a b.toml", BASELINE="known.json", FORMAT="json")
        self.assertEqual(
            self.words(),
            ["--fail-on=high", "--min-confidence=low", "--config=a b.toml", "--baseline=known.json", "--format=json"],
        )

    def test_a_report_belongs_to_a_change(self):
        self.scan(SINCE="abc", REPORT="lines")
        self.assertEqual(self.words(), ["--format=console", "--since=abc", "--report=lines"])
        self.scan(REPORT="lines")
        self.assertEqual(self.words(), ["--format=console"])

    def test_paths_are_lines(self):
        self.scan(PATHS="src\r\n\n  \nwith space/a.py\n--fail-on=info\n$(touch x)\n`touch x`; touch x")
        words = self.tool.calls()[-1]
        self.assertEqual(
            words[words.index("--") + 1:],
            ["src", "with space/a.py", "--fail-on=info", "$(touch x)", "`touch x`; touch x"],
        )
        self.assertFalse((self.repo / "x").exists())
        empty = self.scan(check=False, PATHS=" \n\n")
        self.assertEqual(empty["code"], 2)
        self.assertIn("`paths` is empty", empty["log"])

    def test_more_arguments_are_split_and_not_expanded(self):
        self.scan(EXTRA_ARGS="--exclude 'a b' --select=x,y \"$HOME\" $(touch x) *.py #no\n--no-ignore")
        self.assertEqual(
            self.words(),
            ["--exclude", "a b", "--select=x,y", "$HOME", "$(touch", "x)", "*.py", "#no", "--no-ignore", "--format=console"],
        )
        self.assertFalse((self.repo / "x").exists())
        wrong = self.scan(check=False, EXTRA_ARGS="--exclude 'a")
        self.assertEqual(wrong["code"], 2)
        self.assertIn("No closing quotation", wrong["log"])

    def test_the_base_protects_the_gate(self):
        commit = self.git(self.repo, "rev-parse", "HEAD")
        self.scan(SINCE=commit, PROTECT=commit, BASELINE="known.json")
        self.assertEqual(
            self.words(),
            ["--baseline=known.json", f"--config-ref={commit}", f"--baseline-ref={commit}", "--format=console",
             f"--since={commit}"],
        )
        log = self.scan(SINCE=commit, PROTECT=commit, BASELINE="new.json")["log"]
        self.assertNotIn(f"--baseline-ref={commit}", self.words())
        self.assertIn("the base has no baseline new.json", log)
        log = self.scan(SINCE=commit, PROTECT=commit, CONFIG="new.toml")["log"]
        self.assertEqual(self.words(), ["--config=new.toml", "--format=console", f"--since={commit}"])
        self.assertIn("the base has no configuration new.toml", log)
        self.tool.answers(0, options="--since --baseline --config")
        log = self.scan(SINCE=commit, PROTECT=commit, BASELINE="known.json")["log"]
        self.assertEqual(self.words(), ["--baseline=known.json", "--format=console", f"--since={commit}"])
        self.assertIn("too old to read the baseline of the base", log)

    def test_every_exit_code_is_kept(self):
        for code in (0, 1, 2, 3, 101, 139):
            with self.subTest(code=code):
                self.tool.answers(code)
                self.assertEqual(self.scan()["exit-code"], str(code))

    def test_what_is_uploaded(self):
        judged, full = str(self.state / "judged.sarif"), str(self.state / "full.sarif")
        for upload, expected, calls in (("no", None, 1), ("judged", judged, 1), ("full", full, 2)):
            with self.subTest(upload=upload):
                for old in [*self.state.iterdir(), self.folder / "out", self.tool.folder / "calls"]:
                    old.unlink(missing_ok=True)
                self.tool.answers(1, [finding()])
                outputs = self.scan(SINCE="abc", UPLOAD=upload, FAIL_ON="high")
                self.assertEqual(outputs.get("upload"), expected)
                self.assertEqual(outputs["sarif"], judged)
                self.assertEqual(outputs["exit-code"], "1")
                self.assertEqual(len(self.tool.calls()), calls)
        self.assertEqual(self.words(0), ["--fail-on=high", "--format=console", "--since=abc"])
        self.assertEqual(self.words(1), ["--fail-on=high", "--exit-zero"])

    def test_a_full_scan_that_fails_is_no_pass(self):
        for full, expected, uploaded in ((0, "0", True), (3, "0", True), (2, "2", False), (101, "2", True)):
            with self.subTest(full=full):
                for old in [*self.state.iterdir(), self.folder / "out"]:
                    old.unlink(missing_ok=True)
                self.tool.answers(0, full=full)
                outputs = self.scan(SINCE="abc", UPLOAD="full")
                self.assertEqual(outputs["exit-code"], expected)
                self.assertEqual("upload" in outputs, uploaded)

    def test_nothing_is_uploaded_where_nothing_was_judged(self):
        self.tool.answers(2)
        outputs = self.scan(SINCE="abc", UPLOAD="full")
        self.assertEqual(outputs["exit-code"], "2")
        self.assertNotIn("upload", outputs)
        self.assertEqual(len(self.tool.calls()), 1)

    def test_what_the_tool_prints_is_no_command(self):
        self.tool.answers(1, say="::error::from a file\n::add-mask::a", error="::set-output name=a::b")
        lines = self.scan()["log"].splitlines()
        token = re.fullmatch(r"::stop-commands::([0-9a-f]{32})", lines[0])[1]
        end = lines.index(f"::{token}::")
        for said in ("::error::from a file", "::add-mask::a", "::set-output name=a::b"):
            self.assertIn(said, lines[1:end])
        self.assertFalse([line for line in lines[end + 1:] if line.startswith("::")])
        again = self.scan()["log"].splitlines()[0]
        self.assertNotIn(token, again)

    def test_python_of_the_scanned_tree_is_not_run(self):
        evil = "open('ran', 'w')\n"
        self.write(self.repo, {name: evil for name in ("shlex.py", "secrets.py", "json.py", "sitecustomize.py", "os.py")})
        self.scan(EXTRA_ARGS="--no-ignore", PYTHONPATH=str(self.repo))
        self.assertFalse((self.repo / "ran").exists())


class Tool(Case):
    def tool(self, check=True, **variables):
        temporary = self.folder / "runner"
        temporary.mkdir(exist_ok=True)
        self.out = self.folder / "out"
        self.out.unlink(missing_ok=True)
        done = self.run_in(
            self.folder, "bash", ROOT / ".github/action/tool.sh", check=check,
            GITHUB_OUTPUT=str(self.out), RUNNER_TEMP=str(temporary), **({"GITHUB_ACTION_PATH": str(ROOT)} | variables),
        )
        lines = self.out.read_text().splitlines() if self.out.exists() else []
        return dict(line.split("=", 1) for line in lines) | {"log": done.stdout, "code": done.returncode}

    def test_a_program_is_found_by_name_and_by_path(self):
        stub = StubTool(self.folder / "tool")
        path = f"{stub.folder}:{os.environ['PATH']}"
        for name in ("backend-audit", str(stub.path), "tool/backend-audit"):
            with self.subTest(name=name):
                outputs = self.tool(BINARY=name, PATH=path)
                self.assertEqual(outputs["tool"], str(stub.path))
                self.assertTrue(os.path.isdir(outputs["state"]))

    def test_another_program_is_refused(self):
        stub = StubTool(self.folder / "tool")
        stub.answers(0, options="--format")
        other = self.folder / "other"
        other.write_text("#!/bin/sh\necho other 1.0\n")
        other.chmod(0o755)
        for name, why in (
            (str(stub.path), "is not this backend-audit, or too old"), (str(other), "is another program: other 1.0"),
            ("no-such-program", "there is no program"), ("false", "fails"), ("-a", "there is no program"),
        ):
            with self.subTest(name=name):
                outputs = self.tool(check=False, BINARY=name)
                self.assertEqual(outputs["code"], 2)
                self.assertIn(why, outputs["log"])
                self.assertNotIn("tool", outputs)

    def test_it_is_built_from_the_folder_of_the_action(self):
        action = self.folder / "action"
        (action / ".github").mkdir(parents=True)
        os.symlink(ROOT / ".github/action", action / ".github/action")
        stub = StubTool(self.folder / "stub")
        cargo = self.folder / "bin/cargo"
        cargo.parent.mkdir()
        cargo.write_text(
            "#!/bin/sh\npwd\necho \"cargo $*\"\n"
            "while [ \"$1\" != --root ]; do shift; done\n"
            f"mkdir -p \"$2/bin\" && cp {stub.path} \"$2/bin/backend-audit\" && exit \"${{CARGO_FAILS:-0}}\"\n"
        )
        cargo.chmod(0o755)
        variables = {"GITHUB_ACTION_PATH": str(action), "BINARY": "", "PATH": f"{cargo.parent}:{os.environ['PATH']}"}
        outputs = self.tool(**variables)
        self.assertTrue(outputs["tool"].startswith(str(self.folder / "runner")), outputs["tool"])
        # The scanned tree may configure cargo, where that runs in it.
        self.assertIn(f"\n{action}\ncargo install --locked --path .", outputs["log"])
        failed = self.tool(check=False, CARGO_FAILS="101", **variables)
        self.assertEqual(failed["code"], 2)
        self.assertIn("could not be built", failed["log"])
        self.assertNotIn("tool", failed)


if __name__ == "__main__":
    unittest.main()
