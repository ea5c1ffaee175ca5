//! The map: the rooms of `backend-audit`, lowest first. A room uses only those above it in this list
//! (`tests/layers.rs` holds it). `docs/architecture.md` tells what belongs where.

pub mod error;
pub mod finding;
pub mod input;
pub mod facts;
pub mod python;
pub mod models;
pub mod project;
pub mod web;
pub mod taint;
pub mod rule;
pub mod rules;
pub mod gate;
pub mod report;
pub mod scan;
pub mod cli;
