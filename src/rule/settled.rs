//! What a setting is worth where nobody says otherwise: constants, and the defaults of what is read from the
//! environment.

use std::borrow::Cow;

use super::{Site, words};
use crate::facts::{Arguments, CompareOperator, Definition, DefinitionKind, UnaryOperator, Value, ValueId};
use crate::project::{Constant, Entity};

/// The most steps that are taken for one answer.
const FUEL: u32 = 64;

/// Classes whose instances read the environment when they are called, or by a method named after a type.
const READERS: &[&str] =
    &["environ.Env", "environ.FileAwareEnv", "environs.Env", "decouple.Config", "starlette.config.Config"];

/// Classes whose attributes are defaults for what the environment says.
const SETTINGS_CLASSES: &[&str] =
    &["pydantic.BaseSettings", "pydantic_settings.BaseSettings", "pydantic.v1.BaseSettings"];

const FIELDS: &[&str] = &["pydantic.Field", "pydantic.fields.Field", "pydantic.v1.Field"];

/// A constant that a setting has.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled<'p> {
    /// The constant.
    pub value: Constant<'p>,
    /// Whether the environment may say otherwise.
    pub is_default: bool,
}

/// Texts that a setting lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Those that are constant.
    pub items: Vec<String>,
    /// Whether the environment may say otherwise.
    pub is_default: bool,
}

/// A call that reads the environment.
struct Reading {
    /// What it yields where the environment is silent; `None` for Python's `None`.
    default: Option<ValueId>,
    /// Whether a text is read as a switch.
    is_switch: bool,
}

