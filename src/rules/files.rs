//! Temporary files and permissions.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[];
