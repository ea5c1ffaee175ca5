//! A change through git, on real repositories made with the `git` program.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test crate

mod formats;
mod hooks;
mod hostile;
mod odd;
mod repo;
mod revisions;
mod staged;
mod worktree;
