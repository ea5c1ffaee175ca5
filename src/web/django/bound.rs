//! What parameters and loop variables are worth on the way that is being followed, and the texts they go into.

use super::super::collect;
use super::super::model::RoutePath;
use super::Settings;
use crate::facts::{
    Arguments, BinaryOperator, BindingId, Definition, DefinitionKind, FunctionId, ParameterKind, Value,
    ValueId,
};
use crate::project::{FileId, Site};

/// The deepest nesting of texts and variables.
const DEEPEST: u32 = 16;

/// A variable that is worth something for as long as it is followed.
#[derive(Clone, Copy)]
pub(super) struct Bound<'p> {
    file: FileId,
    binding: BindingId,
    pub site: Site<'p>,
    pub value: ValueId,
}

impl<'p> Bound<'p> {
    /// A variable of a file, and what another file, or the same, has for it.
    pub fn new((file, binding): (FileId, BindingId), site: Site<'p>, value: ValueId) -> Bound<'p> {
        Bound { file, binding, site, value }
    }
}

/// What a variable is worth.
pub(super) fn worth<'p>(bound: &[Bound<'p>], file: FileId, binding: BindingId) -> Option<Bound<'p>> {
    bound.iter().rev().find(|one| one.file == file && one.binding == binding).copied()
}

/// What the parameters of a function are worth in a call.
pub(super) fn parameters<'p>(
    caller: Site<'p>,
    arguments: Arguments<'p>,
    owner: Site<'p>,
    function: FunctionId,
) -> Vec<Bound<'p>> {
    let parameters = owner.module.parameters(function).iter();
    let mut parameters =
        parameters.filter(|one| !matches!(one.kind, ParameterKind::Rest | ParameterKind::Keywords));
    // The first parameter of a method is its instance or class.
    if owner.module.function(function).is_some_and(|facts| facts.class.is_some()) {
        parameters.next();
    }
    let mut found = Vec::new();
    for (position, parameter) in parameters.enumerate() {
        let name = owner.module.text(parameter.name);
        let key = (owner.file, parameter.binding);
        match (caller.argument(arguments, position, name), parameter.default) {
            (Some(given), _) => found.push(Bound::new(key, caller, given)),
            (None, Some(default)) => found.push(Bound::new(key, owner, default)),
            (None, None) => {}
        }
    }
    found
}

/// What the targets of a loop are worth for one element.
pub(super) fn targets(site: Site<'_>, target: ValueId, element: ValueId) -> Vec<Bound<'_>> {
    match (site.value(target), site.value(element)) {
        (Value::Name(_, Some(binding)), _) => vec![Bound::new((site.file, binding), site, element)],
        (Value::Tuple(targets) | Value::List(targets), Value::Tuple(items) | Value::List(items)) => {
            targets.iter().zip(items.iter()).flat_map(|(one, item)| self::targets(site, one, item)).collect()
        }
        _ => Vec::new(),
    }
}

/// Reads the texts of paths.
pub(super) struct Texts<'s, 'p> {
    pub settings: &'s Settings,
    pub bound: &'s [Bound<'p>],
}

impl<'p> Texts<'_, 'p> {
    /// The path of a route; `_("about/")` is the path as written.
    pub fn path(&self, site: Site<'p>, value: ValueId) -> RoutePath {
        self.text(site, value, DEEPEST).map_or_else(|| self.parts(site, value), RoutePath::exact)
    }

    /// A path of which a part is not known.
    fn parts(&self, site: Site<'p>, value: ValueId) -> RoutePath {
        let pieces = match site.value(value) {
            Value::Format(items) if site.module.is_plain_format(value) => items.iter().collect::<Vec<_>>(),
            Value::Binary(BinaryOperator::Add, left, right) => vec![left, right],
            _ => return collect::path(site, value),
        };
        let mut found = RoutePath { text: String::new(), is_exact: false };
        for piece in pieces {
            match self.text(site, piece, DEEPEST) {
                Some(text) => found.text.push_str(&text),
                None => found.text.push_str(&self.parts(site, piece).text),
            }
        }
        found
    }

    fn text(&self, site: Site<'p>, value: ValueId, depth: u32) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        match site.value(value) {
            Value::Str(name) => Some(site.module.text(name).to_owned()),
            Value::Format(items) if site.module.is_plain_format(value) => {
                items.iter().map(|item| self.text(site, item, depth)).collect()
            }
            Value::Binary(BinaryOperator::Add, left, right) => {
                Some(self.text(site, left, depth)? + &self.text(site, right, depth)?)
            }
            Value::Name(_, Some(binding)) => self
                .variable(site, value, binding, depth)
                .or_else(|| Some(site.constant(value)?.as_str()?.to_owned())),
            Value::Attribute(object, name) => {
                let own = site.constant(value).and_then(|text| text.as_str().map(str::to_owned));
                own.or_else(|| {
                    let is_settings = site.is_any(object, &["django.conf.settings"]);
                    is_settings.then(|| self.settings.text(site, site.module.text(name))).flatten()
                })
            }
            Value::Call(callee, arguments) => self.call(site, value, callee, arguments, depth),
            _ => Some(site.constant(value)?.as_str()?.to_owned()),
        }
    }

    fn variable(&self, site: Site<'p>, usage: ValueId, binding: BindingId, depth: u32) -> Option<String> {
        let span = site.module.span(usage);
        let is_before = |one: &&Definition| {
            one.offset < span.start && !one.value().is_some_and(|value| site.module.span(value).covers(span))
        };
        let definition = site.module.definitions(binding).iter().rev().find(is_before);
        if let Some(value) =
            definition.filter(|one| one.kind == DefinitionKind::Assigned).and_then(|one| one.value())
        {
            return self.text(site, value, depth);
        }
        let found = worth(self.bound, site.file, binding)?;
        self.text(found.site, found.value, depth)
    }

    fn call(
        &self,
        site: Site<'p>,
        value: ValueId,
        callee: ValueId,
        arguments: Arguments<'p>,
        depth: u32,
    ) -> Option<String> {
        if let Some(constant) = site.constant(value) {
            return constant.as_str().map(str::to_owned);
        }
        let given = arguments.positional().get(0);
        if let Value::Attribute(object, name) = site.value(callee)
            && matches!(site.module.text(name), "rstrip" | "lstrip" | "strip")
        {
            let text = self.text(site, object, depth)?;
            let ends = given.map_or(Some(" ".to_owned()), |given| self.text(site, given, depth))?;
            let is_end = |character: char| ends.contains(character);
            return Some(match site.module.text(name) {
                "rstrip" => text.trim_end_matches(is_end).to_owned(),
                "lstrip" => text.trim_start_matches(is_end).to_owned(),
                _ => text.trim_matches(is_end).to_owned(),
            });
        }
        // `_("about/")`
        let is_translated = site.last_segment(callee).is_some_and(|name| {
            matches!(name, "_" | "gettext" | "gettext_lazy" | "ugettext" | "ugettext_lazy" | "pgettext_lazy")
        });
        let last = arguments.positional().iter().next_back().filter(|_| is_translated)?;
        self.text(site, last, depth)
    }
}
