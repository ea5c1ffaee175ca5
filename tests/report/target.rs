use std::fs;
use std::io;
use std::path::Path;

use backend_audit::report::target::Target;

fn write(path: &Path, text: &str) -> Result<(), backend_audit::error::Error> {
    Target::File(path.to_owned()).write(|out| out.write_all(text.as_bytes()))
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_is_replaced_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.json");
    write(&path, "one").unwrap();
    write(&path, "two").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "two");

    let failed = Target::File(path.clone()).write(|out| -> io::Result<()> {
        out.write_all(&vec![b'x'; 1 << 20])?;
        Err(io::Error::other("no"))
    });
    assert!(failed.is_err());
    assert_eq!(fs::read_to_string(&path).unwrap(), "two");
    assert_eq!(names(folder.path()), ["out.json"]);
}

#[test]
fn what_cannot_be_written_is_an_error_that_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none/out.json");
    let error = write(&missing, "x").unwrap_err();
    assert!(
        error.to_string().contains("none/out.json") && !error.to_string().contains(".backend-audit"),
        "{error}"
    );
    assert!(write(folder.path(), "x").is_err());
    assert!(names(folder.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn permissions_are_those_of_the_old_file_or_the_usual() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    fs::write(folder.path().join("usual"), "").unwrap();
    write(&folder.path().join("new"), "x").unwrap();
    assert_eq!(mode("new"), mode("usual"));
    fs::set_permissions(folder.path().join("usual"), PermissionsExt::from_mode(0o640)).unwrap();
    write(&folder.path().join("usual"), "x").unwrap();
    assert_eq!(mode("usual"), 0o640);
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_stay_links() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("real")).unwrap();
    symlink("real/out.json", at("link")).unwrap();
    symlink("link", at("link2")).unwrap();
    write(&at("link2"), "one").unwrap();
    write(&at("link2"), "two").unwrap();
    assert_eq!(fs::read_to_string(at("real/out.json")).unwrap(), "two");
    assert!(at("link").is_symlink() && at("link2").is_symlink());
    assert_eq!(names(&at("real")), ["out.json"]);
    symlink("loop", at("loop")).unwrap();
    assert!(write(&at("loop"), "x").is_err());
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_streamed_to() {
    write(Path::new("/dev/null"), "x").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    if !std::process::Command::new("mkfifo").arg(&fifo).status().is_ok_and(|status| status.success()) {
        return;
    }
    let reader = std::thread::spawn({
        let fifo = fifo.clone();
        move || fs::read_to_string(fifo).unwrap()
    });
    write(&fifo, "through").unwrap();
    assert_eq!(reader.join().unwrap(), "through");
    assert_eq!(names(folder.path()), ["fifo"]);
}
