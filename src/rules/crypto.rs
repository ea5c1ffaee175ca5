//! Broken or misused cryptography.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[];