impl<'p> Site<'p> {
    /// The constant that an expression yields, where the environment does not say otherwise.
    pub fn settled(&self, value: ValueId) -> Option<Settled<'p>> {
        self.settle(value, &mut { FUEL })
    }

    /// Whether a setting is this switch, for certain or by default.
    pub fn is_settled(&self, value: ValueId, wanted: bool) -> bool {
        self.settled(value).is_some_and(|settled| settled.value == Constant::Bool(wanted))
    }

    /// The expression that a name or attribute is bound to, where it is only one, in this file or another.
    pub fn bound(&self, value: ValueId) -> Option<(Site<'p>, ValueId)> {
        if let Some(Entity::Variable(file, binding)) = self.resolve(value).map(|found| found.entity) {
            let site = Site::new(self.project, file)?;
            return Some((site, only_value(site.module.definitions(binding))?));
        }
        let Value::Attribute(object, name) = self.value(value) else { return None };
        let name = self.module.names().hash(name);
        let Entity::Variable(file, binding) = self.project.method(self.type_of(object)?, name)? else {
            return None;
        };
        let site = Site::new(self.project, file)?;
        Some((site, only_value(site.module.definitions(binding))?))
    }

    fn settle(self, value: ValueId, fuel: &mut u32) -> Option<Settled<'p>> {
        *fuel = fuel.checked_sub(1)?;
        if let Some(value) = self.constant(value) {
            return Some(Settled { value, is_default: false });
        }
        match self.value(value) {
            Value::Name(..) => {
                let (site, value) = self.bound(value)?;
                site.settle(value, fuel)
            }
            Value::Attribute(object, _) => {
                let (site, value) = self.bound(value)?;
                let settled = site.settle(value, fuel)?;
                let is_default = settled.is_default || self.is_instance(object, SETTINGS_CLASSES);
                Some(Settled { is_default, ..settled })
            }
            Value::Call(callee, arguments) => self.settle_call(callee, arguments, fuel),
            Value::Unary(UnaryOperator::Not, operand) => {
                let operand = self.settle(operand, fuel)?;
                Some(operand.with(Constant::Bool(!operand.value.is_true())))
            }
            Value::Compare(comparison) => {
                let (left, operator, right) = comparison.single()?;
                self.settle_comparison(left, operator, right, fuel)
            }
            Value::Boolean(is_and, items) => {
                let mut is_default = false;
                let mut last = None;
                for item in items.iter() {
                    let item = self.settle(item, fuel)?;
                    is_default |= item.is_default;
                    let decides = item.value.is_true() != is_and;
                    last = Some(item.value);
                    if decides {
                        break;
                    }
                }
                Some(Settled { value: last?, is_default })
            }
            Value::Conditional(test, then, otherwise) => {
                let test = self.settle(test, fuel)?;
                let chosen = self.settle(if test.value.is_true() { then } else { otherwise }, fuel)?;
                Some(Settled { is_default: chosen.is_default || test.is_default, ..chosen })
            }
            _ => None,
        }
    }

    fn settle_comparison(
        self,
        left: ValueId,
        operator: CompareOperator,
        right: ValueId,
        fuel: &mut u32,
    ) -> Option<Settled<'p>> {
        let left = self.settle(left, fuel)?;
        let equal = match operator {
            CompareOperator::Equal
            | CompareOperator::NotEqual
            | CompareOperator::Is
            | CompareOperator::IsNot => {
                let right = self.settle(right, fuel)?;
                left.value == right.value
            }
            CompareOperator::In | CompareOperator::NotIn => {
                let (Value::List(items) | Value::Tuple(items) | Value::Set(items)) = self.value(right) else {
                    return None;
                };
                let items: Option<Vec<Constant<'_>>> = items.iter().map(|item| self.constant(item)).collect();
                items?.contains(&left.value)
            }
            _ => return None,
        };
        let is_negated =
            matches!(operator, CompareOperator::NotEqual | CompareOperator::IsNot | CompareOperator::NotIn);
        Some(left.with(Constant::Bool(equal != is_negated)))
    }

    fn settle_call(self, callee: ValueId, arguments: Arguments<'p>, fuel: &mut u32) -> Option<Settled<'p>> {
        if let Some(reading) = self.reading(callee, arguments) {
            let Some(default) = reading.default else {
                return Some(Settled { value: Constant::None, is_default: true });
            };
            let settled = self.settle(default, fuel)?;
            let value = match settled.value {
                Constant::Str(text) if reading.is_switch => Constant::Bool(is_yes(&text)),
                value => value,
            };
            return Some(Settled { value, is_default: true });
        }
        let first = arguments.positional().get(0);
        if self.is_any(callee, FIELDS) {
            let default = self.keyword(arguments, "default").or(first)?;
            return Some(Settled { is_default: true, ..self.settle(default, fuel)? });
        }
        let name = self.last_segment(callee)?;
        match self.value(callee) {
            Value::Attribute(object, _) if first.is_none() => {
                let settled = self.settle(object, fuel)?;
                let text = settled.value.as_str()?;
                let changed = match name {
                    "lower" | "casefold" => text.to_lowercase(),
                    "upper" => text.to_uppercase(),
                    "strip" => text.trim().to_owned(),
                    "title" | "capitalize" => capitalized(text),
                    _ => return None,
                };
                Some(settled.with(Constant::Str(Cow::Owned(changed))))
            }
            _ => {
                let settled = self.settle(first?, fuel)?;
                let value = converted(name, &settled.value)?;
                Some(settled.with(value))
            }
        }
    }

    /// What a call reads from the environment, if it does.
    fn reading(&self, callee: ValueId, arguments: Arguments<'p>) -> Option<Reading> {
        let default = self.keyword(arguments, "default").or_else(|| arguments.positional().get(1));
        if self.is_any(callee, &["os.environ.get", "os.getenv"]) {
            return Some(Reading { default, is_switch: false });
        }
        let (reader, method) = match self.value(callee) {
            Value::Attribute(object, name) => (object, self.module.text(name)),
            _ => (callee, ""),
        };
        let is_reader = self.is_any(callee, &["decouple.config"])
            || self.is_instance(callee, READERS)
            || self.is_instance(reader, READERS);
        let name = self.last_segment(callee).unwrap_or_default();
        let is_named = || {
            let words = words(name);
            words.len() > 1 && words.iter().any(|word| matches!(word.as_str(), "env" | "environ"))
        };
        let takes_name = self.first_text(arguments).is_some();
        if !(is_reader || takes_name && is_named()) {
            return None;
        }
        let cast = self.keyword(arguments, "cast");
        let is_switch = matches!(method, "bool")
            || cast.is_some_and(|cast| self.is_any(cast, &["builtins.bool"]))
            || is_named() && words(name).iter().any(|word| word == "bool");
        let default = default.or_else(|| self.of_scheme(reader, self.first_text(arguments)?))?;
        Some(Reading { default: Some(default), is_switch })
    }

    /// `environ.Env(DEBUG=(bool, True))` says what `env("DEBUG")` is by default.
    fn of_scheme(&self, reader: ValueId, name: &str) -> Option<ValueId> {
        let (site, value) = self.bound(reader)?;
        let Value::Call(_, arguments) = site.value(value) else { return None };
        let Value::Tuple(items) = site.value(site.keyword(arguments, name)?) else { return None };
        items.get(1).filter(|_| site.file == self.file)
    }

    fn first_text(&self, arguments: Arguments<'p>) -> Option<&'p str> {
        match self.value(arguments.positional().get(0)?) {
            Value::Str(name) => Some(self.module.text(name)),
            _ => None,
        }
    }

    /// The constant texts that a setting lists: of a display, of a text that is split, of a single text. What is
    /// not constant is left out; `None` where nothing is known.
    pub fn listed(&self, value: ValueId) -> Option<Listed> {
        self.list(value, &mut { FUEL })
    }

    fn list(self, value: ValueId, fuel: &mut u32) -> Option<Listed> {
        *fuel = fuel.checked_sub(1)?;
        if let Some(settled) = self.settled(value)
            && let Some(text) = settled.value.as_str()
        {
            return Some(Listed { items: vec![text.to_owned()], is_default: settled.is_default });
        }
        match self.value(value) {
            Value::Set(items) => Some(self.list_items(&items.iter().collect::<Vec<_>>(), fuel)),
            Value::Name(..) | Value::List(_) | Value::Tuple(_) | Value::Binary(..) => {
                match self.elements(value) {
                    Some(items) => Some(self.list_items(&items, fuel)),
                    None => self.list_bound(value, fuel),
                }
            }
            Value::Attribute(..) => self.list_bound(value, fuel),
            Value::Comprehension(comprehension) => {
                let (_, iterable, _) = comprehension.clauses().next()?;
                self.list(iterable, fuel)
            }
            Value::Boolean(false, items) => items.iter().find_map(|item| self.list(item, fuel)),
            Value::Call(callee, arguments) => self.list_call(callee, arguments, fuel),
            _ => None,
        }
    }

    fn list_bound(self, value: ValueId, fuel: &mut u32) -> Option<Listed> {
        let (site, value) = self.bound(value)?;
        site.list(value, fuel)
    }

    fn list_items(self, items: &[ValueId], fuel: &mut u32) -> Listed {
        let mut listed = Listed::default();
        for &item in items {
            let item = match self.value(item) {
                Value::Starred(inner) => inner,
                _ => item,
            };
            if let Some(more) = self.list(item, fuel) {
                listed.items.extend(more.items);
                listed.is_default |= more.is_default;
            }
        }
        listed
    }

    fn list_call(self, callee: ValueId, arguments: Arguments<'p>, fuel: &mut u32) -> Option<Listed> {
        if let Some(reading) = self.reading(callee, arguments) {
            return Some(Listed { is_default: true, ..self.list(reading.default?, fuel)? });
        }
        match self.value(callee) {
            Value::Attribute(object, name) if self.module.text(name) == "split" => {
                let text = self.settled(object)?;
                let separator = arguments.positional().get(0).and_then(|value| self.constant(value));
                let separator = separator.as_ref().and_then(|constant| constant.as_str()).unwrap_or(" ");
                let parts = text.value.as_str()?.split(separator).map(|part| part.trim().to_owned());
                Some(Listed { items: parts.collect(), is_default: text.is_default })
            }
            _ if self.is_any(callee, &["builtins.list", "builtins.tuple", "builtins.set"]) => {
                self.list(arguments.positional().get(0)?, fuel)
            }
            _ => None,
        }
    }
}

impl Settled<'_> {
    fn with<'p>(&self, value: Constant<'p>) -> Settled<'p> {
        Settled { value, is_default: self.is_default }
    }
}

