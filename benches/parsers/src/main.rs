//! Compares the two published parsers of Python in Rust, `rustpython-parser` and `ruff_python_parser`:
//!
//! ```sh
//! cargo run --release --locked --manifest-path benches/parsers/Cargo.toml -- PATH
//! cargo run --release --locked --manifest-path benches/parsers/Cargo.toml -- PATH --rounds 3
//! ```
//!
//! PATH is a folder of Python files; `benches/fetch.py` makes the one that `docs/parsers.md` is about. Markdown
//! comes out. It measures the time over all files and the files that are refused ([`rounds`]), the constructs of
//! each version of Python ([`constructs`]), what is left of a file with one fault ([`recovery`]) and the crates
//! that each parser brings along ([`dependencies`]). Unix only, for the sake of `getrusage`.
//!
//! `--features system-allocator` before `--` leaves the tool's allocator out, and with
//! `CARGO_PROFILE_RELEASE_LTO=false CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16` before the command both parsers are
//! built as cargo builds by default instead of as the tool is.
//!
//! The two run in turns, each round of each in a process of its own, which is this program with `--pass`.

mod constructs;
mod corpus;
mod dependencies;
mod parsers;
mod pass;
mod recovery;
mod refused;
mod rounds;
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use parsers::Parser;

/// The allocator of the tool.
#[cfg(not(feature = "system-allocator"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "usage: parsers PATH [--rounds N]";

/// Rounds unless the command line says otherwise.
const ROUNDS: usize = 7;

/// Stack of the thread that does all the work, since trees may be deep. Only what is touched of it is taken.
const STACK: usize = 1 << 30;

fn main() -> ExitCode {
    parsers::keep_panics_quiet();
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work);
    let done = thread.map_err(|error| error.to_string());
    let done =
        done.and_then(|thread| thread.join().map_err(|_| "a fault of this program: it panicked".to_owned()));
    match done.flatten() {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Does what the command line says; the text to print.
fn work() -> Result<String, String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["--pass", parser, path] => one_pass(parser, Path::new(path)),
        [path] => report(Path::new(path), ROUNDS),
        [path, "--rounds", count] => match count.parse() {
            Ok(count) if count > 0 => report(Path::new(path), count),
            _ => Err(format!("not a number of rounds: {count}")),
        },
        _ => Err(USAGE.to_owned()),
    }
}

/// What a child process prints: the measurements of one parser over all files.
fn one_pass(parser: &str, path: &Path) -> Result<String, String> {
    let parser = Parser::named(parser).ok_or_else(|| format!("no such parser: {parser}"))?;
    let files = corpus::read(path)?;
    pass::run(parser, &files).map(|measured| measured.to_lines())
}

/// The whole report.
fn report(path: &Path, count: usize) -> Result<String, String> {
    let path: PathBuf = path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))?;
    let files = corpus::read(&path)?;
    let measured = rounds::measure(&path, count)?;
    let sections = [
        rounds::section(&files, &measured),
        refused::section(&files, &measured)?,
        constructs::section(),
        recovery::section(),
        dependencies::section(),
    ];
    Ok(sections.join("\n"))
}
