//! Bytes and texts that become objects, and whatever those do while they are made.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[];
