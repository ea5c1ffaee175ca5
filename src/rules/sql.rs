//! Statements built from text that is not constant.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[];
