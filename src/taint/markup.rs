//! Markup that something takes the dangerous parts out of, before it is made or afterwards.

use super::follow::Follower;
use crate::facts::{Statement, Value, ValueId};
use crate::models::Kind;

/// What functions and classes that take markup out are called.
const FILTERS: [&str; 5] = ["bleach", "clean", "sanitis", "sanitiz", "escape"];

/// How many parts of an argument are looked at.
const MOST: usize = 32;

impl Follower<'_, '_> {
    /// Whether an argument, or the list that it names, has a part that takes markup out:
    /// `extensions=[CleanExtension(tags)]`.
    pub fn holds_filter(&self, given: ValueId) -> bool {
        let mut open = vec![given];
        let mut looked = 0;
        while let Some(value) = open.pop() {
            looked += 1;
            if looked > MOST {
                return false;
            }
            match self.site.value(value) {
                Value::List(items) | Value::Tuple(items) | Value::Set(items) => open.extend(items.iter()),
                Value::Call(callee, _) if self.is_filter(callee) => return true,
                Value::Name(_, Some(binding)) => {
                    open.extend(self.site.module.definitions(binding).iter().filter_map(|one| one.value()));
                }
                _ => {}
            }
        }
        false
    }

    /// Whether what a call yields goes through something that takes markup out, at once or by its variable:
    /// `html = markdown(text)`, `html = clean(html)`.
    pub fn is_filtered_later(&self, call: ValueId) -> bool {
        let module = self.site.module;
        let body = self.function.map_or_else(|| module.body(), |function| module.function_body(function));
        let mut page = None;
        let mut is_filtered = false;
        module.walk_block(body, &mut |_, statement| {
            let (target, value) = match statement {
                Statement::Assign(target, value) => (Some(target), value),
                Statement::Return(Some(value)) => (None, value),
                _ => return,
            };
            if let Value::Call(callee, arguments) = module.value(value) {
                let takes = arguments.positional().iter().any(|one| {
                    one == call
                        || page.is_some() && matches!(module.value(one), Value::Name(_, own) if own == page)
                });
                is_filtered |= takes && self.is_filter(callee);
            }
            if let Some(Value::Name(_, binding)) = target.map(|target| module.value(target))
                && value == call
            {
                page = binding;
            }
        });
        is_filtered
    }

    fn is_filter(&self, callee: ValueId) -> bool {
        let models = self.world.project.models();
        let name = self.site.last_segment(callee).unwrap_or("").to_ascii_lowercase();
        FILTERS.iter().any(|one| name.contains(one))
            || self.world.paths_of(self.site, callee).iter().any(|path| models.quotes(*path, Kind::Xss))
    }
}
