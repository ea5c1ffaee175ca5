//! XML parsers that expand what the document tells them to.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[];
