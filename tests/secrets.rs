//! No secret leaves the tool: not in a report of any format, beside a finding of any rule, nor in a baseline, where a
//! hash of it would be a way to guess it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;
use std::path::Path;
use std::process::Command;

use backend_audit::report::format::Format;

/// Secrets by the line that holds each; `@` stands for the secret, and each line is run for itself and together.
const SHAPES: &[(&str, &str)] = &[
    ("db_password = '@'", "hunter2"),
    ("db_password: str = \"@\"", "s3same!"),
    ("db_password += '@'", "p1us-equals"),
    ("user, db_password = 'shop', '@'", "unp4cked"),
    ("self.password = '''@'''", "tr1ple!q"),
    ("config['SECRET_KEY'] = '@'", "dev-item"),
    ("SECRET_KEY = '@'", "a sentence in use"),
    ("SECRET_KEY = 'django-insecure-' '@'", "4v!x8k0q@wz^r2n7#b6"),
    ("BILLING_API_KEY = '@'", "q8Zr2LmX0vT7yBn4KcWd9HsE"),
    ("settings = {'token': b'@'}", "t9Qz4Lx7Rm2Kv8Wp"),
    ("connect(host, password='@')", "k3yw0rd."),
    ("def login(name, password='@'): return name", "d3fault!"),
    ("def login(name, *, password=f'@{name}'): return name", "q8Zr2LmX0vT7yBn4"),
    ("login = lambda password='@': password", "l4mbda!!"),
    ("found = os.getenv('DB_PASSWORD', '@')", "f4llback"),
    ("found = os.getenv('DB_PASSWORD') or '@'", "0r-else!"),
    ("url = 'postgres://shop:@@db/shop'", "ur1pass"),
    ("url = f'postgres://{user}:@@{host}/shop'", "ur1fmt!x"),
    ("dsn = 'host=db user=shop password=@'", "dsnp4ss"),
    ("sql = \"CREATE USER shop IDENTIFIED BY '@'\"", "sqlp4ss"),
    ("headers = {'Authorization': 'Bearer @'}", "Vb6Nc3Xz9Lk2Jh7GqWe"),
    ("headers['Authorization'] = 'Basic @'", "c2hvcDpodW50ZXIy"),
    ("if password == '@': login()", "c0mpared"),
    ("if hmac.compare_digest(password, b'@'): login()", "d1gested"),
    ("if (db_password := '@'): login()", "w4lrus!!"),
    ("db_password = '@' + '!'", "c0ncat.."),
    ("db_password = ('sh'\n    '@')", "0pl1nes."),
    ("db_password = '\\x41@'", "esc4ped!"),
    ("requests.get(url, auth=('shop', '@'), timeout=1)", "tup1e!!x"),
    ("user.set_password('@')", "s1nk-set"),
    ("# password = '@'", "c0mment!"),
    ("note = 0  # nosec B999 the password is '@'; password = '@'", "re4son!!"),
];

/// Data that takes a way through a line with a secret, to a sink in another file.
const ROUTE: &str = "import flask, sinks\napp = flask.Flask(__name__)\n\n\n@app.route('/')\ndef index():\n    \
                     return sinks.run(flask.request.args.get('password', 'fl0w!pw!'))\n";
const SINK: &str = "def run(code):\n    return eval(code)\n";
const ROUTED: &str = "fl0w!pw!";

/// Code with a finding of other rules.
const OTHERS: &[&str] = &["eval(code)", "hashlib.md5(data)", "subprocess.call(line, shell=True)"];

fn run(folder: &Path, words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backend-audit"));
    let output = command.args(words).current_dir(folder).output().unwrap();
    let code = output.status.code().unwrap();
    assert!(code == 0 || code == 1 || code == 3, "{code}: {}", String::from_utf8_lossy(&output.stderr));
    if words.contains(&"sarif") {
        assert_eq!(leaks(&String::from_utf8_lossy(&output.stderr)), [""; 0]);
        return String::from_utf8(output.stdout).unwrap();
    }
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A tree in which each secret stands on a line of another finding, above one and below one.
fn planted() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (index, (shape, secret)) in SHAPES.iter().enumerate() {
        let line = shape.replacen("@@", "\u{1}@", 1).replacen('@', secret, usize::MAX).replace('\u{1}', "");
        // The `@` of a URL stands behind the secret.
        let line = if shape.contains("@@") { shape.replacen("@@", &format!("{secret}@"), 1) } else { line };
        let other = OTHERS[index % OTHERS.len()];
        let same = if line.starts_with(['#', 'd', 'i']) || line.contains('#') {
            String::new()
        } else {
            format!("{other}; ")
        };
        let text = format!(
            "import os, hmac, hashlib, requests, subprocess, shop\nuser = shop.user()\n{other}\n{same}{line}\n{other}\n"
        );
        fs::write(folder.path().join(format!("shape_{index}.py")), text).unwrap();
        let broken =
            format!("import os, hashlib, subprocess, shop\nuser = shop.user()\n{line}\nprint(\n{other}\n");
        fs::write(folder.path().join(format!("broken_{index}.py")), broken).unwrap();
    }
    fs::write(folder.path().join("route.py"), ROUTE).unwrap();
    fs::write(folder.path().join("sinks.py"), SINK).unwrap();
    let cell = r#"{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null, "source": ["eval(code)\n", "db_password = 'n0tebook'\n"]}"#;
    let notebook = format!(r#"{{"cells": [{cell}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}"#);
    fs::write(folder.path().join("book.ipynb"), notebook).unwrap();
    folder
}

fn leaks(text: &str) -> Vec<&'static str> {
    SHAPES
        .iter()
        .map(|(_, secret)| *secret)
        .chain([ROUTED, "n0tebook"])
        .filter(|secret| text.contains(secret))
        .collect()
}

