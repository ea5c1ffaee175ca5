//! Discovery on real trees, hostile ones among them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test crate

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use backend_audit::error::Error;
use backend_audit::finding::NoticeKind;
use backend_audit::input::files::{Discovery, FileKind, Options, discover};

/// A repository of its own in a temporary folder.
struct Tree(tempfile::TempDir);

impl Tree {
    fn new(files: &[&str]) -> Self {
        let tree = Tree(tempfile::tempdir().unwrap());
        fs::create_dir(tree.path(".git")).unwrap();
        for file in files {
            tree.write(file, "x = 1\n");
        }
        tree
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.0.path().join(relative)
    }

    fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn find(&self, paths: &[&str], change: impl FnOnce(&mut Options)) -> Result<Discovery, Error> {
        let paths = paths.iter().map(|path| self.path(path)).collect();
        let mut options = Options { paths, ..Options::default() };
        change(&mut options);
        discover(&options)
    }

    fn names(&self, paths: &[&str], change: impl FnOnce(&mut Options)) -> Vec<String> {
        names(&self.find(paths, change).unwrap())
    }
}

fn names(discovery: &Discovery) -> Vec<String> {
    discovery.files.iter().map(|file| file.display.to_string()).collect()
}

fn skipped(discovery: &Discovery) -> Vec<(&str, u32)> {
    discovery.skipped.iter().map(|(reason, count)| (reason.as_str(), *count)).collect()
}

fn plain(_: &mut Options) {}

fn exclude(patterns: &[&str]) -> impl Fn(&mut Options) {
    let patterns: Vec<_> = patterns.iter().map(|&pattern| pattern.to_owned()).collect();
    move |options| options.exclude.clone_from(&patterns)
}

const NOTHING: [&str; 0] = [];

#[test]
fn python_files_are_found_sorted_and_typed() {
    let tree = Tree::new(&["b/z.py", "a.PY", "b/a.pyi", "b.pyw", "b/no.txt", "b/x.pyc", "c/.hidden.py"]);
    tree.write("bin/tool", "#!/usr/bin/env -S uv run --script\nx = 1\n");
    tree.write("bin/other", "#!/bin/sh\n");
    tree.write("bin/bytes", "\u{0}\u{1}");
    let found = tree.find(&["."], plain).unwrap();
    let kinds: Vec<_> = found.files.iter().map(|file| (&*file.display, file.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("a.PY", FileKind::Module),
            ("b.pyw", FileKind::Module),
            ("b/a.pyi", FileKind::Stub),
            ("b/z.py", FileKind::Module),
            ("bin/tool", FileKind::Script),
            ("c/.hidden.py", FileKind::Module),
        ]
    );
    assert_eq!(found.root, tree.path("").canonicalize().unwrap());
    assert!(found.files.iter().all(|file| file.path.is_file()));
    assert_eq!((skipped(&found), found.notices.as_slice()), (vec![], &[][..]));
}

#[test]
fn paths_that_do_not_hold_are_errors() {
    let tree = Tree::new(&["a.py"]);
    assert!(matches!(discover(&Options::default()), Err(Error::NoPaths)));
    assert!(matches!(tree.find(&["none"], plain), Err(Error::MissingPath(path)) if path.ends_with("none")));
    assert!(matches!(tree.find(&["a.py/b"], plain), Err(Error::MissingPath(_))));
    assert!(matches!(tree.find(&["a.py", "none"], plain), Err(Error::MissingPath(_))));
    for pattern in ["[", "a{b", "x[z-a]"] {
        let result = tree.find(&["."], exclude(&["ok", pattern]));
        assert!(
            matches!(result, Err(Error::ExcludePattern { pattern: bad, .. }) if bad == pattern),
            "{pattern}"
        );
    }
}

