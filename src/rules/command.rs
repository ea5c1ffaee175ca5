//! Programs that are started, and shells that read a text on the way.

mod argv;

use self::argv::{Reader, program, reader, script};
use crate::facts::{Anchor, Value, ValueId, hash_text, path_hash};
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::project::Constant;
use crate::rule::{Call, FactKind, Hit, IMPORTERS, On, Origin, Preset, Rule, Site};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "command-injection",
        aliases: &["B601", "B602", "B604", "B605", "S601", "S602", "S604", "S605"],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: Some(Severity::Critical),
        confidence: Confidence::Medium,
        cwe: &[78],
        message: "`{call}` has a shell run a text that is not constant",
        why: "The shell reads `;`, `|`, `$( )` and blanks in a value as part of the command. Whoever can shape the \
              value runs programs of their own.",
        help: "pass a list of arguments without a shell, or quote each value with `shlex.quote`",
        on: On::Sink(Kind::Command, &[], injected),
    },
    Rule {
        name: "shell-literal",
        aliases: &["B601", "B602", "B604", "B605", "S601", "S602", "S604", "S605"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::High,
        cwe: &[78],
        message: "`{call}` starts a shell for a constant command",
        why: "Nothing can be injected today. The shell still looks the program up in `PATH`, hides the exit code of \
              all but the last command, and waits for the first variable to be pasted in.",
        help: "pass the command as a list of arguments without a shell",
        on: On::Sink(Kind::Command, &[], constant_command),
    },
    Rule {
        name: "wildcard-injection",
        aliases: &["B609", "S609"],
        preset: Preset::Review,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[155, 88],
        message: "`{call}` lets the shell put file names where options may stand",
        why: "A file called `--checkpoint-action=exec=…` is an option once the shell has put it in the place of `*`. \
              Whoever may create files in that folder chooses the options.",
        help: "write `./*` instead of `*`, or put `--` before it",
        on: On::Sink(Kind::Command, &[], wildcard),
    },
    Rule {
        name: "subprocess-without-shell",
        aliases: &["B603", "B606", "S603", "S606"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Low,
        cwe: &[78, 88],
        message: "`{call}` starts a program with arguments that are not constant",
        why: "No shell reads them, yet a value can be another program, or an option where a file name was meant.",
        help: "choose the program from a fixed list, and put `--` before values that may begin with a hyphen",
        on: On::Sink(Kind::Command, &[], dynamic_arguments),
    },
    Rule {
        name: "partial-path",
        aliases: &["B607", "S607"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::High,
        cwe: &[426],
        message: "`{call}` looks its program up in `PATH`",
        why: "Whoever can change `PATH`, or write to a folder in it, decides which program is started.",
        help: "name the program by its whole path",
        on: On::Sink(Kind::Command, &[], partial_path),
    },
    Rule {
        name: "constant-subprocess",
        aliases: &["B603", "B606", "S603", "S606"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::High,
        cwe: &[78],
        message: "`{call}` starts a program with constant arguments",
        why: "Nothing can be injected today. It is here for whoever wants to know which programs a service starts.",
        help: "look if a library does the same without another program",
        on: On::Sink(Kind::Command, &[], constant_arguments),
    },
    Rule {
        name: "wrapper-with-shell",
        aliases: &["B604", "S604"],
        preset: Preset::Review,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Low,
        cwe: &[78],
        message: "a function is told to use a shell",
        why: "What the function does with its text is not known here. If a shell reads it, every value in the text \
              is part of the command.",
        help: "pass a list of arguments without a shell, or quote each value with `shlex.quote`",
        on: On::File(shells_elsewhere),
    },
    Rule {
        name: "subprocess-import",
        aliases: &["B404", "S404"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::High,
        cwe: &[78],
        message: "this file can start programs",
        why: "It is the list of files to read first when a command may have been shaped by a client.",
        help: "keep the starting of programs in few files, and read those with care",
        on: On::Any(&[
            On::Fact(&[FactKind::Import], |fact| starts_programs(fact.site, fact.brings(STARTERS))),
            On::Call(IMPORTERS, |call| starts_programs(call.site, call.brings(STARTERS))),
        ]),
    },
];

/// Modules for starting programs, and nothing else.
const STARTERS: &[&str] = &["subprocess", "subprocess32", "popen2", "commands", "pexpect", "sh", "plumbum"];

/// Silent where no shell takes part, where a method that may or may not be one of SSH is handed a whole text, and where every part of the text is constant, a number or quoted for a
/// shell. Less sure of what the operator of the program gives, of tests, and where a shell may not take part.
fn injected(call: &Call<'_>) -> Option<Hit> {
    let (text, reader) = script(call)?;
    let parts = call.site.text(text);
    let surely = is_surely_a_shell(call);
    if !surely && parts.skeleton().trim().is_empty() {
        return None;
    }
    let mut worst = None;
    for (file, value) in parts.values() {
        let Some(site) = Site::new(call.site.project, file) else { continue };
        if is_harmless(site, value) {
            continue;
        }
        let origin = site.origin(value);
        if worst.is_none_or(|(known, _, _)| origin > known) {
            worst = Some((origin, file, value));
        }
    }
    let (origin, file, value) = worst?;
    let is_test = call.site.is_test();
    let unsure = origin == Origin::Operator || reader == Reader::Perhaps || is_test;
    let confidence = if unsure || !surely { Confidence::Low } else { Confidence::Medium };
    let hit = Hit::here().confidence(confidence);
    let hit = if is_test { hit.severity(Severity::Info) } else { hit };
    let part = call.site.project.module(file)?.span(value);
    let outside = file != call.site.file || !call.span().covers(part);
    Some(if outside { hit.beside(file, part, "this part is not constant") } else { hit })
}

/// Whether a value cannot bring a command of its own.
fn is_harmless(site: Site<'_>, value: ValueId) -> bool {
    site.project.is_number(site.file, value)
        || site.project.is_quoted(site.file, value, Kind::Command)
        || site.project.is_enum_member(site.file, value)
        || site.is_any(value, &["sys.executable", "os.devnull", "os.sep", "os.linesep", "sys.platform"])
}

/// `exec_command` is a method of many classes, most of them for SSH.
fn is_surely_a_shell(call: &Call<'_>) -> bool {
    call.is_known() || call.name() != "exec_command" || call.site.imports("paramiko")
}

/// Silent where the text is not constant, and on `sh -c`, which says what it does. Less sure of a method that may
/// or may not be one of SSH.
fn constant_command(call: &Call<'_>) -> Option<Hit> {
    if reader(call) != Reader::Shell {
        return None;
    }
    let confidence = if is_surely_a_shell(call) { Confidence::High } else { Confidence::Low };
    let text = call.site.text(call.subject()?);
    let constant = text.is_constant() && !text.skeleton().trim().is_empty();
    constant.then(|| Hit::here().confidence(confidence))
}

/// Silent in tests, where a path stands before the `*`, where `--` ends the options, and on other programs.
fn wildcard(call: &Call<'_>) -> Option<Hit> {
    if reader(call) != Reader::Shell || call.site.is_test() {
        return None;
    }
    let text = call.site.text(call.subject()?).skeleton();
    text.split([';', '|', '&', '\n']).any(is_wild).then(Hit::here)
}

/// Whether a command of a shell is one whose options are dangerous, with a bare `*` among its arguments.
fn is_wild(command: &str) -> bool {
    let mut words = command.split_whitespace().skip_while(|word| *word == "sudo" || word.contains('='));
    let program = words.next().and_then(|word| word.rsplit('/').next()).unwrap_or_default();
    matches!(program, "chown" | "chmod" | "tar" | "rsync")
        && words.take_while(|word| *word != "--").any(|word| word.starts_with('*'))
}

/// Silent in tests, on constant arguments, and where a shell takes part, which is `command-injection`.
fn dynamic_arguments(call: &Call<'_>) -> Option<Hit> {
    (starts_directly(call) && has_dynamic_argument(call) && !call.site.is_test()).then(Hit::here)
}

/// Silent in tests, on arguments that are not constant, on lists that grow, and where a shell takes part.
fn constant_arguments(call: &Call<'_>) -> Option<Hit> {
    let subject = call.subject()?;
    let constant = starts_directly(call) && !has_dynamic_argument(call) && !grows(call, subject);
    (constant && !call.site.is_test()).then(Hit::here)
}

/// Whether something is added to a list near the call: `command.append(name)`.
fn grows(call: &Call<'_>, list: ValueId) -> bool {
    call.calls_near().any(|(callee, _)| match call.site.value(callee) {
        Value::Attribute(object, _) => {
            matches!(call.site.last_segment(callee), Some("append" | "extend" | "insert"))
                && call.site.is_same(object, list)
        }
        _ => false,
    })
}

/// Whether a call starts a program without a shell.
fn starts_directly(call: &Call<'_>) -> bool {
    reader(call) == Reader::Nobody && (call.is_known() || call.name() == "subprocess_exec")
}

fn has_dynamic_argument(call: &Call<'_>) -> bool {
    let mut values = argv::elements(call);
    values.extend(call.subject());
    values.iter().any(|value| {
        call.site.text(*value).values().any(|(file, value)| {
            Site::new(call.site.project, file).is_some_and(|site| !is_harmless(site, value))
        })
    })
}

/// `execute(text, shell=True)`. Silent in tests, and where the callee is known to start programs, which other rules
/// speak of. Less bad where the text is constant.
fn shells_elsewhere(site: Site<'_>) -> Vec<Hit> {
    if site.is_test() || !site.module.names().contains_hash(hash_text("shell")) {
        return Vec::new();
    }
    let told = |id: &ValueId| {
        let Value::Call(callee, arguments) = site.value(*id) else { return false };
        let mut keywords = arguments.keywords();
        let shell = keywords.find(|(name, _)| site.module.text(*name) == "shell").map(|(_, value)| value);
        let on =
            shell.and_then(|value| site.constant(value)).is_some_and(|value| value == Constant::Bool(true));
        on && !starts_a_program(site, callee)
    };
    let hit = |id: ValueId| {
        let Value::Call(callee, arguments) = site.value(id) else { return None };
        let name = site.last_segment(callee)?;
        let text = arguments.positional().get(0)?;
        let hit = Hit::at(site.module.span(id)).anchor(Anchor::Value(id));
        let hit = hit.says(format!("`{name}` is told to use a shell"));
        Some(if site.text(text).is_constant() { hit.severity(Severity::Low) } else { hit })
    };
    site.module.calls().filter(told).filter_map(hit).collect()
}

/// Whether the models know a callee as one that starts programs, by its path or by the name of the method.
fn starts_a_program(site: Site<'_>, callee: ValueId) -> bool {
    let paths: Vec<u64> = match site.resolve(callee) {
        Some(found) => site.project.paths(found).collect(),
        None => Vec::new(),
    };
    let method =
        matches!(site.value(callee), Value::Attribute(..)).then(|| site.last_segment(callee)).flatten();
    let sinks = site.project.models().sinks().iter().filter(|sink| sink.kind == Kind::Command);
    sinks.into_iter().any(|sink| {
        let name = sink.path.strip_prefix("?.");
        paths.contains(&path_hash(&sink.path)) || name.is_some() && name == method
    })
}

/// Silent in tests.
fn starts_programs(site: Site<'_>, module: Option<&str>) -> Option<Hit> {
    let module = module.filter(|_| !site.is_test())?;
    Some(Hit::here().says(format!("this file can start programs: it imports `{module}`")))
}

/// Silent in tests, and on a program that is not constant.
fn partial_path(call: &Call<'_>) -> Option<Hit> {
    if call.site.is_test() || !call.is_known() || call.name() == "exec_command" {
        return None;
    }
    let program = program(call)?;
    let drive = program.get(1..2) == Some(":");
    let whole = program.starts_with(['/', '\\', '.', '~', '$', '%', '"', '\'']) || drive;
    (!whole && !program.is_empty()).then(Hit::here)
}
