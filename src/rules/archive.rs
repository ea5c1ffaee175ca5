//! Archives that are unpacked without a look at what they hold.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[];
