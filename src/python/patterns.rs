//! Lowers the patterns of `match` to values; see [`crate::facts::Statement::Match`].

use ruff_python_ast::{Identifier, Pattern, Singleton};

use super::builder::{NONE, Scratch};
use super::{span, span_of};
use crate::facts::{DefinitionKind, Span, ValueId, ValueKind};

impl Scratch {
    pub(super) fn pattern(&mut self, pattern: &Pattern) -> ValueId {
        let range = span_of(pattern);
        if !self.descend() {
            return self.push_value(ValueKind::Unknown, range, 0, 0);
        }
        let id = match pattern {
            Pattern::MatchValue(value) => self.value(&value.value),
            Pattern::MatchSingleton(singleton) => match singleton.value {
                Singleton::None => self.push_value(ValueKind::None, range, 0, 0),
                Singleton::True => self.push_value(ValueKind::Bool, range, 1, 0),
                Singleton::False => self.push_value(ValueKind::Bool, range, 0, 0),
            },
            Pattern::MatchSequence(sequence) => self.patterns(ValueKind::Tuple, &sequence.patterns, range),
            Pattern::MatchOr(or) => self.patterns(ValueKind::Boolean, &or.patterns, range),
            Pattern::MatchStar(star) => {
                let inner = self.capture(star.name.as_ref(), range);
                self.push_value(ValueKind::Starred, range, inner.0, 0)
            }
            Pattern::MatchMapping(mapping) => {
                let mark = self.stack.len();
                for (key, pattern) in mapping.keys.iter().zip(&mapping.patterns) {
                    let key = self.value(key);
                    let value = self.pattern(pattern);
                    self.stack.extend([key.0, value.0]);
                }
                if mapping.rest.is_some() {
                    let rest = self.capture(mapping.rest.as_ref(), range);
                    self.stack.extend([NONE, rest.0]);
                }
                let list = self.list(mark);
                self.push_value(ValueKind::Dict, range, list, 0)
            }
            Pattern::MatchClass(class) => {
                let callee = self.value(&class.cls);
                let mark = self.stack.len();
                let (patterns, keywords) = (&class.arguments.patterns, &class.arguments.keywords);
                self.stack.extend([patterns.len() as u32, keywords.len() as u32]);
                for pattern in patterns {
                    let value = self.pattern(pattern);
                    self.stack.push(value.0);
                }
                for keyword in keywords {
                    let name = self.names.intern(&keyword.attr);
                    let value = self.pattern(&keyword.pattern);
                    self.stack.extend([name.raw(), value.0]);
                }
                let words = self.words(mark);
                // Not a call: nothing is called, and no rule may take it for one.
                self.push_value(ValueKind::Unknown, range, callee.0, words)
            }
            Pattern::MatchAs(capture) => match &capture.pattern {
                None => self.capture(capture.name.as_ref(), range),
                Some(inner) => {
                    let value = self.pattern(inner);
                    let target = self.capture(capture.name.as_ref(), range);
                    self.push_value(ValueKind::Assigned, range, target.0, value.0)
                }
            },
        };
        self.ascend();
        id
    }

    fn patterns(&mut self, kind: ValueKind, patterns: &[Pattern], range: Span) -> ValueId {
        let mark = self.stack.len();
        for pattern in patterns {
            let value = self.pattern(pattern);
            self.stack.push(value.0);
        }
        let list = self.list(mark);
        self.push_value(kind, range, list, 0)
    }

    /// The name that a pattern binds, or the unknown value for `_`.
    fn capture(&mut self, name: Option<&Identifier>, range: Span) -> ValueId {
        let Some(name) = name else { return self.push_value(ValueKind::Unknown, range, 0, 0) };
        let place = span(name.range);
        let name = self.names.intern(name);
        let binding = self.resolve(name);
        self.define(binding, DefinitionKind::Opaque, NONE, place.start);
        self.push_value(ValueKind::Name, place, name.raw(), binding)
    }
}
