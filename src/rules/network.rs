//! Waiting for peers, and protocols without protection.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[];
