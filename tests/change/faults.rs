//! What cannot be judged is an error that says what to do; never an empty set.

use std::fs;

use crate::run::{committed, run_in, scan};

const CODE: &str = "def read(text):\n    return eval(text)\n";

#[test]
fn a_corrupt_index_is_an_error() {
    let repo = committed(&[("a.py", CODE)]);
    let index = repo.path(".git/index");
    let bytes = fs::read(&index).unwrap();
    for broken in [&bytes[..20], b"DIRC\0\0\0\x02", b"", &[&bytes[..bytes.len() - 8], b"12345678"].concat()] {
        fs::write(&index, broken).unwrap();
        let run = scan(&repo, "--staged");
        assert_eq!(run.code, 2, "{} bytes: {}", broken.len(), run.out);
        assert!(run.err.starts_with("error: ") && run.err.contains("hint: "), "{}", run.err);
    }
}

#[test]
fn a_corrupt_or_conflicted_baseline_is_an_error() {
    let repo = committed(&[("a.py", CODE)]);
    assert_eq!(run_in(&repo.root, "baseline create --file known.json").code, 0);
    let text = fs::read_to_string(repo.path("known.json")).unwrap();
    let conflicted = format!("<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> topic\n");
    for broken in ["", "{", "[]", &text[..text.len() / 2], &conflicted] {
        repo.write("known.json", broken);
        let run = scan(&repo, "--changed --baseline known.json");
        assert_eq!(run.code, 2, "{broken}");
        assert!(run.err.contains("known.json") && run.err.contains("hint: "), "{}", run.err);
    }
}

#[test]
fn a_missing_object_is_no_empty_side() {
    let repo = committed(&[("a.py", CODE), ("b.py", "x = 1\n")]);
    let blob = repo.git("rev-parse HEAD:b.py");
    let (folder, name) = blob.trim().split_at(2);
    repo.edit("b.py", "x", "y");
    repo.git("add -A");
    fs::remove_file(repo.path(&format!(".git/objects/{folder}/{name}"))).unwrap();
    let run = scan(&repo, "--staged");
    assert!(matches!(run.code, 0 | 3), "{}{}", run.out, run.err);
    let tree = repo.git("rev-parse HEAD^{tree}");
    let (folder, name) = tree.trim().split_at(2);
    fs::remove_file(repo.path(&format!(".git/objects/{folder}/{name}"))).unwrap();
    let run = scan(&repo, "--staged");
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.err.contains("hint: "), "{}", run.err);
}
