//! Which argument of a call a shell reads, if any.

use crate::facts::{Name, Value, ValueId};
use crate::models::Shell;
use crate::rule::Call;

/// Programs that read a command after an option.
const SHELLS: [&str; 14] = [
    "sh",
    "bash",
    "zsh",
    "dash",
    "ksh",
    "ash",
    "fish",
    "csh",
    "tcsh",
    "su",
    "cmd",
    "cmd.exe",
    "powershell",
    "pwsh",
];

/// Who reads the text of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// A shell.
    Shell,
    /// A shell, if a switch that is not constant says so.
    Perhaps,
    /// The program that is started, as its arguments.
    Nobody,
}

/// Who reads the first argument of a call.
pub(super) fn reader(call: &Call<'_>) -> Reader {
    let name = match call.sink.map(|sink| &sink.shell) {
        Some(Shell::Keyword(name)) => name,
        Some(Shell::Fixed(true)) => return Reader::Shell,
        _ => return Reader::Nobody,
    };
    // The ninth parameter of `Popen`, which the other functions hand on to it.
    let position = || if name == "shell" && call.is_known() { call.positional(8) } else { None };
    let Some(switch) = call.keyword(name).or_else(position).or_else(|| spread(call, name)) else {
        return Reader::Nobody;
    };
    match truth(call, switch) {
        Some(true) => Reader::Shell,
        // Of a method that is known only by its name, a switch says little.
        None if call.is_known() => Reader::Perhaps,
        _ => Reader::Nobody,
    }
}

/// Whether a switch is on, where that is plain; a list that is written out is on unless it is empty.
fn truth(call: &Call<'_>, switch: ValueId) -> Option<bool> {
    match call.site.value(switch) {
        Value::List(items) | Value::Tuple(items) | Value::Set(items) | Value::Dict(items) => {
            Some(!items.is_empty())
        }
        _ => call.site.constant(switch).map(|constant| constant.is_true()),
    }
}

/// The value of a keyword in `**options`, where `options = {…}` or `dict(…)` is in sight.
fn spread(call: &Call<'_>, name: &str) -> Option<ValueId> {
    let site = call.site;
    let (_, options) = call.arguments.keywords().find(|(keyword, _)| *keyword == Name::NONE)?;
    let options = match site.value(options) {
        Value::Name(_, Some(binding)) => site.module.definitions(binding).first()?.value()?,
        _ => options,
    };
    match site.value(options) {
        Value::Dict(items) => crate::facts::dict_items(items).find_map(|(key, value)| {
            let key = site.constant(key?)?;
            (key.as_str() == Some(name)).then_some(value)
        }),
        Value::Call(_, arguments) => arguments
            .keywords()
            .find(|(keyword, _)| site.module.text(*keyword) == name)
            .map(|(_, value)| value),
        _ => None,
    }
}

/// The text that a shell reads, and how sure that is.
pub(super) fn script(call: &Call<'_>) -> Option<(ValueId, Reader)> {
    let reader = reader(call);
    let subject = call.subject()?;
    let items = call.site.elements(subject);
    match (reader, items) {
        // Of a list the shell reads the first element; the others are its `$0`, `$1`, …
        (Reader::Shell, Some(items)) => items.first().map(|first| (*first, reader)),
        (Reader::Shell | Reader::Perhaps, None) => Some((subject, reader)),
        (Reader::Perhaps | Reader::Nobody, _) => inner_script(call).map(|script| (script, Reader::Shell)),
    }
}

/// What is passed to the program, the program first.
pub(super) fn elements(call: &Call<'_>) -> Vec<ValueId> {
    let variadic = call.sink.is_some_and(|sink| sink.shell == Shell::Fixed(false));
    let first = call.sink.and_then(|sink| sink.args.first().copied()).unwrap_or(0);
    let positional = call.arguments.positional();
    let values: Vec<ValueId> = match call.subject() {
        Some(_) if variadic && positional.len() > first => positional.iter().skip(first).collect(),
        subject => subject.into_iter().collect(),
    };
    let flat = values.into_iter().flat_map(|value| call.site.elements(value).unwrap_or_else(|| vec![value]));
    flat.collect()
}

/// The command in `["sh", "-c", command]`, wherever in the arguments it stands.
fn inner_script(call: &Call<'_>) -> Option<ValueId> {
    let elements = elements(call);
    let text = |value: &ValueId| {
        call.site.constant(*value).and_then(|constant| constant.as_str().map(str::to_owned))
    };
    let texts: Vec<Option<String>> = elements.iter().map(text).collect();
    let shell = texts.iter().position(|text| text.as_deref().is_some_and(is_shell))?;
    let option =
        texts.iter().skip(shell + 1).position(|text| text.as_deref().is_some_and(is_command_option))?;
    elements.get(shell + option + 2).copied()
}

fn is_shell(text: &str) -> bool {
    let name = text.rsplit(['/', '\\']).next().unwrap_or(text).to_ascii_lowercase();
    SHELLS.contains(&name.as_str())
}

/// `-c`, `-lc`, `/c`, `-Command`.
fn is_command_option(text: &str) -> bool {
    let short = text.strip_prefix('-').is_some_and(|letters| {
        letters.len() <= 4 && letters.ends_with('c') && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
    });
    short || text.eq_ignore_ascii_case("/c") || text.eq_ignore_ascii_case("-command")
}

/// The program that a call names as a constant.
pub(super) fn program(call: &Call<'_>) -> Option<String> {
    let site = call.site;
    let first = *elements(call).first()?;
    let text = site.text(first);
    let constant = site.constant(first).and_then(|constant| constant.as_str().map(str::to_owned));
    let start = constant.unwrap_or_else(|| text.marked('\0').0);
    let word = start.split_whitespace().next()?;
    (!word.contains('\0')).then(|| word.to_owned())
}
