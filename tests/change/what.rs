//! What is judged, and which findings of it are reported.

use std::fmt::Write as _;

use crate::repo::Repo;
use crate::run::{committed, run_in, scan, staged};

const OLD: &str = "import os\n\n\ndef old(name):\n    os.system(name)\n";
const NEW: &str = "\n\ndef new(text):\n    return eval(text)\n";

#[test]
fn the_fault_of_a_commit_is_alone_among_ten_thousand_old_ones() {
    let repo = Repo::empty();
    for file in 0..20 {
        let mut text = "import os\n".to_owned();
        for number in 0..500 {
            write!(text, "\n\ndef f{number}(x{number}):\n    os.system(x{number})\n").unwrap();
        }
        repo.write(&format!("app/m{file}.py"), &text);
    }
    repo.git("add -A");
    repo.git("commit -qm first");
    let all = scan(&repo, ".");
    assert_eq!(all.findings().len(), 10_000);
    // In the middle of a file, with the lines of all findings below it moved; and one more of what is there already.
    repo.edit("app/m3.py", "def f250(", "def planted(x):\n    eval(x)\n\n\ndef f250(");
    repo.git("add -A");
    let run = scan(&repo, "--staged");
    assert_eq!((run.code, run.findings()), (1, vec!["app/m3.py:1005 dangerous-eval".to_owned()]));
    assert_eq!(run.summary("known"), 10_000);
    repo.git("commit -qm planted");
    repo.edit("app/m4.py", "    os.system(x7)\n", "    os.system(x7)\n    os.system(x7)\n");
    assert_eq!(scan(&repo, "--changed").findings(), ["app/m4.py:34 command-injection"]);
    assert_eq!(scan(&repo, "--staged").findings(), [""; 0]);
}

#[test]
fn names_and_layout_are_no_change() {
    let repo = committed(&[("app/a.py", OLD), ("app/b.py", NEW)]);
    repo.git("mv app/a.py app/c.py");
    repo.edit("app/c.py", "os.system(name)", "os.system(\n        name,\n    )  # the old way");
    assert_eq!(staged(&repo, &[("app/b.py", &format!("# head\n\n\n\n{NEW}"))]), [""; 0]);
    // All of a package moves, and a local name changes with it.
    repo.git("mv app web");
    repo.edit("web/b.py", "text", "code");
    repo.edit("web/b.py", "eval(text)", "eval(code)");
    assert_eq!(staged(&repo, &[]), [""; 0]);
    assert_eq!(scan(&repo, "--staged").code, 0);
}

#[test]
fn a_partly_staged_file_is_judged_as_it_is_staged() {
    let repo = committed(&[("a.py", OLD)]);
    repo.write("a.py", &format!("{OLD}{NEW}"));
    repo.git("add a.py");
    repo.write("a.py", &format!("{OLD}{NEW}\n\ndef later(text):\n    exec(text)\n"));
    assert_eq!(scan(&repo, "--staged").findings(), ["a.py:9 dangerous-eval"]);
    assert_eq!(scan(&repo, "--changed").findings().len(), 2);
    // The other way round: what is staged is bad, what is on disk is not.
    repo.write("a.py", OLD);
    assert_eq!(scan(&repo, "--staged").findings(), ["a.py:9 dangerous-eval"]);
    assert_eq!(scan(&repo, "--changed").findings(), [""; 0]);
}

#[test]
fn without_a_commit_all_is_new() {
    let repo = Repo::empty();
    repo.write("a.py", OLD);
    repo.git("add -A");
    repo.write("b.py", NEW);
    assert_eq!(scan(&repo, "--staged").findings(), ["a.py:5 command-injection"]);
    assert_eq!(scan(&repo, "--changed").findings().len(), 2);
    let since = scan(&repo, "--since HEAD");
    assert_eq!(since.code, 2);
    assert!(since.err.contains("no commit"), "{}", since.err);
}

#[test]
fn a_branch_is_judged_from_where_it_parted() {
    let repo = committed(&[("a.py", OLD)]);
    repo.git("checkout -qb topic");
    repo.write("b.py", NEW);
    repo.git("add -A");
    repo.git("commit -qm topic");
    repo.git("checkout -q main");
    repo.write("c.py", OLD);
    repo.git("add -A");
    repo.git("commit -qm main");
    repo.git("checkout -q topic");
    assert_eq!(scan(&repo, "--since main").findings(), ["b.py:4 dangerous-eval"]);
    let unknown = scan(&repo, "--since nope");
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("no commit `nope`") && unknown.err.contains("hint:"), "{}", unknown.err);
}

#[test]
fn files_and_lines_only_filter_by_place() {
    let repo = committed(&[("a.py", OLD), ("b.py", OLD)]);
    repo.edit("a.py", "import os\n", "import os\nimport sys\n");
    repo.write("c.py", NEW);
    let of = |which: &str| scan(&repo, &format!("--changed --report {which}")).findings();
    assert_eq!(of("new"), ["c.py:4 dangerous-eval"]);
    assert_eq!(of("files"), ["a.py:6 command-injection", "c.py:4 dangerous-eval"]);
    assert_eq!(of("lines"), ["c.py:4 dangerous-eval"]);
    repo.edit("a.py", "os.system(name)", "os.system(name)  # touched");
    assert_eq!(of("lines"), ["a.py:6 command-injection", "c.py:4 dangerous-eval"]);
    assert_eq!(of("new"), ["c.py:4 dangerous-eval"]);
}

#[test]
fn only_what_is_asked_for_is_reported() {
    let repo = committed(&[("one/a.py", OLD), ("two/a.py", OLD)]);
    for folder in ["one", "two"] {
        repo.write(&format!("{folder}/b.py"), NEW);
    }
    assert_eq!(scan(&repo, "--changed one").findings(), ["one/b.py:4 dangerous-eval"]);
    assert_eq!(scan(&repo, "--changed two/b.py").findings(), ["two/b.py:4 dangerous-eval"]);
    assert_eq!(scan(&repo, "--changed --exclude two").findings(), ["one/b.py:4 dangerous-eval"]);
    // From a folder below the root, paths are those of the root.
    let run = run_in(&repo.path("two"), "scan --format json --changed");
    assert_eq!(run.findings(), ["two/b.py:4 dangerous-eval"]);
}

#[test]
fn words_that_do_not_go_together_are_refused() {
    let repo = committed(&[("a.py", OLD)]);
    for words in [
        "scan --staged --changed",
        "scan --report lines",
        "scan --staged -",
        "scan --isolated --config-ref HEAD",
        "scan --baseline-ref HEAD",
    ] {
        assert_eq!(run_in(&repo.root, words).code, 2, "{words}");
    }
    let outside = tempfile::tempdir().unwrap();
    let run = run_in(outside.path(), "scan --staged");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("hint:"), "{}", run.err);
}
