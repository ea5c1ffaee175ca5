//! A change cannot edit its judge: the gate, the config and the baseline are those of the side before, where that is
//! asked for, and what the change hides is counted.

use crate::run::{committed, run_in, scan};

const CODE: &str = "def read(text):\n    return eval(text)\n";
const HIDDEN: &str = "def read(text):\n    return eval(text)  # nosec B307\n";
const CONFIG: &str = "fail-on = \"medium\"\nmax-new-suppressions = 1\n";

#[test]
fn what_lets_the_gate_pass_is_a_finding() {
    let workflow = "jobs:\n  audit:\n    steps:\n      - run: backend-audit scan --since main\n";
    let repo = committed(&[(".github/workflows/ci.yml", workflow), ("a.py", "x = 1\n")]);
    for (old, new, line) in [
        ("scan --since main", "scan --since main --exit-zero", 4),
        ("scan --since main", "scan --since main || true", 4),
        ("backend-audit scan", "echo", 1),
    ] {
        repo.write(".github/workflows/ci.yml", &workflow.replace(old, new));
        let run = scan(&repo, "--changed");
        let expected = format!(".github/workflows/ci.yml:{line} gate-weakened");
        assert_eq!((run.code, run.findings()), (1, vec![expected]), "{new}");
    }
    repo.git("rm -q --cached .github/workflows/ci.yml");
    std::fs::remove_file(repo.path(".github/workflows/ci.yml")).unwrap();
    assert_eq!(scan(&repo, "--changed").findings(), [".github/workflows/ci.yml:1 gate-weakened"]);
}

#[test]
fn no_baseline_knows_what_a_change_does_to_the_gate() {
    let repo = committed(&[("backend-audit.toml", CONFIG), ("a.py", CODE)]);
    repo.write("backend-audit.toml", "fail-on = \"high\"\n");
    let first = scan(&repo, "--changed --write-baseline known.json");
    assert_eq!(first.code, 1);
    let known = std::fs::read_to_string(repo.path("known.json")).unwrap();
    assert!(known.contains("dangerous-eval") && !known.contains("gate-weakened"), "{known}");
    let written = known.replace("dangerous-eval", "gate-weakened").replace("a.py", "backend-audit.toml");
    repo.write("known.json", &written);
    assert_eq!(scan(&repo, "--changed --baseline known.json").findings(), first.findings());
}

#[test]
fn suppressions_are_counted_and_too_many_fail() {
    let repo = committed(&[("backend-audit.toml", CONFIG), ("old.py", HIDDEN), ("a.py", "x = 1\n")]);
    repo.git("mv old.py moved.py");
    repo.write("a.py", HIDDEN);
    repo.git("add -A");
    let one = scan(&repo, "--staged");
    assert_eq!((one.code, one.summary("change")["suppressions_added"]["comments"].clone()), (0, 1.into()));
    repo.write("b.py", "import os\n\n\ndef run(name):\n    os.system(name)  # nosec B605\n");
    repo.git("add -A");
    let two = scan(&repo, "--staged");
    assert_eq!((two.code, two.findings()), (1, vec!["a.py:2 too-many-suppressions".to_owned()]));
    let console = run_in(&repo.root, "scan --staged");
    assert!(console.out.contains("suppressions added: 2 (2 comments)"), "{}", console.out);
    assert!(console.out.contains("see: b.py:5"), "{}", console.out);
    // The limit is that of the commit where that is asked for.
    repo.write("backend-audit.toml", "max-new-suppressions = 9\n");
    let raised = scan(&repo, "--changed");
    assert_eq!(raised.findings(), ["backend-audit.toml:1 gate-weakened"]);
    let judged = scan(&repo, "--changed --config-ref HEAD");
    assert_eq!(judged.findings(), ["a.py:2 too-many-suppressions", "backend-audit.toml:1 gate-weakened"]);
}

#[test]
fn ignores_excludes_and_known_findings_count_too() {
    let repo = committed(&[("backend-audit.toml", CONFIG), ("a.py", CODE)]);
    let loose = format!("{CONFIG}ignore = [\"dangerous-eval\", \"B110\"]\nexclude = [\"gen\"]\n");
    repo.write("backend-audit.toml", &loose);
    let run = scan(&repo, "--changed");
    assert_eq!(run.findings(), ["backend-audit.toml:1 too-many-suppressions"]);
    let added = &run.summary("change")["suppressions_added"];
    assert_eq!((added["ignores"].clone(), added["excludes"].clone()), (2.into(), 1.into()));
    repo.write("backend-audit.toml", CONFIG);
    assert_eq!(run_in(&repo.root, "baseline create --file known.json").code, 0);
    let run = scan(&repo, "--changed --baseline known.json");
    assert_eq!((run.code, run.summary("change")["suppressions_added"]["known"].clone()), (0, 1.into()));
}