#[test]
fn overlapping_paths_give_each_file_once() {
    let tree = Tree::new(&["a.py", "src/b.py", "src/deep/c.py"]);
    let all = ["a.py", "src/b.py", "src/deep/c.py"];
    assert_eq!(tree.names(&[".", "src", "src/deep/c.py", "./src/../a.py", "."], plain), all);
    assert_eq!(tree.names(&["src/deep", "src", "a.py"], plain), all);
}

#[test]
fn folders_without_code_of_the_project_are_counted() {
    let tree = Tree::new(&[
        "a.py",
        ".github/x.py",
        ".venv/lib/x.py",
        "env/pyvenv.cfg",
        "env/lib/x.py",
        "venv/lib/x.py",
        "app/venv/__init__.py",
        "stubs/venv/__init__.pyi",
        "node_modules/x.py",
        "lib/site-packages/x.py",
        "__pycache__/x.py",
        "a.egg-info/x.py",
        "build/x.py",
        "dist/x.py",
        ".git/x.py",
    ]);
    let found = tree.find(&["."], plain).unwrap();
    let expected = ["a.py", "app/venv/__init__.py", "build/x.py", "dist/x.py", "stubs/venv/__init__.pyi"];
    assert_eq!(names(&found), expected);
    let expected = [
        ("`node_modules` folders", 1),
        ("`site-packages` folders", 1),
        ("hidden folders", 1),
        ("tool and cache folders", 2),
        ("virtual environments", 3),
    ];
    assert_eq!(skipped(&found), expected);
    let found = tree.find(&["."], |options| options.no_ignore = true).unwrap();
    assert_eq!((found.files.len(), skipped(&found)), (13, vec![]));
    assert!(!names(&found).contains(&".git/x.py".to_owned()));
}

#[test]
fn ignore_files_are_honoured_and_counted() {
    let tree = Tree::new(&[
        "a.py",
        "gen_a.py",
        "gen_b.txt",
        "out/x.py",
        "src/gen_c.py",
        "src/b.py",
        "src/keep/gen_d.py",
        "i.py",
        "e.py",
        "deep/anchored.py",
        "anchored.py",
    ]);
    tree.write(".gitignore", "\u{FEFF}gen_*\nout/\n/anchored.py\n");
    tree.write("src/keep/.gitignore", "!gen_d.py\n");
    tree.write(".ignore", "i.py\n");
    tree.write(".git/info/exclude", "e.py\n");
    let found = tree.find(&["."], plain).unwrap();
    assert_eq!(names(&found), ["a.py", "deep/anchored.py", "src/b.py", "src/keep/gen_d.py"]);
    let expected = [("files ignored by .gitignore", 5), ("folders ignored by .gitignore", 1)];
    assert_eq!(skipped(&found), expected);
    assert_eq!(tree.names(&["src"], plain), ["src/b.py", "src/keep/gen_d.py"], "those of the parents count");
    assert_eq!(tree.names(&["."], |options| options.no_ignore = true).len(), 10);
}

#[test]
fn ignore_files_count_outside_of_a_repository_and_stop_at_a_nested_one() {
    let tree = Tree::new(&["gen.py", "sub/gen.py", "sub/out.py", "link/gen.py", "link/out.py"]);
    fs::remove_dir(tree.path(".git")).unwrap();
    tree.write(".gitignore", "gen.py\n");
    tree.write("sub/.git/info/exclude", "out.py\n");
    tree.write("store/worktrees/link/commondir", "../..\n");
    tree.write("store/info/exclude", "out.py\n");
    tree.write("link/.git", "gitdir: ../store/worktrees/link\n");
    assert_eq!(tree.names(&["."], plain), ["link/gen.py", "sub/gen.py"]);
}

