//! What is read: which files, their text, and where a byte offset stands in it.
//! Knows nothing of Python's grammar.

mod encoding;
mod ignored;
mod walk;

pub mod config;
pub mod files;
pub mod git;
pub mod lines;
pub mod patterns;
pub mod source;
pub mod tracked;
