//! The baseline through the binary: exit codes, what is kept, and that nothing is lost or half-written.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const FILE: &str = "known.json";
const LOAD: &str = "def load(data):\n    return eval(data)\n";

/// Exit code, standard output and standard error of a run in a folder.
fn run(folder: &Path, words: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backend-audit"));
    let output = command.args(words.split(' ')).current_dir(folder).output().unwrap();
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn scan(folder: &Path) -> i32 {
    run(folder, "scan . --baseline known.json -q").0
}

/// A folder with `a.py` and `b.py`, a fault in each, and a baseline that knows both.
fn adopted() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.py"), LOAD).unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    fs::write(folder.path().join("sub/b.py"), "import pickle\n\n\ndef read(data):\n    pickle.loads(data)\n")
        .unwrap();
    let (code, out, _) = run(folder.path(), "baseline create --file known.json");
    assert_eq!((code, &*out), (0, "known.json: 2 findings in 2 entries\n"));
    assert_eq!(scan(folder.path()), 0);
    folder
}

fn baseline(folder: &Path) -> String {
    fs::read_to_string(folder.join(FILE)).unwrap()
}

/// Replaces a part of the baseline, which must be there.
fn edit(folder: &Path, old: &str, new: &str) {
    let text = baseline(folder);
    assert!(text.contains(old), "{text}");
    fs::write(folder.join(FILE), text.replacen(old, new, 1)).unwrap();
}

#[test]
fn an_update_keeps_what_people_wrote() {
    let folder = adopted();
    let notes = ",\"reason\":\"sandboxed\",\"owner\":\"core\",\"expires\":\"2199-12-31\"}";
    edit(folder.path(), "\"line\":2}", &format!("\"line\":2{notes}"));
    assert_eq!(scan(folder.path()), 0);
    // Moved, laid out anew, its variable renamed, and one more beside it.
    let text = "\n\ndef load(text):\n    return eval(\n        text,\n    )\n\n\ndef more(x):\n    exec(x)\n";
    fs::remove_file(folder.path().join("a.py")).unwrap();
    fs::write(folder.path().join("moved.py"), text).unwrap();
    let (code, out, _) = run(folder.path(), "baseline update --file known.json");
    assert_eq!((code, &*out), (0, "known.json: 1 added, 0 removed, 3 in all\n"));
    let text = baseline(folder.path());
    let line = text.lines().find(|line| line.contains("moved.py") && line.contains("\"load\"")).unwrap();
    assert!(line.contains(&notes[1..]), "{line}");
    assert_eq!(text.matches("sandboxed").count(), 1);
    assert_eq!(scan(folder.path()), 0);
}

#[test]
fn an_entry_that_has_expired_reports_again_and_an_update_does_not_renew_it() {
    let folder = adopted();
    edit(folder.path(), "\"line\":2}", "\"line\":2,\"expires\":\"2020-01-31\"}");
    let (code, out, _) = run(folder.path(), "scan . --baseline known.json");
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("a.py:2") && !out.contains("b.py:"), "{out}");
    assert!(out.contains("1 finding is reported again"), "{out}");
    assert_eq!(run(folder.path(), "baseline update --file known.json").0, 0);
    assert_eq!(scan(folder.path()), 1);
}

#[test]
fn a_severity_that_rose_is_reported_until_it_is_accepted() {
    let folder = adopted();
    edit(folder.path(), "\"severity\":\"medium\",\"line\":2", "\"severity\":\"low\",\"line\":2");
    assert_eq!(scan(folder.path()), 1);
    assert_eq!(run(folder.path(), "baseline prune --file known.json").0, 0);
    assert_eq!(scan(folder.path()), 1);
    assert_eq!(run(folder.path(), "baseline update --file known.json").0, 0);
    assert_eq!(scan(folder.path()), 0);
}

