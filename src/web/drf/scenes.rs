//! What a method returns for one action and request method: `if self.action == "list": return [AllowAny()]`.

use crate::facts::{
    BindingId, Block, Branches, CompareOperator, FunctionId, Statement, UnaryOperator, Value, ValueId,
    hash_text,
};
use crate::project::Site;

use super::super::guards;
use super::super::model::Methods;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(in crate::web) struct Scene<'a> {
    /// The action of a set of views.
    pub action: Option<&'a str>,
    /// The methods; one, or several that all read or all write.
    pub method: Methods,
    /// Whether it is about one object, where that is known.
    pub is_detail: Option<bool>,
}

impl Scene<'_> {
    /// Whether nothing is changed; `None` where that is not known.
    pub fn reads(&self) -> Option<bool> {
        (self.method != Methods::ANY).then(|| !self.method.change_state())
    }

    fn is_method(&self, name: &str) -> Option<bool> {
        let wanted = Methods::of(name);
        match self.method.names().count() {
            1 if self.method != Methods::ANY => Some(self.method == wanted),
            _ if self.method == Methods::ANY || !self.method.common(wanted).is_empty() => None,
            _ => Some(false),
        }
    }
}

/// A variable, or an attribute of the instance by the hash of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Variable(BindingId),
    Field(u64),
}

/// A run of a function in a scene.
pub(super) struct Run<'p, 'a> {
    pub site: Site<'p>,
    scene: &'a Scene<'a>,
    /// In order; whether it surely runs.
    assigned: Vec<(Slot, ValueId, bool)>,
    /// What may be returned.
    pub returned: Vec<Returned>,
    /// Whether unknown callers have been turned away.
    is_known: bool,
}

/// What a function may return.
#[derive(Clone, Copy, Debug)]
pub(super) struct Returned {
    pub value: ValueId,
    /// Whether only known callers come so far.
    pub is_known: bool,
}

/// Runs a function.
pub(super) fn run<'p, 'a>(site: Site<'p>, function: FunctionId, scene: &'a Scene<'a>) -> Run<'p, 'a> {
    let mut run = Run { site, scene, assigned: Vec::new(), returned: Vec::new(), is_known: false };
    run.block(site.module.function_body(function), true);
    run
}

