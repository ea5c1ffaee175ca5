"""The action as a whole, run by `act` on this machine with a stand-in for the upload."""

import json
import os
import shutil
import unittest

from support import CLEAN, FAULT, OLD_FAULT, Case, ROOT, StubTool, binary, finding, needs, needs_option

ACTION = "example/backend-audit@" + "a" * 40

WORKFLOW = """
name: audit
on: [push, pull_request, merge_group, workflow_dispatch]
permissions: {}
jobs:
  audit:
    runs-on: ubuntu-latest
    steps:
      # Here, act copies the repository as it is, history too.
      - uses: actions/checkout@df4cb1c069e1874edd31b4311f1884172cec0e10 # v6.0.3
        with: {persist-credentials: false}
      - id: audit
        uses: ACTION
        with: INPUTS
      - if: always()
        shell: bash
        env:
          OUTPUTS: ${{ toJSON(steps.audit.outputs) }}
          OUTCOME: ${{ steps.audit.outcome }}
        run: |
          printf '{"outcome": "%s", "outputs": %s}' "$OUTCOME" "$OUTPUTS" > "$RESULTS/result.json"
"""

# Keeps what it is given, and whether the SARIF is there. A failing upload is asked for by a category.
UPLOAD = """
name: upload
description: stand-in
inputs:
  sarif_file: {description: f, required: true}
  category: {description: c, required: true}
  checkout_path: {description: p, required: true}
runs:
  using: composite
  steps:
    - shell: bash
      env:
        SARIF: ${{ inputs.sarif_file }}
        CATEGORY: ${{ inputs.category }}
        CHECKOUT: ${{ inputs.checkout_path }}
      run: |
        cp "$SARIF" "$RESULTS/uploaded.sarif"
        printf '%s %s' "$CATEGORY" "${CHECKOUT/#$GITHUB_WORKSPACE/WORKSPACE}" > "$RESULTS/uploaded"
        [ "$CATEGORY" != fails ]
"""


class Action(Case):
    def setUp(self):
        super().setUp()
        self.act = needs("act")
        self.action = self.folder / "action"
        self.action.mkdir()
        shutil.copy(ROOT / "action.yml", self.action)
        shutil.copytree(ROOT / ".github/action", self.action / ".github/action")
        self.upload = self.folder / "codeql-action"
        self.write(self.upload, {"upload-sarif/action.yml": UPLOAD})
        text = (ROOT / "action.yml").read_text()
        self.pin = text.split("uses: github/codeql-action/upload-sarif@")[1].split()[0]
        self.stub = StubTool(self.folder / "tool")

    def repo_with(self, files, **inputs):
        """A repository with a workflow that uses the action."""
        inputs = {"binary": str(self.stub.path)} | inputs
        workflow = WORKFLOW.replace("ACTION", ACTION).replace("INPUTS", json.dumps(inputs))
        return self.repository("repo", files | {".github/workflows/audit.yml": workflow})

    def run_action(self, repo, event, payload=None):
        """What the action ended with: `outcome`, `outputs`, `uploaded`, `log`."""
        file = self.folder / "event.json"
        file.write_text(json.dumps(payload or {}))
        for old in ("result.json", "uploaded", "uploaded.sarif"):
            (self.folder / old).unlink(missing_ok=True)
        done = self.run_in(
            repo, self.act, event, "--eventpath", file, "--directory", repo, "--env", f"RESULTS={self.folder}",
            "--platform", "ubuntu-latest=-self-hosted", "--container-daemon-socket", "-", "--artifact-server-path", "",
            "--no-cache-server", "--local-repository", f"{ACTION}={self.action}",
            "--local-repository", f"github/codeql-action@{self.pin}={self.upload}", check=False,
        )
        result = self.folder / "result.json"
        if not result.exists():
            self.fail(done.stdout)
        uploaded = self.folder / "uploaded"
        answer = json.loads(result.read_text()) | {"log": done.stdout, "uploaded": uploaded.exists() and uploaded.read_text()}
        # The outcome of the job is that of the step: no later step hides it.
        self.assertEqual(done.returncode == 0, answer["outcome"] == "success", done.stdout)
        return answer

    def merge(self, repo, files):
        """Checks out the merge of a pull request with these files into what is checked out; its payload."""
        base = self.git(repo, "rev-parse", "HEAD")
        self.git(repo, "switch", "--quiet", "--detach")
        self.write(repo, files)
        head = self.commit(repo, "feature")
        self.git(repo, "switch", "--quiet", "--detach", base)
        self.git(repo, "merge", "--quiet", "--no-ff", "--message", "merge", head)
        return {
            "number": 7, "ref": "refs/pull/7/merge",
            "pull_request": {"number": 7, "base": {"ref": "main", "sha": base}, "head": {"ref": "feature", "sha": head}},
        }