#[test]
fn what_was_not_judged_is_neither_stale_nor_pruned() {
    let folder = adopted();
    let before = baseline(folder.path());
    // A folder, a file, other rules, an exclude: none of them sees everything.
    let parts = ["sub", "a.py", ". --select yaml-load", ". --exclude sub", ". --ignore pickle-load"];
    for part in parts {
        let (code, out, _) = run(folder.path(), &format!("scan {part} --baseline known.json"));
        assert_eq!(code, 0, "{part}: {out}");
        assert!(!out.contains("are gone"), "{part}: {out}");
        for command in ["prune", "update"] {
            let (code, _, error) =
                run(folder.path(), &format!("baseline {command} {part} --file known.json"));
            assert_eq!(code, 0, "{error}");
            assert_eq!(baseline(folder.path()), before, "{command} {part}");
        }
    }
}

#[test]
fn what_is_fixed_is_stale_and_can_be_pruned() {
    let folder = adopted();
    fs::remove_file(folder.path().join("sub/b.py")).unwrap();
    fs::write(folder.path().join("sub/c.py"), "").unwrap();
    for part in [".", "sub"] {
        let (code, out, _) = run(folder.path(), &format!("scan {part} --baseline known.json"));
        assert_eq!(code, 0, "{out}");
        assert!(
            out.contains("the baseline knows 1 finding that is gone (`pickle-load` in sub/b.py)"),
            "{out}"
        );
    }
    let (code, out, _) = run(folder.path(), "baseline prune --file known.json");
    assert_eq!((code, &*out), (0, "known.json: 1 finding removed, 1 left\n"));
    assert!(!baseline(folder.path()).contains("b.py"));
    // A rule that the tool no longer has cannot be found again by any run.
    edit(folder.path(), "dangerous-eval", "rule-of-old");
    let (_, out, _) = run(folder.path(), "baseline prune --file known.json");
    assert_eq!(out, "known.json: 1 finding removed, 0 left\n");
}

#[test]
fn a_baseline_that_cannot_be_read_ends_the_run() {
    let folder = adopted();
    let good = baseline(folder.path());
    let broken = [
        ("cut", good[..good.len() / 2].to_owned()),
        ("empty", String::new()),
        ("conflict", good.replace("  \"findings\"", "<<<<<<< HEAD\n  \"findings\"")),
        ("newer", good.replace("\"version\": 1", "\"version\": 2")),
        ("newer fingerprints", good.replace("\"fingerprint_version\": 1", "\"fingerprint_version\": 99")),
        ("binary", "\u{0}\u{1}".to_owned()),
    ];
    for (what, text) in broken {
        assert_ne!(text, good, "{what}");
        fs::write(folder.path().join(FILE), &text).unwrap();
        for words in
            ["scan . --baseline", "baseline update --file", "baseline prune --file", "baseline show --file"]
        {
            let (code, out, error) = run(folder.path(), &format!("{words} known.json"));
            assert_eq!((code, &*out), (2, ""), "{what}, {words}");
            assert!(error.contains("known.json") && error.contains("hint:"), "{what}, {words}: {error}");
        }
        assert_eq!(baseline(folder.path()), text, "{what}");
    }
    for words in
        ["scan . --baseline absent.json", "scan . --baseline sub", "baseline update --file absent.json"]
    {
        assert_eq!(run(folder.path(), words).0, 2, "{words}");
    }
    assert!(!folder.path().join("absent.json").exists());
}

/// A folder with so many faults that their baseline is 100 KB.
fn many_faults() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in 0..40 {
        let functions = (0..10).map(|index| format!("def f{index}(data):\n    eval(data)\n\n\n"));
        fs::write(folder.path().join(format!("m{file}.py")), functions.collect::<String>()).unwrap();
    }
    folder
}

