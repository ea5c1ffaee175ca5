"""Annotations, the summary of the job, outputs and the final exit code: within GitHub's limits, and nothing from the
scanned tree acts in them."""

import json
import re
import unittest

from support import Case, ROOT, binary, document, finding

HOSTILE = "a\r\n::error::b\x1b[31m ##[error]c %0A | `x` <b>&amp; [l](http://e) \u202e\udc80 *s* _u_ @a"


class Report(Case):
    def report(self, findings=(), notices=(), code=0, check=True, state=None, raw=None, **variables):
        """The outputs of the step; what it printed as `log`, the summary as `summary`."""
        for old in ("out", "summary"):
            (self.folder / old).unlink(missing_ok=True)
        state = self.folder / "state"
        state.mkdir(exist_ok=True)
        if raw is not None:
            (state / "judged.json").write_text(raw)
        elif findings is not None:
            (state / "judged.json").write_text(json.dumps(document(findings, notices, code)))
        done = self.run_in(
            self.folder, "bash", ROOT / ".github/action/report.sh", check=check, GITHUB_ACTION_PATH=str(ROOT),
            **({
                "GITHUB_OUTPUT": str(self.folder / "out"), "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
                "GITHUB_WORKSPACE": str(self.folder), "STATE": str(state), "EXIT_CODE": str(code), "SINCE": "",
                "TOOL_PATHS": ".", "ANNOTATIONS": "true",
            } | variables),
        )
        outputs = {}
        if done.returncode == 0:
            outputs = dict(line.split("=", 1) for line in (self.folder / "out").read_text().splitlines())
            outputs["summary"] = (self.folder / "summary").read_text()
        return outputs | {"log": done.stdout}

    def commands(self, outputs, level):
        return [line for line in outputs["log"].splitlines() if line.startswith(f"::{level} ")]


class Outputs(Report):
    def test_counts_and_code(self):
        report = self.report([finding("critical"), finding("high"), finding("high"), finding("low")], code=1)
        names = ("exit-code", "critical", "high", "medium", "low", "info", "findings", "failing")
        self.assertEqual([report[name] for name in names], ["1", "1", "2", "0", "1", "0", "4", "3"])
        self.assertEqual(report["root"], str(self.folder))

    def test_the_tool_s_own_report_is_read(self):
        state = self.folder / "state"
        state.mkdir()
        done = self.run_in(ROOT, binary(), "scan", "examples", "--output", f"json={state}/judged.json", check=False)
        self.assertEqual(done.returncode, 1, done.stdout)
        totals = json.loads((state / "judged.json").read_text())["summary"]
        report = self.report(None, code=1)
        self.assertEqual((report["exit-code"], report["failing"]), ("1", str(totals["failing"])))
        rows = [line for line in report["summary"].splitlines() if line.startswith("| ❌")]
        self.assertEqual(len(rows), totals["failing"])

    def test_without_a_report_nothing_passed(self):
        for code in (0, 1, 3):
            for raw in ("", "{", "[]", "null", "{}", '{"version": 2}', json.dumps(document([]) | {"version": 2})):
                with self.subTest(code=code, raw=raw):
                    report = self.report(raw=raw, code=code)
                    self.assertEqual(report["exit-code"], "2")
                    self.assertEqual(len(self.commands(report, "error")), 1)
                    self.assertIn("could not judge", report["summary"])
        (self.folder / "state/judged.json").unlink()
        self.assertEqual(self.report(None, code=0)["exit-code"], "2")

    def test_other_codes_are_kept_and_explained(self):
        (self.folder / "state").mkdir()
        (self.folder / "state/judged.err").write_text("error: no such <ref>\nhint: fetch it\n")
        for code in (2, 101, 139):
            with self.subTest(code=code):
                report = self.report(code=code)
                self.assertEqual(report["exit-code"], str(code))
                self.assertIn("::error title=backend-audit::error: no such <ref>%0Ahint: fetch it\n", report["log"])
                self.assertIn("no such &#60;ref&#62;<br>\nhint&#58; fetch it<br>", report["summary"])
                self.assertEqual(report["findings"], "")

    def test_a_report_of_another_shape_leaves_no_code(self):
        report = self.report(raw=json.dumps(document([{"severity": "high"}])), check=False)
        self.assertNotIn("exit-code", report)
        self.assertIn("KeyError", report["log"])

    def test_the_root_is_that_of_the_tool(self):
        repo = self.repository("repo", {"a/b/x.py": "", "a/c/y.py": ""})
        (self.folder / "plain/sub").mkdir(parents=True)
        for paths, root in (
            (".", self.folder), ("repo/a/b\nrepo/a/c/y.py", repo), ("repo/a\n\nrepo", repo), ("plain/sub", self.folder),
            ("repo/a\nplain", self.folder),
        ):
            with self.subTest(paths=paths):
                self.assertEqual(self.report(TOOL_PATHS=paths)["root"], str(root))

    def test_annotations_begin_at_the_workspace(self):
        self.repository("repo", {"app.py": ""})
        report = self.report([finding()], code=1, TOOL_PATHS="repo")
        self.assertIn("::error file=repo/app.py,line=3,endLine=3,col=5,endColumn=20,title=sql-injection::", report["log"])


