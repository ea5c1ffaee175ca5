//! What becomes of a finding between its rule and the report: identity, suppression, comparison, threshold.
//! Decides what counts; finds nothing and writes nothing.

pub mod additions;
pub mod bandit;
pub mod baseline;
pub mod fingerprint;
pub mod identity;
pub mod line_hash;
pub mod mask;
pub mod overrides;
pub mod select;
pub mod settings;
pub mod suppress;
pub mod threshold;
pub mod weakened;
