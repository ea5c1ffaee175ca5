//! What the report formats promise, over findings as hostile as scanned code can make them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::assigning_clones)] // Plain assignments show what a sample holds.

mod console;
mod formats;
mod json;
mod sample;
mod sarif;
#[path = "../sarif_asserts/mod.rs"]
mod sarif_asserts;
mod target;
mod xml;