/// The value of a name that is assigned once and bound in no other way.
fn only_value(definitions: &[Definition]) -> Option<ValueId> {
    let mut values = definitions.iter().filter(|definition| definition.kind != DefinitionKind::Annotated);
    let only = values.next()?;
    (values.next().is_none() && only.kind == DefinitionKind::Assigned).then_some(ValueId(only.id))
}

/// What `int()`, `bool()` and functions that read a switch from a text make of a constant.
fn converted(name: &str, value: &Constant<'_>) -> Option<Constant<'static>> {
    match name {
        "bool" => Some(Constant::Bool(value.is_true())),
        "int" => match value {
            Constant::Str(text) => text.trim().parse().ok().map(Constant::Int),
            value => value.as_int().map(Constant::Int),
        },
        "str" => value.to_text().map(|text| Constant::Str(Cow::Owned(text))),
        "strtobool" | "str2bool" | "str_to_bool" | "string_to_bool" | "to_bool" | "parse_bool"
        | "as_bool" | "is_true" | "is_truthy" => match value {
            Constant::Str(text) => Some(Constant::Bool(is_yes(text))),
            value => Some(Constant::Bool(value.is_true())),
        },
        _ => None,
    }
}

fn is_yes(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "1" | "true" | "t" | "yes" | "y" | "on" | "ok")
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters.flat_map(char::to_lowercase)).collect()
}