#[test]
fn faulty_ignore_files_are_told_and_the_rest_of_them_holds() {
    let tree = Tree::new(&["a.py", "b.py", "c/d.py"]);
    tree.write(".gitignore", "b.py\n{x\n");
    fs::write(tree.path("c/.gitignore"), b"\xFF\xFE\nd.py\n").unwrap();
    let found = tree.find(&["."], plain).unwrap();
    assert_eq!(names(&found), ["a.py"]);
    let [notice] = found.notices.as_slice() else { panic!("{:?}", found.notices) };
    assert_eq!((notice.path.as_deref(), notice.kind), (Some(".gitignore"), NoticeKind::Lossless));
    assert!(notice.message.starts_with("line 2 "), "{}", notice.message);
}

#[test]
fn what_is_asked_for_is_scanned_wherever_it_lies() {
    let tree = Tree::new(&[
        ".venv/pyvenv.cfg",
        ".venv/lib/site-packages/p/a.py",
        ".hidden/.deeper/a.py",
        ".hidden/venv/a.py",
        "out/a.py",
        "out/gen/a.py",
        "out/sub/a.py",
    ]);
    tree.write(".gitignore", "out/\n*gen*\n");
    tree.write(".venv/.gitignore", "*\n");
    tree.write("out/sub/.gitignore", "*\n");
    let inner = [".venv/lib/site-packages/p/a.py"];
    assert_eq!(tree.names(&["."], plain), NOTHING);
    assert_eq!(tree.names(&[".venv"], plain), inner);
    assert_eq!(tree.names(&[".venv/lib"], plain), inner);
    assert_eq!(tree.names(&[".venv/lib/site-packages"], plain), inner);
    assert_eq!(tree.names(&[".", ".venv/lib"], plain), inner);
    assert_eq!(tree.names(&[".hidden"], plain), [".hidden/.deeper/a.py"]);
    assert_eq!(tree.names(&["out"], plain), ["out/a.py", "out/gen/a.py"], "deeper ignore files count");
    assert_eq!(tree.names(&["out/gen"], plain), ["out/gen/a.py"]);
    assert_eq!(tree.names(&[".venv/lib"], exclude(&["site-*"])), NOTHING);
}

#[test]
fn excludes_mean_the_same_from_the_walk_and_by_hand() {
    let files = ["src/a.py", "src/gen/b.py", "src/gen/keep.py", "gen/c.py", "tests/d.py"];
    let tree = Tree::new(&files);
    for patterns in [
        &["gen", "tests/"][..],
        &["/src/gen/", "gen/", "./tests"],
        &["**/gen/*.py", "tests/d.py"],
        &["/gen", "d.py", "!src/gen/keep.py", "src/gen/"],
    ] {
        for paths in [
            &["."][..],
            &["src", "gen", "tests"],
            &["src", "src/gen", "gen", "tests"],
            &[".", "src/gen", "tests", "gen"],
        ] {
            assert_eq!(tree.names(paths, exclude(patterns)), ["src/a.py"], "{patterns:?} {paths:?}");
        }
        assert_eq!(tree.names(&files, exclude(patterns)).len(), 5, "a file by hand is scanned");
        let forced = |options: &mut Options| {
            exclude(patterns)(options);
            options.force_exclude = true;
        };
        assert_eq!(tree.names(&files, forced), ["src/a.py"], "{patterns:?}");
    }
    let found = tree.find(&["src", "gen"], exclude(&["gen", "a.py"])).unwrap();
    assert_eq!(skipped(&found), [("excluded files", 1), ("excluded folders", 2)]);
}

#[test]
fn force_exclude_treats_paths_by_hand_as_the_walk_does() {
    let files = ["a.py", "gen.py", "out/b.py", ".venv/c.py", "env/d.py", "e.txt"];
    let tree = Tree::new(&files);
    tree.write("env/pyvenv.cfg", "");
    tree.write(".gitignore", "gen.py\nout/\n");
    assert_eq!(tree.names(&files, plain).len(), 6);
    let found = tree.find(&files, |options| options.force_exclude = true).unwrap();
    assert_eq!(names(&found), ["a.py", "e.txt"]);
    assert_eq!(skipped(&found), [("files ignored by .gitignore", 2), ("files in skipped folders", 2)]);
    let folders = tree.find(&["out", ".venv", "env"], |options| options.force_exclude = true).unwrap();
    assert_eq!(skipped(&folders), [("folders ignored by .gitignore", 1), ("virtual environments", 2)]);
    let both = |options: &mut Options| (options.force_exclude, options.no_ignore) = (true, true);
    assert_eq!(tree.names(&files, both).len(), 6);
}

