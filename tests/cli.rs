//! What the binary says and answers: transcripts in `tests/cli/`, each run in a copy of the folder of its name
//! that ends in `.in`. `TRYCMD=overwrite cargo test --test cli` rewrites them.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::process::Command;

use walkdir::WalkDir;

#[test]
fn transcripts() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd").case("tests/cli/*.toml").run();
    if std::env::var_os("TRYCMD").is_some_and(|mode| mode == "overwrite") {
        leave_out_times();
    }
}

/// Puts `[..]`, which matches anything, where a transcript says how long a scan took.
fn leave_out_times() {
    let time = regex::Regex::new(r"\b\d+\.\d\d s\b").unwrap();
    for entry in WalkDir::new("tests/cli").max_depth(1) {
        let path = entry.unwrap().into_path();
        if path.extension().is_some_and(|extension| extension == "trycmd" || extension == "stdout") {
            let text = fs::read_to_string(&path).unwrap();
            fs::write(&path, time.replace_all(&text, "[..] s").as_ref()).unwrap();
        }
    }
}

#[cfg(unix)]
#[test]
fn a_device_stays_a_device() {
    use std::os::unix::fs::FileTypeExt;

    let scan = Command::new(env!("CARGO_BIN_EXE_backend-audit"))
        .args([
            "scan",
            "tests/cli/output.in",
            "--fail-on=info",
            "--min-confidence=low",
            "--output",
            "/dev/null",
            "--output",
            "json=/dev/null",
        ])
        .output()
        .unwrap();
    assert_eq!(scan.status.code(), Some(1), "{}", String::from_utf8_lossy(&scan.stderr));
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
}
