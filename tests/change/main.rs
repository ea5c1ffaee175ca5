//! `scan --staged`, `--changed` and `--since` through the binary: what a change brings is reported, alone.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod effects;
mod faults;
mod judge;
#[allow(dead_code, unused_imports)]
#[path = "../git/repo.rs"]
mod repo;
mod run;
mod what;