#[test]
fn a_file_by_hand_is_scanned_whatever_its_name() {
    let tree = Tree::new(&["a.txt", "b", "c.pyi"]);
    let found = tree.find(&["a.txt", "b", "c.pyi"], plain).unwrap();
    let kinds: Vec<_> = found.files.iter().map(|file| file.kind).collect();
    assert_eq!(kinds, [FileKind::Script, FileKind::Script, FileKind::Stub]);
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn mkfifo(path: &Path) {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    }

    #[test]
    fn fifos_are_never_opened() {
        let tree = Tree::new(&["a.py", "sub/b.py"]);
        for name in ["pipe.py", "pipe", "sub/.gitignore", ".ignore"] {
            mkfifo(&tree.path(name));
        }
        symlink("pipe", tree.path("link.py")).unwrap();
        let found = tree.find(&["."], plain).unwrap();
        assert_eq!(names(&found), ["a.py", "sub/b.py"]);
        assert_eq!(skipped(&found), [("special files", 3)]);
        assert!(matches!(tree.find(&["pipe.py"], plain), Err(Error::NotScannable(_))));
        assert!(matches!(tree.find(&["a.py", "link.py"], plain), Err(Error::NotScannable(_))));
    }

    #[test]
    fn links_are_read_once_and_loops_do_not_matter() {
        let tree = Tree::new(&["a.py", "sub/b.py", "lib/data.txt"]);
        tree.write("lib/run", "#!/usr/bin/python\n");
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("o.py"), "x\n").unwrap();
        for (target, link) in [
            ("a.py", "again.py"),
            ("../a.py", "sub/again.py"),
            ("lib/data.txt", "text.py"),
            ("lib/run", "run"),
            (".", "loop"),
            ("..", "sub/up"),
            ("self.py", "self.py"),
            ("gone.py", "broken.py"),
            ("gone.txt", "broken.txt"),
            (outside.path().join("o.py").to_str().unwrap(), "out.py"),
        ] {
            symlink(target, tree.path(link)).unwrap();
        }
        let found = tree.find(&["."], plain).unwrap();
        assert_eq!(names(&found), ["a.py", "lib/data.txt", "lib/run", "sub/b.py"]);
        let expected =
            [("broken symlinks", 2), ("symlinks that leave the root", 1), ("symlinks to folders", 2)];
        assert_eq!(skipped(&found), expected);

        assert_eq!(tree.names(&["again.py", "sub/again.py", "a.py"], plain), ["a.py"]);
        assert_eq!(tree.names(&["sub/up/sub/b.py", "sub"], plain), ["a.py", "sub/b.py"]);
        assert_eq!(tree.names(&["loop/loop/loop"], plain).len(), 4);
        assert_eq!(tree.names(&["text.py"], exclude(&["lib"])).len(), 1);
        assert_eq!(tree.names(&["."], exclude(&["lib"])), ["a.py", "sub/b.py"], "links lead not around it");
        assert!(matches!(tree.find(&["broken.py"], plain), Err(Error::MissingPath(_))));
        assert!(matches!(tree.find(&["self.py"], plain), Err(Error::Read { .. })));
    }

    #[test]
    fn a_file_by_hand_may_link_out_of_the_repository() {
        let tree = Tree::new(&["a.py"]);
        let outside = Tree::new(&["o.py"]);
        symlink(outside.path("o.py"), tree.path("out.py")).unwrap();
        let found = tree.find(&["out.py"], plain).unwrap();
        assert_eq!(names(&found), ["o.py"]);
        assert_eq!(found.root, outside.path("").canonicalize().unwrap());
    }

    #[test]
    fn an_unreadable_folder_makes_the_run_incomplete() {
        let tree = Tree::new(&["a.py", "sub/b.py", "sub/deep/c.py"]);
        fs::set_permissions(tree.path("sub"), fs::Permissions::from_mode(0o000)).unwrap();
        let is_root = fs::read_dir(tree.path("sub")).is_ok();
        let found = tree.find(&["."], plain).unwrap();
        fs::set_permissions(tree.path("sub"), fs::Permissions::from_mode(0o755)).unwrap();
        if is_root {
            return;
        }
        assert_eq!(names(&found), ["a.py"]);
        let notice = &found.notices[0];
        assert_eq!((notice.path.as_deref(), notice.id), (Some("sub"), "folder-unreadable"));
        assert_eq!(notice.kind, NoticeKind::Incomplete);
    }

    #[cfg(target_os = "linux")] // others refuse such names
    #[test]
    fn names_that_are_not_utf8_are_scanned_and_told() {
        let tree = Tree::new(&["a.py"]);
        for name in [&b"\xFF.py"[..], b"\xFE.py"] {
            fs::write(tree.0.path().join(OsStr::from_bytes(name)), "x\n").unwrap();
        }
        let found = tree.find(&["."], plain).unwrap();
        assert_eq!(names(&found), ["\\xFE.py", "\\xFF.py", "a.py"]);
        assert_eq!(found.notices.len(), 2);
        let notice = &found.notices[0];
        assert_eq!((notice.path.as_deref(), notice.id), (Some("\\xFE.py"), "path-not-utf8"));
        assert_eq!(notice.kind, NoticeKind::Lossless);
        assert!(fs::read(&found.files[0].path).is_ok());
    }

    #[test]
    fn the_answer_does_not_depend_on_threads() {
        let tree = Tree::new(&[]);
        for folder in 0..40 {
            for file in 0..5 {
                tree.write(&format!("d{folder}/e/f{file}.py"), "");
                tree.write(&format!("d{folder}/gen{file}.py"), "");
            }
            symlink(format!("d{folder}/e/f0.py"), tree.path(&format!("l{folder}.py"))).unwrap();
        }
        tree.write(".gitignore", "gen1.py\nd7/\n");
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let found = pool.install(|| tree.find(&["."], plain).unwrap());
            (found.files, found.skipped, found.notices)
        };
        let one = run(1);
        // Of `d7` only the file that a link leads to.
        assert_eq!(one.0.len(), 39 * 9 + 1);
        for threads in [2, 8, 8, 8] {
            assert_eq!(run(threads), one);
        }
    }
}

#[test]
fn folders_in_which_nothing_is_found_are_told() {
    let tree = Tree::new(&["src/app/a.py", "gen/b.py"]);
    fs::create_dir(tree.path("empty")).unwrap();
    let barren = |paths: &[&str], patterns: &[&str]| -> Vec<PathBuf> {
        tree.find(paths, exclude(patterns)).unwrap().barren
    };
    assert_eq!(barren(&[".", "src", "src/app", "gen/b.py"], &[]), [""; 0].map(PathBuf::from));
    assert_eq!(barren(&["src", "empty"], &[]), [tree.path("empty")]);
    assert_eq!(barren(&[".", "gen"], &["gen"]), [tree.path("gen")]);
    assert_eq!(barren(&["."], &["*.py"]), [tree.path(".")]);
    #[cfg(unix)]
    {
        fs::create_dir(tree.path("links")).unwrap();
        std::os::unix::fs::symlink(tree.path("gen/b.py"), tree.path("links/b.py")).unwrap();
        assert_eq!(barren(&["links"], &[]), [""; 0].map(PathBuf::from), "a link leads to a file");
    }
}