#[cfg(unix)]
#[test]
fn a_killed_run_leaves_the_old_baseline_or_the_new_one() {
    let folder = many_faults();
    assert_eq!(run(folder.path(), "baseline create --file known.json").0, 0);
    let whole = baseline(folder.path());
    let old = "{\"version\": 1, \"fingerprint_version\": 1, \"tool\": \"0\", \"findings\": []}\n";
    for delay in 0..60 {
        fs::write(folder.path().join(FILE), old).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_backend-audit"))
            .args(["scan", ".", "-q", "--write-baseline", FILE])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();
        let now = baseline(folder.path());
        assert!(now == old || now == whole, "after {delay} ms: {} bytes", now.len());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_baseline() {
    let folder = many_faults();
    let disk = folder.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=32k", "tmpfs"]).arg(&disk).output();
    if !mount.is_ok_and(|output| output.status.success()) {
        println!("skipped: a small file system cannot be mounted here");
        return;
    }
    let old = "{\"version\": 1, \"fingerprint_version\": 1, \"tool\": \"0\", \"findings\": []}\n";
    fs::write(disk.join(FILE), old).unwrap();
    let commands = ["scan . --write-baseline disk/known.json", "baseline update --file disk/known.json"];
    let ran: Vec<_> = commands.iter().map(|words| run(folder.path(), words)).collect();
    let now = fs::read_to_string(disk.join(FILE));
    let names: Vec<_> = fs::read_dir(&disk).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(Command::new("umount").arg(&disk).status().unwrap().success());
    for (code, _, error) in ran {
        assert_eq!(code, 2, "{error}");
        assert!(error.contains("disk/known.json") && error.contains("hint:"), "{error}");
    }
    assert_eq!(now.unwrap(), old);
    assert_eq!(names, [FILE], "nothing half-written is left");
}

/// A Flask project with a flow, a plain finding and a JSON report of Bandit that has both, by paths behind `base`.
fn with_report(base: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let app = "from flask import request\n\n\ndef run():\n    return eval(request.args['q'])\n";
    fs::create_dir(folder.path().join("shop")).unwrap();
    fs::write(folder.path().join("shop/app.py"), app).unwrap();
    fs::write(folder.path().join("shop/load.py"), LOAD).unwrap();
    let result = |file: &str, id: &str, line: u32| {
        format!(
            "{{\"filename\":\"{base}{file}\",\"test_id\":\"{id}\",\"line_number\":{line},\"issue_severity\":\"LOW\"}}"
        )
    };
    let results = [
        result("app.py", "B307", 5),
        result("load.py", "B307", 2),
        result("load.py", "B307", 99),
        result("load.py", "X1", 1),
    ];
    fs::write(folder.path().join("bandit.json"), format!("{{\"results\":[{}]}}", results.join(","))).unwrap();
    folder
}

#[test]
fn a_report_of_bandit_is_imported_flows_too_whatever_folder_its_paths_begin_in() {
    let said = "known.json: 2 findings in 2 entries; 2 of 3 results of Bandit were found here too\n";
    for base in ["shop/", "./shop/", "", "/ci/build/shop/"] {
        let folder = with_report(base);
        let (code, out, err) = run(folder.path(), "baseline import bandit.json --file known.json");
        assert_eq!(
            (code, &*out, &*err),
            (0, said, "1 result of X1 left out: no rule here stands for it\n"),
            "{base}"
        );
        assert!(baseline(folder.path()).contains("dangerous-eval/flow"));
        assert_eq!(scan(folder.path()), 0);
    }
}

#[test]
fn a_report_about_other_files_makes_no_empty_baseline() {
    let folder = with_report("elsewhere/");
    let (code, _, err) = run(folder.path(), "baseline import bandit.json --file known.json");
    assert_eq!(code, 2);
    assert!(err.contains("none of its files was scanned, such as `elsewhere/app.py`"), "{err}");
    assert!(!folder.path().join(FILE).exists());
}

#[test]
fn a_baseline_is_named_as_the_current_folder_reaches_it_and_one_that_is_missing_gets_a_hint() {
    let folder = adopted();
    fs::write(folder.path().join("backend-audit.toml"), "baseline = \"known.json\"\n").unwrap();
    let (code, out, _) = run(folder.path(), "baseline prune");
    assert_eq!((code, &*out), (0, "known.json: 0 findings removed, 2 left\n"));
    fs::remove_file(folder.path().join(FILE)).unwrap();
    let (code, _, err) = run(folder.path(), "scan");
    assert_eq!(code, 2);
    assert!(err.contains("known.json` cannot be used: there is no such file"), "{err}");
    assert!(err.contains("`backend-audit baseline create --file known.json` makes one"), "{err}");
}