impl<'p> Run<'p, '_> {
    /// Whether the end of the block is surely not reached.
    fn block(&mut self, block: Block<'p>, is_sure: bool) -> bool {
        block.iter().any(|id| {
            let statement = self.site.module.statement(id);
            self.statement(statement, is_sure)
        })
    }

    fn statement(&mut self, statement: Statement<'p>, is_sure: bool) -> bool {
        match statement {
            Statement::Return(value) => {
                let is_known = self.is_known;
                self.returned.extend(value.map(|value| Returned { value, is_known }));
                true
            }
            Statement::Raise(..) => true,
            Statement::Assign(target, value) | Statement::Annotated(target, _, Some(value)) => {
                let slot = self.slot(target);
                self.assigned.extend(slot.map(|slot| (slot, value, is_sure)));
                false
            }
            Statement::If(branches) => self.branches(branches, is_sure),
            Statement::Try(parts) => {
                let ended = self.block(parts.body, is_sure);
                for handler in parts.handlers() {
                    self.block(handler.body, false);
                }
                let ended = ended || self.block(parts.otherwise, is_sure);
                self.block(parts.finally, is_sure) || (ended && parts.handlers().len() == 0)
            }
            Statement::With(_, body) => self.block(body, is_sure),
            Statement::While(_, body, otherwise) | Statement::For(_, _, body, otherwise) => {
                self.block(body, false);
                self.block(otherwise, false);
                false
            }
            Statement::Match(_, cases) => {
                for (_, _, block) in cases.iter() {
                    self.block(block, false);
                }
                false
            }
            _ => false,
        }
    }

    fn branches(&mut self, branches: Branches<'p>, mut is_sure: bool) -> bool {
        let mut all_end = true;
        for (test, block) in branches.iter() {
            match test.map_or(Some(true), |test| self.test(test)) {
                Some(true) => return self.block(block, is_sure) && all_end,
                Some(false) => {}
                None => {
                    let is_sure_here = std::mem::replace(&mut is_sure, false);
                    let holds = test.and_then(|test| guards::holds_for_known(self.site, test));
                    let (known, before) = (self.is_known, self.returned.len());
                    self.is_known |= holds == Some(true);
                    let ended = self.block(block, false);
                    all_end &= ended;
                    // `if not request.user.is_authenticated: return False`
                    let mut returned = self.returned.iter().skip(before);
                    let refuses = ended && returned.all(|one| is_false(self.site, one.value));
                    self.is_known = known || is_sure_here && refuses && holds == Some(false);
                }
            }
        }
        false
    }

    fn slot(&self, target: ValueId) -> Option<Slot> {
        match self.site.value(target) {
            Value::Name(_, Some(binding)) => Some(Slot::Variable(binding)),
            Value::Attribute(object, name) if self.site.last_segment(object) == Some("self") => {
                Some(Slot::Field(self.site.module.names().hash(name)))
            }
            _ => None,
        }
    }

    /// What a variable or attribute may be worth at the end.
    pub fn worth(&self, value: ValueId) -> Vec<ValueId> {
        let Some(wanted) = self.slot(value) else { return Vec::new() };
        let mut found = Vec::new();
        for (slot, value, is_sure) in self.assigned.iter().rev() {
            if *slot == wanted {
                found.push(*value);
                if *is_sure {
                    break;
                }
            }
        }
        found
    }

    /// What is assigned to an attribute of the instance.
    pub fn field(&self, name: &str) -> Vec<ValueId> {
        let wanted = Slot::Field(hash_text(name));
        self.assigned.iter().filter(|(slot, ..)| *slot == wanted).map(|(_, value, _)| *value).collect()
    }

    /// Whether a test holds.
    pub fn test(&self, test: ValueId) -> Option<bool> {
        match self.site.value(test) {
            Value::Bool(value) => Some(value),
            Value::Unary(UnaryOperator::Not, inner) => self.test(inner).map(|holds| !holds),
            Value::Boolean(is_and, items) => {
                let answers: Vec<Option<bool>> = items.iter().map(|item| self.test(item)).collect();
                let decides = Some(!is_and);
                if answers.contains(&decides) {
                    return decides;
                }
                answers.iter().all(|answer| *answer == Some(is_and)).then_some(is_and)
            }
            Value::Compare(comparison) => {
                let (left, operator, right) = comparison.single()?;
                self.compared(left, operator, right)
            }
            _ => None,
        }
    }

    fn compared(&self, left: ValueId, operator: CompareOperator, right: ValueId) -> Option<bool> {
        let is_one = |name: &str| match self.asked(left)? {
            "action" => self.scene.action.map(|action| action == name),
            _ => self.scene.is_method(name),
        };
        let text = |value: ValueId| Some(self.site.constant(value)?.as_str()?.to_owned());
        let found = match operator {
            CompareOperator::Equal | CompareOperator::NotEqual => is_one(&text(right)?)?,
            CompareOperator::In | CompareOperator::NotIn => {
                if self.asked(left)? == "method" && names_safe(self.site, right) {
                    self.scene.reads()?
                } else {
                    let items: Vec<ValueId> = match self.site.value(right) {
                        Value::Set(items) => items.iter().collect(),
                        _ => self.site.elements(right)?,
                    };
                    let answers: Vec<Option<bool>> =
                        items.into_iter().map(|item| is_one(&text(item)?)).collect();
                    if answers.contains(&Some(true)) {
                        true
                    } else if answers.contains(&None) {
                        return None;
                    } else {
                        false
                    }
                }
            }
            _ => return None,
        };
        let is_turned = matches!(operator, CompareOperator::NotEqual | CompareOperator::NotIn);
        Some(found != is_turned)
    }

    /// Whether an expression is the action or the method that is asked for: `self.action`, `request.method`.
    fn asked(&self, value: ValueId) -> Option<&'static str> {
        match self.site.value(value) {
            Value::Attribute(_, name) => match self.site.module.text(name) {
                "action" => Some("action"),
                "method" => Some("method"),
                _ => None,
            },
            // `request.method.upper()`, `getattr(view, "action", None)`.
            Value::Call(callee, arguments) => match self.site.value(callee) {
                Value::Attribute(object, _) => self.asked(object),
                Value::Name(name, _) if self.site.module.text(name) == "getattr" => {
                    let name = self.site.constant(arguments.positional().get(1)?)?;
                    (name.as_str() == Some("action")).then_some("action")
                }
                _ => None,
            },
            _ => None,
        }
    }
}

fn is_false(site: Site<'_>, value: ValueId) -> bool {
    matches!(site.value(value), Value::Bool(false) | Value::None)
}

/// Whether an expression is the list of methods that only read.
fn names_safe(site: Site<'_>, value: ValueId) -> bool {
    site.last_segment(value).is_some_and(|name| name.to_ascii_uppercase().contains("SAFE_METHODS"))
}
