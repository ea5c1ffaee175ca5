//! Connections whose peer is not verified.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[];
