//! Errors that are raised and then lost.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[];
