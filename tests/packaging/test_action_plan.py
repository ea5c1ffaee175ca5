"""What the action judges on each event: a change where both of its sides are there, else everything, never nothing."""

import unittest

from support import CLEAN, Case, ROOT, StubTool

ZEROS = "0" * 40
UNKNOWN = "1" * 40


class Plan(Case):
    def setUp(self):
        super().setUp()
        self.tool = StubTool(self.folder / "tool")
        self.repo = self.repository("repo", {"app.py": CLEAN})
        self.first = self.git(self.repo, "rev-parse", "HEAD")

    def plan(self, event, folder=None, check=True, since="auto", upload="true", **variables):
        """The outputs of the step, and what it printed as `log`."""
        for name in ("out", "warnings"):
            (self.folder / name).unlink(missing_ok=True)
        done = self.run_in(
            folder or self.repo, "bash", ROOT / ".github/action/plan.sh", check=check,
            GITHUB_ACTION_PATH=str(ROOT), GITHUB_OUTPUT=str(self.folder / "out"), GITHUB_EVENT_NAME=event,
            STATE=str(self.folder), TOOL=str(self.tool.path), SINCE=since, UPLOAD=upload, **variables,
        )
        lines = (self.folder / "out").read_text().splitlines() if (self.folder / "out").exists() else []
        return dict(line.split("=", 1) for line in lines) | {"log": done.stdout, "code": done.returncode}

    def assert_everything(self, plan, why=None, upload="judged"):
        self.assertEqual((plan["since"], plan["protect"], plan["upload"]), ("", "", upload), plan["log"])
        warned = "::warning" in plan["log"]
        self.assertEqual(warned, why is not None, plan["log"])
        if why:
            self.assertIn(why, plan["log"])
            self.assertIn(why, (self.folder / "warnings").read_text())

    def merge(self):
        """Checks out the merge of a pull request as GitHub makes it: its commit, that of the base, that of the head."""
        self.git(self.repo, "switch", "--quiet", "--create", "feature")
        self.write(self.repo, {"new.py": CLEAN})
        head = self.commit(self.repo, "feature")
        self.git(self.repo, "switch", "--quiet", "main")
        self.write(self.repo, {"other.py": CLEAN})
        base = self.commit(self.repo, "meanwhile")
        self.git(self.repo, "switch", "--quiet", "--detach")
        self.git(self.repo, "merge", "--quiet", "--no-ff", "--message", "merge", "feature")
        return self.git(self.repo, "rev-parse", "HEAD"), base, head

    def clone(self, *options):
        folder = self.folder / "clone"
        self.git(self.folder, "clone", "--quiet", *options, f"file://{self.repo}", folder)
        return folder


class PullRequest(Plan):
    REF = {"GITHUB_REF": "refs/pull/7/merge"}

    def test_is_judged_against_the_first_parent_of_the_merge(self):
        merge, base, _ = self.merge()
        plan = self.plan("pull_request", GITHUB_SHA=merge, PR_BASE=self.first, **self.REF)
        self.assertEqual((plan["since"], plan["protect"], plan["upload"]), (base, base, "judged"))

    def test_two_commits_are_enough(self):
        merge, base, _ = self.merge()
        self.git(self.repo, "branch", "merged")
        for depth, expected in ((2, base), (1, "")):
            with self.subTest(depth=depth):
                clone = self.folder / f"depth-{depth}"
                self.git(self.folder, "clone", "--quiet", "--depth", str(depth), "--branch", "merged",
                         f"file://{self.repo}", clone)
                plan = self.plan("pull_request", clone, GITHUB_SHA=merge, PR_BASE=base, **self.REF)
                self.assertEqual(plan["since"], expected, plan["log"])
                if not expected:
                    self.assert_everything(plan, "fetch-depth: 2")

    def test_a_checkout_of_the_head_is_judged_against_the_base(self):
        merge, base, head = self.merge()
        self.git(self.repo, "switch", "--quiet", "--detach", head)
        plan = self.plan("pull_request", GITHUB_SHA=merge, PR_BASE=base, **self.REF)
        self.assertEqual(plan["since"], base)
        for missing in (UNKNOWN, "", "main; echo", "-" * 40):
            with self.subTest(base=missing):
                self.assert_everything(self.plan("pull_request", GITHUB_SHA=merge, PR_BASE=missing, **self.REF), "base of the pull")

    def test_a_base_without_a_common_past_is_no_base(self):
        self.git(self.repo, "switch", "--quiet", "--orphan", "other")
        self.write(self.repo, {"app.py": CLEAN})
        other = self.commit(self.repo, "other")
        self.git(self.repo, "switch", "--quiet", "main")
        plan = self.plan("pull_request", GITHUB_SHA=UNKNOWN, PR_BASE=other, **self.REF)
        self.assert_everything(plan, "no commit is in the history of both")

    def test_no_repository_is_judged_whole(self):
        folder = self.folder / "plain"
        folder.mkdir()
        self.assert_everything(self.plan("pull_request", folder, GITHUB_SHA=UNKNOWN, PR_BASE=self.first, **self.REF), "fetch")

    def test_of_the_base_is_refused(self):
        for since in ("auto", "main"):
            with self.subTest(since=since):
                plan = self.plan("pull_request_target", check=False, since=since, GITHUB_SHA=self.first, PR_BASE=self.first)
                self.assertEqual(plan["code"], 2)
                self.assertNotIn("since", plan)
                self.assertIn("::error", plan["log"])
        self.assert_everything(self.plan("pull_request_target", since="none", GITHUB_REF="refs/heads/main"))


