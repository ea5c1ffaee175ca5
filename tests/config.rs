//! The config, from the file to what a scan makes of it: through the binary, in folders of its own.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test crate

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use backend_audit::error::Error;
use backend_audit::gate::settings::{CommandLine, Settings};
use backend_audit::input::config::{self, Config, KEYS};

/// Two findings that fail a run: `weak-hash` and `yaml-load`.
const APP: &str = "\
import hashlib
import yaml


def digest(password):
    return hashlib.md5(password).hexdigest()


def load(text):
    return yaml.load(text, Loader=yaml.Loader)
";

/// A folder with a repository.
struct Tree(tempfile::TempDir);

/// What a run of the binary said.
struct Answer {
    code: i32,
    out: String,
    err: String,
}

impl Tree {
    fn new(files: &[(&str, &str)]) -> Tree {
        let tree = Tree(tempfile::tempdir().unwrap());
        fs::create_dir(tree.path(".git")).unwrap();
        tree.write("app.py", APP);
        for (path, text) in files {
            tree.write(path, text);
        }
        tree
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.0.path().canonicalize().unwrap().join(relative)
    }

    fn write(&self, relative: &str, text: impl AsRef<[u8]>) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Answer {
        self.run_in("", arguments)
    }

    fn run_in(&self, folder: &str, arguments: &[&str]) -> Answer {
        run(Command::new(env!("CARGO_BIN_EXE_backend-audit")).args(arguments).current_dir(self.path(folder)))
    }

    /// The rules and paths of the findings of a scan.
    fn findings(&self, folder: &str, arguments: &[&str]) -> Vec<String> {
        let answer = self.run_in(folder, &[&["scan", "--format", "json"], arguments].concat());
        let report: serde_json::Value =
            serde_json::from_str(&answer.out).unwrap_or_else(|_| panic!("{}", answer.err));
        let findings = report["findings"].as_array().unwrap().iter();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        findings.map(|found| format!("{} {}", text(&found["path"]), text(&found["rule"]))).collect()
    }

    fn settings(&self, folder: &str, arguments: &[&str]) -> String {
        let answer = self.run_in(folder, &[&["scan", "--show-settings"], arguments].concat());
        assert_eq!(answer.code, 0, "{}", answer.err);
        answer.out
    }
}