#[test]
fn the_baseline_of_a_commit_is_not_that_of_the_change() {
    let repo = committed(&[("a.py", CODE)]);
    assert_eq!(run_in(&repo.root, "baseline create --file known.json").code, 0);
    repo.git("add -A");
    repo.git("commit -qm baseline");
    assert_eq!(scan(&repo, ". --baseline known.json").findings(), [""; 0]);
    repo.write("b.py", "def run(text):\n    exec(text)\n");
    assert_eq!(run_in(&repo.root, "baseline update --file known.json").code, 0);
    assert_eq!(scan(&repo, ". --baseline known.json").findings(), [""; 0]);
    let judged = scan(&repo, ". --baseline known.json --baseline-ref HEAD");
    assert_eq!(judged.findings(), ["b.py:2 dangerous-eval"]);
    // A commit without one knows nothing; an unknown commit is an error.
    assert_eq!(scan(&repo, ". --baseline known.json --baseline-ref HEAD~1").findings().len(), 2);
    assert_eq!(scan(&repo, ". --baseline known.json --baseline-ref nope").code, 2);
}

#[test]
fn a_config_of_a_commit_brings_its_baseline() {
    let repo = committed(&[("backend-audit.toml", "baseline = \"known.json\"\n"), ("a.py", CODE)]);
    assert_eq!(run_in(&repo.root, "baseline create --isolated --file known.json").code, 0);
    repo.git("add -A");
    repo.git("commit -qm baseline");
    repo.write("b.py", CODE);
    assert_eq!(run_in(&repo.root, "baseline update").code, 0);
    assert_eq!(scan(&repo, ".").findings(), [""; 0]);
    assert_eq!(scan(&repo, ". --config-ref HEAD").findings(), ["b.py:2 dangerous-eval"]);
    // A file that the command line names is the caller's own.
    assert_eq!(scan(&repo, ". --config-ref HEAD --baseline known.json").findings(), [""; 0]);
}

#[test]
fn the_config_of_a_commit_is_not_that_of_the_change() {
    let repo = committed(&[("pyproject.toml", "[tool.backend-audit]\nfail-on = \"low\"\n"), ("a.py", CODE)]);
    repo.write("pyproject.toml", "[tool.backend-audit]\nignore = [\"dangerous-eval\"]\n");
    assert_eq!(scan(&repo, ".").findings(), [""; 0]);
    assert_eq!(scan(&repo, ". --config-ref HEAD").findings(), ["a.py:2 dangerous-eval"]);
    let broken = "[tool.backend-audit]\nignore = [\n";
    repo.write("pyproject.toml", broken);
    assert_eq!(scan(&repo, ".").code, 2);
    let run = scan(&repo, "--changed --config-ref HEAD");
    assert_eq!((run.code, run.findings()), (1, vec!["pyproject.toml:1 gate-weakened".to_owned()]));
    // Before there was a config, the defaults held.
    repo.git("rm -q --cached pyproject.toml");
    repo.git("commit -qm none");
    assert_eq!(scan(&repo, ". --config-ref HEAD").findings(), ["a.py:2 dangerous-eval"]);
}

#[test]
fn a_change_is_not_judged_by_the_thresholds_that_it_raises() {
    let repo = committed(&[("backend-audit.toml", "preset = \"gate\"\n"), ("a.py", "x = 1\n")]);
    for loosened in [
        "fail-on = \"critical\"\n",
        "min-confidence = \"high\"\nfail-on = \"critical\"\n",
        "fail-on = \"critical\"\nignore = [\"gate-weakened\"]\n",
        "fail-on = \"critical\"\nselect = [\"dangerous-eval\"]\n",
        "fail-on = \"critical\"\n[severity]\ngate-weakened = \"info\"\n",
    ] {
        repo.write("backend-audit.toml", loosened);
        let run = scan(&repo, "--changed");
        assert_eq!(run.code, 1, "{loosened}");
        assert!(run.findings().iter().all(|found| found.ends_with(" gate-weakened")), "{loosened}");
    }
    let console = run_in(&repo.root, "scan --changed");
    assert!(console.out.contains("or about the gate itself"), "{}", console.out);
    // Who runs the tool may leave the rule out, a config may not.
    repo.write("backend-audit.toml", "fail-on = \"critical\"\n");
    assert_eq!(scan(&repo, "--changed --ignore gate-weakened").code, 0);
    repo.write(
        "backend-audit.toml",
        "fail-on = \"low\"\nmin-confidence = \"low\"\nmin-severity = \"info\"\n",
    );
    assert_eq!(scan(&repo, "--changed").findings(), [""; 0]);
}

#[test]
fn a_new_config_is_held_against_what_held_before() {
    let workflow = "jobs:\n  audit:\n    steps:\n      - run: backend-audit scan\n";
    let loose = "fail-on = \"high\"\n";
    let with_gate = committed(&[(".github/workflows/ci.yml", workflow), ("a.py", "x = 1\n")]);
    with_gate.write("backend-audit.toml", loose);
    assert_eq!(scan(&with_gate, "--changed").findings(), ["backend-audit.toml:1 gate-weakened"]);
    // It stands before the table in `pyproject.toml` that counted until now.
    let strict = "[tool.backend-audit]\nfail-on = \"low\"\n";
    let shadowed = committed(&[("pyproject.toml", strict), ("a.py", "x = 1\n")]);
    shadowed.write("backend-audit.toml", "fail-on = \"medium\"\n");
    assert_eq!(scan(&shadowed, "--changed").findings(), ["backend-audit.toml:1 gate-weakened"]);
    // A change that brings the gate weakens none.
    let without = committed(&[("a.py", "x = 1\n")]);
    without.write("backend-audit.toml", loose);
    without.write(".github/workflows/ci.yml", &workflow.replace("scan", "scan --fail-on critical"));
    assert_eq!(scan(&without, "--changed").findings(), [""; 0]);
}