class Push(Plan):
    REF = {"GITHUB_REF": "refs/heads/main"}

    def test_is_judged_against_the_commit_before(self):
        self.write(self.repo, {"new.py": CLEAN})
        self.commit(self.repo, "second")
        self.commit(self.repo, "third")
        plan = self.plan("push", PUSH_BEFORE=self.first, **self.REF)
        # Part of the tree would close the alerts of the rest.
        self.assertEqual((plan["since"], plan["protect"], plan["upload"]), (self.first, "", "full"))
        plan = self.plan("push", self.clone("--depth", "2"), PUSH_BEFORE=self.first, **self.REF)
        self.assert_everything(plan, "fetch-depth: 0")

    def test_of_a_new_branch_is_judged_whole(self):
        self.assert_everything(self.plan("push", PUSH_BEFORE=ZEROS, **self.REF), "the branch is new")
        self.assert_everything(self.plan("push", **self.REF), "the branch is new")

    def test_that_rewrites_is_judged_from_the_common_past(self):
        self.write(self.repo, {"new.py": CLEAN})
        before = self.commit(self.repo, "second")
        self.git(self.repo, "reset", "--quiet", "--hard", self.first)
        self.commit(self.repo, "another second")
        self.assertEqual(self.plan("push", PUSH_BEFORE=before, **self.REF)["since"], before)

    def test_of_a_tag_is_judged_whole(self):
        self.assert_everything(self.plan("push", PUSH_BEFORE=ZEROS, GITHUB_REF="refs/tags/v1"))

    def test_by_dependabot_uploads_nothing(self):
        plan = self.plan("push", PUSH_BEFORE=self.first, GITHUB_ACTOR="dependabot[bot]", **self.REF)
        self.assertEqual((plan["since"], plan["upload"]), (self.first, "no"))


class OtherEvents(Plan):
    def test_a_merge_group_is_judged_against_its_base(self):
        self.write(self.repo, {"new.py": CLEAN})
        self.commit(self.repo, "second")
        ref = "refs/heads/gh-readonly-queue/main/pr-7"
        plan = self.plan("merge_group", GROUP_BASE=self.first, GITHUB_REF=ref)
        self.assertEqual((plan["since"], plan["protect"], plan["upload"]), (self.first, self.first, "full"))
        self.assert_everything(self.plan("merge_group", GROUP_BASE=UNKNOWN, GITHUB_REF=ref), "base of the merge group")

    def test_what_is_no_change_is_judged_whole(self):
        for event in ("schedule", "workflow_dispatch", "release", "workflow_run"):
            with self.subTest(event=event):
                self.assert_everything(self.plan(event, GITHUB_REF="refs/heads/main", PUSH_BEFORE=UNKNOWN, PR_BASE=UNKNOWN))

    def test_a_revision_by_hand_is_left_to_the_tool(self):
        plan = self.plan("schedule", since="no-such-branch", GITHUB_REF="refs/heads/main")
        self.assertEqual((plan["since"], plan["protect"], plan["upload"]), ("no-such-branch", "", "full"))
        plan = self.plan("pull_request", since="origin/main", GITHUB_REF="refs/pull/7/merge")
        self.assertEqual((plan["since"], plan["protect"], plan["upload"]), ("origin/main", "origin/main", "judged"))
        self.assert_everything(self.plan("push", since="", GITHUB_REF="refs/heads/main"), "`since` is empty")

    def test_no_upload_where_none_is_wanted(self):
        self.assertEqual(self.plan("schedule", upload="false", GITHUB_REF="refs/heads/main")["upload"], "no")
        for upload in ("", "yes", "True"):
            with self.subTest(upload=upload):
                plan = self.plan("schedule", check=False, upload=upload, GITHUB_REF="refs/heads/main")
                self.assertEqual(plan["code"], 2)
                self.assertIn("`upload` is `true` or `false`", plan["log"])

    def test_a_tool_that_knows_no_change_judges_everything(self):
        self.tool.answers(0, options="--fail-on --output --since-when")
        plan = self.plan("push", PUSH_BEFORE=self.first, GITHUB_REF="refs/heads/main")
        self.assert_everything(plan, "too old to judge a change")


if __name__ == "__main__":
    unittest.main()
