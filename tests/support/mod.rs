//! What several test binaries share.
#![allow(dead_code, clippy::unwrap_used)]

use std::path::Path;
use std::sync::Arc;

use backend_audit::finding::{Confidence, Severity};
use backend_audit::gate::baseline::Date;
use backend_audit::gate::overrides::Overrides;
use backend_audit::gate::threshold::Thresholds;
use backend_audit::input::files;
use backend_audit::rule::Rule;
use backend_audit::scan::{self, MAX_FILE_SIZE, Options, Outcome, Stdin};

/// Everything is shown.
const SHOW_ALL: Thresholds = Thresholds {
    fail_on: Severity::Medium,
    min_confidence: Confidence::Medium,
    min_severity: Severity::Info,
};

fn options(files: files::Options, stdin: Option<Stdin>, rules: Vec<&'static Rule>) -> Options {
    Options {
        files,
        stdin,
        rules,
        thresholds: SHOW_ALL,
        overrides: Overrides::default(),
        baseline: None,
        change: None,
        today: Date::today(),
        threads: 1,
        max_file_size: MAX_FILE_SIZE,
    }
}

/// Options to scan a text as `app.py`.
pub fn fixture_options(text: Vec<u8>, rules: Vec<&'static Rule>) -> Options {
    text_options("app.py", text, rules)
}

/// Options to scan a text as the file of a name.
pub fn text_options(name: &str, text: Vec<u8>, rules: Vec<&'static Rule>) -> Options {
    options(files::Options::default(), Some(Stdin { name: name.into(), bytes: Arc::from(text) }), rules)
}

/// Options to scan a folder.
pub fn folder_options(folder: &Path, rules: Vec<&'static Rule>) -> Options {
    options(files::Options { paths: vec![folder.into()], ..files::Options::default() }, None, rules)
}

/// Scans; an error fails the test.
pub fn scan_options(options: &Options) -> Outcome {
    scan::scan(options, &|_| ()).unwrap()
}