class Limits(Report):
    def test_ten_annotations_a_level_worst_first(self):
        findings = [finding(severity, line=line) for severity in ("low", "medium", "high", "critical") for line in range(1, 13)]
        report = self.report(findings, code=1)
        errors = self.commands(report, "error")
        self.assertEqual(len(errors), 10)
        self.assertTrue(all("::critical: " in line for line in errors))
        self.assertEqual(len(self.commands(report, "warning")), 10)
        notices = self.commands(report, "notice")
        self.assertEqual(len(notices), 10)
        self.assertIn("::19 more: see the summary", notices[-1])

    def test_what_was_not_judged_is_warned_of(self):
        notices = [{"id": "unreadable", "kind": "incomplete", "message": f"denied {at}", "path": "a.py", "line": None} for at in range(60)]
        notices.append({"id": "bom", "kind": "lossless", "message": "has a BOM", "path": "b.py", "line": None})
        report = self.report([], notices, code=3)
        self.assertEqual(len(self.commands(report, "warning")), 10)
        self.assertIn("50 more", report["log"])
        self.assertIn("incomplete", report["summary"])
        self.assertIn("and 10 more", report["summary"])
        self.assertNotIn("BOM", report["summary"])

    def test_the_summary_stays_below_a_mebibyte(self):
        findings = [finding("high", path="p|" * 400, message="m`" * 4000, line=line) for line in range(1, 9000)]
        summary = self.report(findings, code=1)["summary"]
        self.assertLess(len(summary.encode()), 1 << 20)
        self.assertRegex(summary, r"\n\d+ more are in the reports\.\n$")
        rows = [line for line in summary.splitlines() if line.startswith("| ❌")]
        self.assertGreater(len(rows), 100)
        self.assertTrue(all(row.count("|") == 7 and row.endswith("|") for row in rows))

    def test_known_and_suppressed_findings_are_not_shown(self):
        report = self.report([finding(known={"reason": None}), finding(suppressed={"reason": "x"})])
        self.assertEqual(report["log"].strip(), "")
        self.assertNotIn("sql", report["summary"])

    def test_annotations_can_be_switched_off(self):
        self.assertEqual(self.report([finding()], code=1, ANNOTATIONS="false")["log"].strip(), "")


class Hostile(Report):
    def test_texts_of_the_tree_do_not_act(self):
        report = self.report([finding(rule=HOSTILE, message=HOSTILE, path=HOSTILE, help=HOSTILE)], code=1)
        lines = [line for line in report["log"].splitlines() if line]
        self.assertEqual(len(lines), 1)
        properties, data = re.fullmatch(r"::error (.*?)::(.*)", lines[0]).groups()
        self.assertEqual(len(re.findall(r"(?:^|,)(\w+)=[^,:]*", properties)), 6)
        self.assertNotIn(":", properties)
        for text in (lines[0], report["summary"]):
            self.assertNotIn("##[", text)
            self.assertFalse(set(text) & set("\r\x1b\u202e"), text)
        row = [line for line in report["summary"].splitlines() if line.startswith("| ❌")]
        self.assertEqual(len(row), 1)
        self.assertEqual(row[0].count("|"), 7)
        for mark in "`<>[]*_@":
            self.assertNotIn(mark, row[0])

    def test_texts_of_messages_do_not_act(self):
        (self.folder / "state").mkdir()
        (self.folder / "state/warnings").write_text(f"{HOSTILE}\n".encode("utf-8", "replace").decode())
        (self.folder / "state/judged.err").write_text(HOSTILE.replace("\udc80", ""))
        report = self.report(code=2, SINCE="<x>")
        self.assertEqual(len([line for line in report["log"].splitlines() if line]), 1)
        for mark in ("\x1b", "##[", "<b>", "`", "](", "\u202e"):
            self.assertNotIn(mark, report["summary"])
        self.assertIn("&#60;x&#62;", self.report([], SINCE="<x>")["summary"])


if __name__ == "__main__":
    unittest.main()