class WithStub(Action):
    def test_a_pull_request(self):
        repo = self.repo_with({"app.py": CLEAN}, category="mine", report="files")
        payload = self.merge(repo, {"new.py": FAULT})
        self.stub.answers(1, [finding("critical"), finding("low")])
        ran = self.run_action(repo, "pull_request", payload)
        self.assertEqual(ran["outcome"], "failure", ran["log"])
        base = payload["pull_request"]["base"]["sha"]
        self.assertEqual(len(self.stub.calls()), 1)
        words = self.stub.calls()[0]
        for word in (f"--since={base}", "--report=files", f"--config-ref={base}"):
            self.assertIn(word, words)
        # Uploaded before the gate failed.
        self.assertEqual(ran["uploaded"], "mine WORKSPACE")
        outputs = ran["outputs"]
        expected = {"exit-code": "1", "critical": "1", "high": "0", "low": "1", "findings": "2", "failing": "1", "since": base}
        self.assertEqual({name: outputs[name] for name in expected}, expected)
        self.assertTrue(outputs["sarif"].endswith("/judged.sarif"))

    def test_a_push(self):
        repo = self.repo_with({"app.py": CLEAN})
        before = self.git(repo, "rev-parse", "HEAD")
        self.write(repo, {"new.py": FAULT})
        self.commit(repo, "second")
        payload = {"ref": "refs/heads/main", "before": before}
        ran = self.run_action(repo, "push", payload)
        self.assertEqual((ran["outcome"], ran["outputs"]["since"]), ("success", before), ran["log"])
        self.assertEqual([("--exit-zero" in words) for words in self.stub.calls()], [False, True])
        self.assertEqual(json.loads((self.folder / "uploaded.sarif").read_text()), {"full": True})
        self.assertTrue(ran["uploaded"].startswith("backend-audit "))

    def test_every_exit_code_is_the_outcome(self):
        repo = self.repo_with({"app.py": CLEAN}, upload="false")
        for code, outcome, left in ((0, "success", "0"), (3, "failure", "3"), (2, "failure", "2"), (139, "failure", "139")):
            with self.subTest(code=code):
                self.stub.answers(code)
                ran = self.run_action(repo, "workflow_dispatch")
                self.assertEqual((ran["outcome"], ran["outputs"].get("exit-code")), (outcome, left), ran["log"])
                self.assertFalse(ran["uploaded"])
        self.stub.answers(0, report=False)
        ran = self.run_action(repo, "workflow_dispatch")
        self.assertEqual((ran["outcome"], ran["outputs"]["exit-code"]), ("failure", "2"))

    def test_a_step_that_breaks_is_no_pass(self):
        for inputs in (
            {"binary": "no-such-program"}, {"paths": " "}, {"extra-args": "'"}, {"upload": "yes"},
            {"working-directory": "no-such-folder"}, {"category": "fails"},
        ):
            with self.subTest(inputs=inputs):
                shutil.rmtree(self.folder / "repo", ignore_errors=True)
                repo = self.repo_with({"app.py": CLEAN}, **inputs)
                ran = self.run_action(repo, "workflow_dispatch")
                self.assertEqual(ran["outcome"], "failure", ran["log"])

    def test_inputs_are_not_run(self):
        canary = self.folder / "canary"
        evil = f"\"; touch {canary}; echo \" $(touch {canary}) `touch {canary}` '; touch {canary}; '"
        names = ("paths", "since", "report", "fail-on", "min-confidence", "baseline", "config", "format", "category")
        repo = self.repo_with({"app.py": CLEAN}, **{name: evil for name in names})
        ran = self.run_action(repo, "workflow_dispatch")
        self.assertFalse(canary.exists())
        self.assertIn(f"--fail-on={evil}", self.stub.calls()[0], ran["log"])


class WithBinary(Action):
    def test_everything(self):
        repo = self.repo_with({"sub/app.py": FAULT, "old.py": OLD_FAULT}, **{
            "binary": binary(), "working-directory": "sub", "fail-on": "medium",
        })
        ran = self.run_action(repo, "workflow_dispatch")
        self.assertEqual((ran["outcome"], ran["outputs"]["exit-code"]), ("failure", "1"), ran["log"])
        self.assertEqual(ran["uploaded"], "backend-audit WORKSPACE")
        sarif = json.loads((self.folder / "uploaded.sarif").read_text())
        places = [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in sarif["runs"][0]["results"]]
        self.assertEqual(set(places), {"sub/app.py"})
        self.assertIn("file=sub/app.py", ran["log"])

    def test_a_change_is_judged_alone(self):
        needs_option("--since", "--report", "--config-ref")
        repo = self.repo_with({"old.py": OLD_FAULT, "app.py": CLEAN}, binary=binary())
        for new, expected in ((CLEAN, ("0", "0")), (FAULT, ("1", "1"))):
            self.git(repo, "switch", "--quiet", "main")
            payload = self.merge(repo, {"new.py": new})
            ran = self.run_action(repo, "pull_request", payload)
            self.assertEqual((ran["outputs"]["exit-code"], ran["outputs"]["findings"]), expected, ran["log"])

    def test_a_tool_without_changes_judges_everything(self):
        repo = self.repo_with({"old.py": OLD_FAULT}, binary=binary())
        payload = {"ref": "refs/heads/main", "before": "1" * 40}
        ran = self.run_action(repo, "push", payload)
        self.assertEqual((ran["outputs"]["exit-code"], ran["outputs"]["since"]), ("1", ""), ran["log"])
        self.assertIn("everything is judged", ran["log"])


if __name__ == "__main__":
    unittest.main()
