//! Switches of servers and frameworks, and the keys they sign with.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[];