fn run(command: &mut Command) -> Answer {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Answer { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

fn parsed(text: &str) -> Config {
    config::parse(Path::new("backend-audit.toml"), text.as_bytes()).unwrap().unwrap()
}

/// Each config with what is said about it: the place, the fault and the way out.
const FAULTS: &[(&str, &str, &str)] = &[
    ("selct = []", "1:1: there is no key `selct`", "did you mean `select`?"),
    ("\n fail_on = 'low'", "2:2: there is no key `fail_on`", "did you mean `fail-on`?"),
    ("zzz = 1", "1:1: there is no key `zzz`", "the keys are preset, select,"),
    ("\"a\\u001B[2J\" = 1", "1:1: there is no key `a\\u{1b}[2J`", "the keys are"),
    ("[tool.backend-audit]\nselect = []", "1:2: there is no key `tool`", "read from `pyproject.toml` only"),
    ("[backend-audit]", "1:2: there is no key `backend-audit`", "the keys stand at the top"),
    ("fail-on = 'hihg'", "1:11: `fail-on` takes one of \"critical\"", "did you mean `high`?"),
    ("fail-on = 'x'", "1:11: `fail-on` takes one of \"critical\"", "write one of \"critical\", \"high\""),
    ("fail-on = 3", "not `3`", "write it in quotes"),
    ("fail-on = true", "not `true`", "write it in quotes"),
    ("min-confidence = 'HIGH'", "not `HIGH`", "did you mean `high`?"),
    ("min-severity = ['low']", "not a list", "write it in quotes"),
    ("preset = 'opt-in'", "`preset` takes one of \"gate\", \"review\", \"all\"", "write one of"),
    ("report = 'line'", "1:10:", "did you mean `lines`?"),
    ("target-version = 3.10", "1:18: `target-version` takes one of \"3.8\"", "write it in quotes"),
    ("target-version = '3.7'", "not `3.7`", "did you mean"),
    ("select = []", "1:10: `select` is empty: no rule would run", "remove the key"),
    ("select = 'weak-hash'", "`select` takes a list of rules, not `weak-hash`", "write it in brackets"),
    ("select = [1]", "1:11: `select` takes rules, not `1`", "write it in quotes"),
    ("select = ['']", "1:11: `select` has an empty text", "or remove it"),
    ("ignore = ['weak-hsah']", "1:11: there is no rule `weak-hsah`", "did you mean `weak-hash` or"),
    ("é = 1", "not valid TOML", "--isolated"),
    ("extend-select = ['weak-hash',\n 'B999']", "2:2: there is no rule `B999`", "backend-audit rules"),
    ("extend-ignore = ['?']", "1:18: there is no rule `?`", "`backend-audit rules` lists them all"),
    ("exclude = ['a', '[b']", "1:17: the pattern `[b` is not valid", "patterns are those of `.gitignore`"),
    ("extend-exclude = ['#x']", "is a comment; write `\\#`", "patterns are those"),
    ("baseline = ''", "`baseline` has an empty text", "the path of a file"),
    ("max-new-suppressions = -1", "1:24: `max-new-suppressions` takes a whole number", "not negative"),
    ("max-new-suppressions = 99999999999", "takes a whole number", "not negative"),
    ("per-path-ignores = 1", "`per-path-ignores` takes a table", "below a line of its own"),
    ("[per-path-ignores]\n'a[' = ['B101']", "2:1: the pattern `a[` is not valid", "patterns are those"),
    ("[per-path-ignores]\n'!a' = ['B101']", "2:1: the pattern `!a` matches no file", "`*` is all of them"),
    ("[per-path-ignores]\n'a' = 'B101'", "2:7: `a` takes a list of rules", "in brackets"),
    ("[per-path-ignores]\n'a' = ['B10']", "2:8: there is no rule `B10`", "did you mean"),
    ("[severity]\nweak-hash = 'hgih'", "2:13: `severity` takes one of", "did you mean `high`?"),
    ("[severity]\nweak-hsh = 'high'", "2:1: there is no rule `weak-hsh`", "did you mean `weak-hash`"),
    (
        "[severity]\nweak-hash = 'high'\nB324 = 'low'",
        "3:1: `weak-hash` has two severities, high and low",
        "keep one",
    ),
    (
        "[severity]\n'weak-hash/flow' = 'high'",
        "2:1: the rule `weak-hash` has no flows",
        "name the rule itself",
    ),
    ("[rules.weak-hash]\nx = 1", "2:1: the rule `weak-hash` has no option `x`", "no rule has options yet"),
    ("[rules.weak-hsh]", "1:8: there is no rule `weak-hsh`", "did you mean `weak-hash`"),
    ("rules.weak-hash = 1", "`rules.weak-hash` takes a table", "below a line of its own"),
    ("fail-on = 'low'\nfail-on = 'high'", "2:1: this is not valid TOML: duplicate key", "--isolated"),
    ("fail-on = ", "1:", "--isolated"),
];

#[test]
fn every_fault_is_said_with_its_place_and_the_way_out() {
    let tree = Tree::new(&[]);
    for (text, fault, hint) in FAULTS {
        tree.write("backend-audit.toml", text);
        let answer = tree.run(&["scan"]);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{text}: {}", answer.err);
        let (error, way_out) =
            answer.err.split_once("\n  hint: ").unwrap_or_else(|| panic!("{}", answer.err));
        assert!(error.starts_with("error: backend-audit.toml:"), "{error}");
        assert!(error.contains(fault), "{text}\n  is   {error}\n  want {fault}");
        assert!(way_out.contains(hint), "{text}\n  is   {way_out}\n  want {hint}");
        assert!(!answer.err.contains('\u{1b}'));
        assert_eq!(tree.run(&["scan", "--isolated"]).code, 1);
    }
}

#[test]
fn hostile_files_are_refused_with_a_way_out() {
    let tree = Tree::new(&[]);
    let deep =
        |open: &str, close: &str| format!("select = {}{}", open.repeat(200_000), close.repeat(200_000));
    let dotted = format!("{}x = 1", "a.".repeat(200_000));
    let header = format!("[{}x]", "a.".repeat(200_000));
    let large = "# x\n".repeat(300_000);
    for (bytes, fault, hint) in [
        (b"a = '\0'".to_vec(), ":1:6: there is a NUL byte here", "UTF-8"),
        (b"# \xE9\n\xFF".to_vec(), ":1:3: this is not UTF-8", "UTF-8"),
        (b"\xFF\xFEa\0".to_vec(), ":1:1: this is not UTF-8", "UTF-8"),
        (large.into_bytes(), "larger than 1048576 bytes", "shorten it"),
        (deep("[", "]").into_bytes(), "not valid TOML", "--isolated"),
        (deep("{a=", "}").into_bytes(), "not valid TOML", "--isolated"),
        (dotted.into_bytes(), "not valid TOML", "--isolated"),
        (header.into_bytes(), "not valid TOML", "--isolated"),
    ] {
        tree.write("backend-audit.toml", &bytes);
        let answer = tree.run(&["scan"]);
        assert_eq!(answer.code, 2, "{}", answer.err);
        assert!(answer.err.contains(fault) && answer.err.contains(hint), "{}", answer.err);
        assert!(answer.err.len() < 500, "{}", answer.err);
    }
    tree.write("backend-audit.toml", "\u{FEFF}fail-on = 'critical'\r\n[severity]\r\n");
    assert_eq!(tree.run(&["scan"]).code, 0, "a byte order mark and line ends of Windows are fine");
}

/// Bytes put in, taken out and exchanged at random: never a crash, and each fault has a place in the file.
#[test]
fn mutilated_configs_are_faults_with_a_place() {
    let tree = Tree::new(&[]);
    assert_eq!(tree.run(&["init"]).code, 0);
    let text = tree.read("backend-audit.toml").replace("\n#", "\n");
    let pieces = [
        &b"\""[..],
        b"[",
        b"]",
        b"=",
        b"\n",
        b"{",
        b"'",
        b"#",
        b"\xff",
        b"\0",
        b"\\u00",
        b".",
        b"1",
        "\u{FEFF}".as_bytes(),
    ];
    let mut seed = 7_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for _ in 0..3000 {
        let mut bytes = text.clone().into_bytes();
        for _ in 0..=random(3) {
            let at = random(bytes.len());
            let end = (at + random(4)).min(bytes.len());
            bytes.splice(at..end, pieces[random(pieces.len())].iter().copied());
        }
        let parsed = config::parse(Path::new("backend-audit.toml"), &bytes);
        let resolved = parsed.and_then(|config| Settings::resolve(config.as_ref(), &CommandLine::default()));
        if let Err(Error::Config { at, hint, .. }) = resolved {
            let (line, column) = at.unwrap();
            assert!(line >= 1 && column >= 1 && !hint.is_empty());
            assert!(line as usize <= bytes.split(|byte| *byte == b'\n').count());
        }
    }
}

#[test]
fn a_large_config_is_judged_in_time() {
    let tree = Tree::new(&[]);
    let names = "'weak-hash',\n".repeat(70_000);
    tree.write("backend-audit.toml", format!("ignore = [{names}]\nextend-select = ['x']"));
    let started = std::time::Instant::now();
    let answer = tree.run(&["scan"]);
    assert!(answer.err.contains(":70002:18: there is no rule `x`"), "{}", answer.err);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_never_opened() {
    use std::os::unix::fs::symlink;

    let tree = Tree::new(&[]);
    let config = tree.path("backend-audit.toml");
    for name in ["backend-audit.toml", ".backend-audit.toml", "pyproject.toml"] {
        assert!(Command::new("mkfifo").arg(tree.path(name)).status().unwrap().success());
        let answer = tree.run(&["scan"]);
        assert_eq!(answer.code, 2, "{}", answer.err);
        assert!(
            answer.err.contains(&format!("error: {name}: it is neither a regular file")),
            "{}",
            answer.err
        );
        assert!(answer.err.contains("put a file in its place"), "{}", answer.err);
        let answer = tree.run(&["scan", "--config", name]);
        assert!(answer.code == 2 && answer.err.contains("neither a regular file"), "{}", answer.err);
        fs::remove_file(tree.path(name)).unwrap();
    }
    fs::create_dir(&config).unwrap();
    assert_eq!(tree.run(&["scan"]).code, 2);
    fs::remove_dir(&config).unwrap();
    for target in ["backend-audit.toml", "nowhere"] {
        symlink(target, &config).unwrap();
        let answer = tree.run(&["scan"]);
        assert!(
            answer.code == 2 && answer.err.contains("check the path and its permissions"),
            "{}",
            answer.err
        );
        fs::remove_file(&config).unwrap();
    }
    tree.write("real.toml", "fail-on = 'critical'");
    symlink("real.toml", &config).unwrap();
    assert_eq!(tree.run(&["scan"]).code, 0, "a link to a file is a file");
}

/// Where configs are, from where which paths are scanned, and which config counts.
#[test]
fn the_nearest_config_counts() {
    let tree = Tree::new(&[
        ("a/b/c.py", APP),
        ("a/b/x/pyproject.toml", "[tool.black]\n"),
        ("a/b/x/y/c.py", APP),
        ("sub/.git/HEAD", ""),
        ("sub/c.py", APP),
        ("both/pyproject.toml", "[tool.backend-audit]\n"),
        ("both/.backend-audit.toml", ""),
        ("both/c.py", APP),
        ("table/pyproject.toml", "[tool.backend-audit]\nfail-on = 'low'\n[tool.black]\nx = 1\n"),
        ("table/c.py", APP),
        ("a/pyproject.toml", "tool = 3\n"),
        ("a/b/pyproject.toml", "this is no TOML and names no table of ours"),
        ("backend-audit.toml", ""),
    ]);
    for (folder, paths, expected) in [
        ("", &["."][..], "backend-audit.toml"),
        ("", &["a/b/c.py"], "backend-audit.toml"),
        ("a/b/x/y", &["."], "backend-audit.toml"),
        ("a", &["b/x/y/c.py", "../table/c.py"], "backend-audit.toml"),
        ("", &["both"], "both/.backend-audit.toml"),
        ("both", &["c.py"], "both/.backend-audit.toml"),
        ("table", &["../both/c.py"], "both/.backend-audit.toml"),
        ("", &["table/c.py"], "table/pyproject.toml"),
        ("sub", &["."], ""),
        ("", &["sub/c.py"], ""),
    ] {
        let shown = tree.settings(folder, paths);
        let first = shown.lines().next().unwrap();
        let path = if expected.is_empty() { "none".to_owned() } else { format!("{:?}", tree.path(expected)) };
        assert_eq!(first, format!("# Config: {path}"), "{folder} {paths:?}");
    }
}

#[test]
fn what_may_hide_a_config_is_an_error() {
    let tree = Tree::new(&[("sub/c.py", APP)]);
    for (path, text, fault) in [
        (
            "pyproject.toml",
            "[tool.backend-audit]\nfail-on = 'low'\n<<<<<<< HEAD\n",
            "pyproject.toml:3:9: this is not valid TOML",
        ),
        (
            "pyproject.toml",
            "[tool.backend-audit]\nfail_on = 'low'\n",
            "pyproject.toml:2:1: there is no key `fail_on`",
        ),
        (
            "pyproject.toml",
            "[tool]\nbackend-audit = 1\n",
            "pyproject.toml:2:17: `tool.backend-audit` takes a table, not `1`",
        ),
        (".backend-audit.toml", "fail_on = 'low'\n", ".backend-audit.toml:1:1: there is no key `fail_on`"),
    ] {
        tree.write(path, text);
        for folder in ["", "sub"] {
            let answer = tree.run_in(folder, &["scan"]);
            assert!(answer.code == 2 && answer.err.contains(fault), "{}", answer.err);
        }
        fs::remove_file(tree.path(path)).unwrap();
    }
    tree.write("backend-audit.toml", "");
    tree.write(".backend-audit.toml", "");
    let answer = tree.run(&["scan"]);
    assert!(answer.err.contains("`.backend-audit.toml` is there too"), "{}", answer.err);
    assert!(answer.code == 2 && answer.err.contains("keep one of the two"), "{}", answer.err);
}

#[test]
fn a_config_by_hand_is_the_only_one() {
    let tree = Tree::new(&[
        ("backend-audit.toml", "this is broken"),
        ("ci/strict.toml", "fail-on = 'low'\nexclude = ['/app.py']"),
        ("ci/empty.py", ""),
        ("ci/pyproject.toml", "[tool.black]"),
    ]);
    let answer = tree.run(&["scan", "--config", "ci/strict.toml", "--isolated"]);
    assert!(answer.code == 2 && answer.err.contains("cannot be used with"), "{}", answer.err);
    let answer = tree.run(&["scan", "--config", "missing.toml"]);
    assert!(
        answer.code == 2 && answer.err.contains("missing.toml: the file cannot be read"),
        "{}",
        answer.err
    );
    let answer = tree.run(&["scan", "--config", "ci/pyproject.toml"]);
    assert!(answer.code == 2 && answer.err.contains("no `[tool.backend-audit]` in it"), "{}", answer.err);
    // It stands beside the tree: its patterns are about the root of the scan.
    assert_eq!(tree.findings("", &["--config", "ci/strict.toml"]), [""; 0]);
    assert_eq!(tree.findings("", &["--isolated"]), ["app.py weak-hash", "app.py yaml-load"]);
}

#[test]
fn the_command_line_goes_over_the_config() {
    let tree = Tree::new(&[(
        "backend-audit.toml",
        "fail-on = 'critical'\nselect = ['weak-hash', 'B506']\nignore = ['B324']\n",
    )]);
    assert_eq!(tree.run(&["scan"]).code, 0);
    assert_eq!(tree.run(&["scan", "--fail-on", "low"]).code, 1);
    for (arguments, expected) in [
        (&[][..], &["yaml-load"][..]),
        (&["--select", "weak-hash"], &["weak-hash"]),
        (&["--extend-select", "weak-hash"], &["weak-hash", "yaml-load"]),
        (&["--preset", "gate"], &["yaml-load"]),
        (&["--select", "B506,weak-hash", "--extend-ignore", "B506"], &["weak-hash"]),
        (&["--isolated"], &["weak-hash", "yaml-load"]),
    ] {
        let expected: Vec<String> = expected.iter().map(|rule| format!("app.py {rule}")).collect();
        assert_eq!(tree.findings("", arguments), expected, "{arguments:?}");
    }
    let answer = tree.run(&["scan", "--ignore", "B506"]);
    assert!(answer.code == 2 && answer.err.contains("no rule is left to run"), "{}", answer.err);
    let answer = tree.run(&["scan", "--select", "weak-hsh"]);
    assert!(answer.code == 2 && answer.err.contains("did you mean `weak-hash`"), "{}", answer.err);
}

/// Patterns of the config are about its folder, wherever the scan is started and whatever its root is.
#[test]
fn patterns_are_relative_to_the_config() {
    let config = "exclude = ['gen/']\nextend-exclude = ['/two/x.py']\n[per-path-ignores]\n'/one' = ['B506']\n'two/*.py' = ['weak-hash']\n";
    let tree = Tree::new(&[
        ("s/backend-audit.toml", config),
        ("s/one/a.py", APP),
        ("s/two/a.py", APP),
        ("s/two/x.py", APP),
        ("s/two/one/a.py", APP),
        ("s/gen/a.py", APP),
    ]);
    let all = [
        "s/one/a.py weak-hash",
        "s/two/a.py yaml-load",
        "s/two/one/a.py weak-hash",
        "s/two/one/a.py yaml-load",
    ];
    assert_eq!(tree.findings("", &["s"]), all);
    assert_eq!(tree.findings("s", &[]), all);
    assert_eq!(tree.findings("s/two", &["../one", "."]), all);
    assert_eq!(tree.findings("s/two", &["a.py"]), all[1..2]);
    assert_eq!(tree.findings("s", &["two/x.py", "--force-exclude"]), [""; 0]);
    let answer = tree.run_in("s", &["scan", "gen"]);
    assert!(answer.code == 2 && answer.err.contains("no Python file in `gen`"), "{}", answer.err);
    assert_eq!(tree.findings("", &["s", "--exclude", "/s/two"]), all[..1]);
    let back = tree.findings("", &["s", "--exclude", "!gen/"]);
    assert!(back.contains(&"s/gen/a.py weak-hash".to_owned()), "{back:?}");
    // Without a repository the root of the scan may lie below the config.
    fs::remove_dir(tree.path(".git")).unwrap();
    assert_eq!(
        tree.findings("s/two", &["."]),
        ["a.py yaml-load", "one/a.py weak-hash", "one/a.py yaml-load"]
    );
    let summary = tree.run(&["scan", "s"]).out;
    assert!(summary.contains("2 ignored by path"), "{summary}");
}

#[test]
fn severities_are_those_of_the_project() {
    let tree =
        Tree::new(&[("pyproject.toml", "[tool.backend-audit.severity]\nB324 = 'low'\nyaml-load = 'info'\n")]);
    let answer = tree.run(&["scan"]);
    assert_eq!(answer.code, 0, "{}", answer.out);
    assert!(answer.out.contains("low[weak-hash]") && answer.out.contains("1 hidden"), "{}", answer.out);
    assert_eq!(tree.run(&["scan", "--fail-on", "low"]).code, 1);
}

#[test]
fn standard_input_has_the_config_of_its_place() {
    let tree =
        Tree::new(&[("s/backend-audit.toml", "[per-path-ignores]\n'*.py' = ['weak-hash', 'yaml-load']\n")]);
    for (folder, name, code) in
        [("s", "app.py", 0), ("s", "x/app.py", 0), ("", "s/app.py", 0), ("", "app.py", 1)]
    {
        let file = fs::File::open(tree.path("app.py")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_backend-audit"));
        command.args(["scan", "-", "--stdin-filename", name]).current_dir(tree.path(folder)).stdin(file);
        assert_eq!(command.output().unwrap().status.code(), Some(code), "{folder} {name}");
    }
}

#[test]
fn the_baseline_of_the_config_is_that_of_every_command() {
    let config = "baseline = 'known.json'\nignore = ['yaml-load']\n";
    let tree = Tree::new(&[("s/backend-audit.toml", config), ("s/app.py", APP)]);
    let answer = tree.run(&["scan", "s"]);
    assert!(
        answer.code == 2 && answer.err.contains("known.json"),
        "a missing baseline is an error: {}",
        answer.err
    );
    assert_eq!(tree.run(&["scan", "s", "--no-baseline"]).code, 1);
    let created = tree.run(&["baseline", "create", "s"]);
    assert!(created.code == 0 && created.out.contains("1 finding in"), "{}{}", created.out, created.err);
    assert_eq!(tree.run(&["scan", "s"]).code, 0);
    assert_eq!(tree.run_in("s", &["scan"]).code, 0);
    assert!(tree.run_in("s", &["baseline", "show"]).out.contains("weak-hash"));
    assert_eq!(tree.run_in("s", &["baseline", "update"]).code, 0);
    assert_eq!(tree.run_in("s", &["scan", "--baseline", "missing.json"]).code, 2);
    assert_eq!(tree.run_in("s", &["scan", "--isolated"]).code, 1);
    assert!(!tree.path("backend-audit-baseline.json").exists());
}

/// What `--show-settings` prints, given back as a config, has the same effect.
#[test]
fn shown_settings_are_a_config() {
    let config = "\
preset = 'review'
ignore = ['yaml-load']
fail-on = 'high'
exclude = ['a \"b\\\\c', '*.pyi']
baseline = 'x.json'
max-new-suppressions = 3
target-version = '3.12'
report = 'lines'
[per-path-ignores]
'tests/' = ['B101', 'weak-hash']
[severity]
weak-hash = 'low'
[rules.weak-hash]
";
    let tree = Tree::new(&[("backend-audit.toml", config)]);
    let first = tree.settings("", &["--min-severity", "info", "--extend-select", "B506"]);
    for line in [
        "baseline = \"",
        "    \"a \\\"b\\\\\\\\c\",  # file",
        "fail-on = \"high\"  # file",
        "max-new-suppressions = 3  # file",
        "min-confidence = \"medium\"  # default",
        "min-severity = \"info\"  # command line",
        "report = \"lines\"  # file",
        "select = [  # preset review: file; ignore: file; extend-select: command line",
        "target-version = \"3.12\"  # file",
        "[per-path-ignores]  # file",
        "[severity]  # file",
        "\"weak-hash\" = \"low\"",
    ] {
        assert!(first.contains(&format!("\n{line}")), "{line} is not in\n{first}");
    }
    tree.write("again.toml", &first);
    let second = tree.settings("", &["--config", "again.toml"]);
    let plain = |text: &str| {
        let lines = text.lines().map(|line| line.split("  #").next().unwrap().to_owned());
        lines.filter(|line| !line.starts_with('#')).collect::<Vec<_>>()
    };
    assert_eq!(plain(&first), plain(&second));
    let isolated = tree.settings("", &["--isolated"]);
    assert!(isolated.starts_with("# Config: none\n"), "{isolated}");
    assert!(isolated.contains("\n# baseline: not set  # default\n"), "{isolated}");
}

fn resolved(config: Option<&Config>) -> String {
    format!("{:?}", Settings::resolve(config, &CommandLine::default()).unwrap())
}

#[test]
fn what_init_writes_has_every_key_and_changes_nothing() {
    let tree = Tree::new(&[]);
    let before = tree.settings("", &[]);
    let answer = tree.run(&["init"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let text = tree.read("backend-audit.toml");
    assert_eq!(resolved(Some(&parsed(&text))), resolved(None));
    let lines = |text: &str| {
        text.lines().skip(1).map(|line| line.split('#').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(lines(&before), lines(&tree.settings("", &[])));

    // The examples are valid, too.
    let uncommented = text.lines().map(|line| match line.strip_prefix('#') {
        Some(setting) if !setting.starts_with(' ') => setting,
        _ => line,
    });
    let uncommented = uncommented.collect::<Vec<_>>().join("\n");
    let config = parsed(&uncommented);
    Settings::resolve(Some(&config), &CommandLine::default()).unwrap();
    for key in KEYS.iter().filter(|key| !key.example.is_empty()) {
        let written = |line: &&str| {
            line.starts_with(&format!("{} = ", key.name)) || **line == format!("[{}]", key.name)
        };
        assert_eq!(uncommented.lines().filter(written).count(), 1, "{}", key.name);
    }
    assert!(text.lines().all(|line| line.chars().count() <= 100));

    let answer = tree.run(&["init"]);
    assert!(
        answer.code == 2 && answer.err.contains("is there already") && answer.err.contains("--force"),
        "{}",
        answer.err
    );
    tree.write("backend-audit.toml", "broken");
    assert_eq!(tree.run(&["init"]).code, 2);
    assert_eq!(tree.read("backend-audit.toml"), "broken");
    assert_eq!(tree.run(&["init", "--force"]).code, 0);
    assert_eq!(tree.read("backend-audit.toml"), text);
    assert_eq!(fs::read_dir(tree.path("")).unwrap().count(), 3, "nothing is left beside it");
}

#[test]
fn init_adds_a_table_to_pyproject() {
    for before in ["", "[project]\nname = 'x'", "[tool.black]\r\nline-length = 100\r\n", "\u{FEFF}a = 1\n"] {
        let tree = Tree::new(&[("pyproject.toml", before)]);
        let answer = tree.run(&["init", "--pyproject"]);
        assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{before}");
        let text = tree.read("pyproject.toml");
        assert!(text.starts_with(before) && text.contains("\n[tool.backend-audit]"), "{text}");
        assert_eq!(text.contains("\r\n"), before.contains("\r\n"));
        assert_eq!(text.lines().count(), text.split_terminator('\n').count());
        let config = config::parse(Path::new("pyproject.toml"), text.as_bytes()).unwrap().unwrap();
        assert_eq!(resolved(Some(&config)), resolved(None));
        let uncommented = text.replace("\n#[tool", "\n[tool").replace("\n#\"", "\n\"");
        let config = config::parse(Path::new("pyproject.toml"), uncommented.as_bytes()).unwrap().unwrap();
        assert!(!config.per_path_ignores.is_empty() && !config.severity.is_empty());
        for arguments in [&["init", "--pyproject"][..], &["init"]] {
            let answer = tree.run(arguments);
            assert_eq!(answer.code, 2, "{}", answer.err);
            assert_eq!(tree.read("pyproject.toml"), text);
        }
    }
    for (before, fault) in [
        ("broken", "not valid TOML"),
        ("tool = {black = {}}\n", "not valid TOML"),
        ("[tool.backend-audit]\n", "has a `[tool.backend-audit]` already"),
    ] {
        let tree = Tree::new(&[("pyproject.toml", before)]);
        let answer = tree.run(&["init", "--pyproject"]);
        assert!(answer.code == 2 && answer.err.contains(fault), "{}", answer.err);
        assert_eq!(tree.read("pyproject.toml"), before);
    }
    let tree = Tree::new(&[]);
    assert!(tree.run(&["init", "--pyproject"]).err.contains("is not in the current folder"));
    tree.write("pyproject.toml", b"# \xE9\n");
    assert!(tree.run(&["init", "--pyproject"]).err.contains("is not UTF-8"));
    tree.write(".backend-audit.toml", "");
    assert!(tree.run(&["init"]).err.contains("is the config here"));
    assert!(tree.run(&["init", "--pyproject"]).err.contains("is the config here"));
    assert_eq!(tree.run(&["init", "--pyproject", "--force"]).code, 2);
}

const PAGE: &str = "docs/configuration.md";
const BEGIN: &str = "<!-- The table of keys: UPDATE_EXPECTED=1 cargo test --test config -->\n";
const END: &str = "<!-- The end of the table of keys -->\n";

#[test]
fn the_page_has_every_key_of_the_parser() {
    let page = fs::read_to_string(PAGE).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (written, behind) = rest.split_once(END).unwrap();
    let keys = keys();
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(PAGE, [before, BEGIN, &keys, END, behind].concat()).unwrap();
        return;
    }
    assert!(written == keys, "{PAGE} is out of date: UPDATE_EXPECTED=1 cargo test --test config");
    // Every example outside of the table is a config.
    for block in [before, behind].concat().split("```toml\n").skip(1) {
        let text = block.split("```").next().unwrap();
        let path = Path::new(if text.contains("[tool.") { "pyproject.toml" } else { "backend-audit.toml" });
        let config = config::parse(path, text.as_bytes()).unwrap().unwrap();
        Settings::resolve(Some(&config), &CommandLine::default()).unwrap();
    }
}

fn keys() -> String {
    let mut text = String::new();
    for key in KEYS {
        write!(text, "\n### `{}`\n\n{}\n\n", key.name, key.says).unwrap();
        let default =
            key.default.map_or_else(|| format!("not set: {}", key.absent), |default| format!("`{default}`"));
        writeln!(text, "- takes: {}\n- default: {default}", key.takes).unwrap();
        if key.table && !key.example.is_empty() {
            write!(text, "\n```toml\n[{}]\n{}\n```\n", key.name, key.example).unwrap();
        } else if !key.example.is_empty() {
            write!(text, "\n```toml\n{} = {}\n```\n", key.name, key.example).unwrap();
        }
    }
    text.push('\n');
    text
}