#[test]
fn no_report_shows_a_secret() {
    let folder = planted();
    let root = folder.path();
    let choices: [&[&str]; 4] = [
        &["--preset", "all"],
        &[],
        &["--select", "dangerous-eval,weak-hash,command-injection,python-syntax-error,unused-suppression"],
        &["--ignore", "hardcoded-secret", "--preset", "review"],
    ];
    for format in Format::ALL.map(Format::name) {
        for choice in choices {
            let mut words = vec!["scan", ".", "--isolated", "--min-severity", "info", "--format", format];
            words.extend(choice);
            let text = run(root, &words);
            assert!(text.contains("shape_0") && text.contains("sinks.py"), "{text}");
            assert_eq!(leaks(&text), [""; 0], "{format} {choice:?}:\n{}", around(&text));
        }
    }
    for option in ["--show-files", "--show-settings"] {
        assert_eq!(leaks(&run(root, &["scan", ".", option])), [""; 0], "{option}");
    }
}

/// The lines that show a secret.
fn around(text: &str) -> String {
    text.lines()
        .filter(|line| !leaks(line).is_empty())
        .map(|line| line.chars().take(300).collect::<String>() + "\n")
        .collect()
}

#[test]
fn each_shape_is_a_finding() {
    let folder = planted();
    let words = [
        "scan",
        ".",
        "--isolated",
        "--select",
        "hardcoded-secret",
        "--min-severity",
        "info",
        "--format",
        "json",
    ];
    let text = run(folder.path(), &words);
    // Comments are hidden, not reported.
    let code = SHAPES.iter().enumerate().filter(|(_, (shape, _))| !shape.contains('#'));
    for (index, (shape, _)) in code {
        assert!(text.contains(&format!("\"shape_{index}.py\"")), "{shape} is not found");
    }
}

#[test]
fn a_baseline_is_the_same_whatever_the_secret_is() {
    let baseline = |change: &dyn Fn(&str) -> String| {
        let folder = planted();
        for (index, (_, secret)) in SHAPES.iter().enumerate() {
            let path = folder.path().join(format!("shape_{index}.py"));
            let text = fs::read_to_string(&path).unwrap();
            fs::write(&path, text.replace(secret, &change(secret))).unwrap();
            fs::remove_file(folder.path().join(format!("broken_{index}.py"))).unwrap();
        }
        run(folder.path(), &["baseline", "create", "--file", "known.json", "--isolated"]);
        let text = fs::read_to_string(folder.path().join("known.json")).unwrap();
        let shown = run(folder.path(), &["baseline", "show", "--file", "known.json"]);
        assert_eq!(leaks(&shown), [""; 0]);
        assert_eq!(leaks(&text), [""; 0]);
        // A weak one may weigh less.
        text.replace("\"medium\"", "\"high\"")
    };
    // As long and as strong, and another.
    let other = |secret: &str| {
        let turned = |c: char| match c {
            'a'..='y' | 'A'..='Y' | '1'..='8' => char::from(c as u8 + 1),
            _ => c,
        };
        // What is base64 of a pair, or words in use, stays what it is.
        if secret.starts_with("c2hv") {
            "c2hvcDpodW50ZXI5".to_owned()
        } else {
            secret.chars().map(turned).collect()
        }
    };
    let (left, right) = (baseline(&str::to_owned), baseline(&other));
    let differs = left.lines().zip(right.lines()).find(|(left, right)| left != right);
    assert_eq!(differs, None);
    assert_eq!(left.lines().count(), right.lines().count());
}

#[test]
fn a_report_has_no_hash_of_a_line_with_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let far = "x = 1  # a line with some more text, so that a hundred characters are soon full\n".repeat(3);
    let text = format!("eval(far)\n{far}{far}eval(near)\ndb_password = 'hunter2'\n");
    fs::write(folder.path().join("a.py"), text).unwrap();
    let sarif = run(folder.path(), &["scan", ".", "--isolated", "--format", "sarif"]);
    let prints = |line: u32| {
        let document: serde_json::Value = serde_json::from_str(&sarif).unwrap();
        let results = document["runs"][0]["results"].as_array().unwrap().clone();
        let here = |result: &&serde_json::Value| {
            result["locations"][0]["physicalLocation"]["region"]["startLine"] == line
        };
        results.iter().find(here).unwrap()["partialFingerprints"].clone()
    };
    assert!(prints(1)["primaryLocationLineHash"].is_string());
    for line in [8, 9] {
        assert!(prints(line)["primaryLocationLineHash"].is_null(), "line {line}");
        assert!(prints(line)["backendAudit/v1"].is_string());
    }
}
