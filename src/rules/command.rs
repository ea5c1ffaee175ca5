//! Texts and lists that are run as shell commands or programs.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[];
