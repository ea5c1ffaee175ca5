//! Programs that are started, and shells that read a text on the way.

mod argv;

use self::argv::{Reader, program, reader, script};
use crate::facts::ValueId;
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::rule::{Call, Hit, On, Origin, Preset, Rule, Site};

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
        aliases: &["B602", "B605", "S602", "S604", "S605"],
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
        preset: Preset::OptIn,
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
        preset: Preset::OptIn,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::High,
        cwe: &[426],
        message: "`{call}` looks its program up in `PATH`",
        why: "Whoever can change `PATH`, or write to a folder in it, decides which program is started.",
        help: "name the program by its whole path",
        on: On::Sink(Kind::Command, &[], partial_path),
    },
];

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
    let unsure = origin == Origin::Operator || reader == Reader::Perhaps || call.site.is_test();
    let confidence = if unsure || !surely { Confidence::Low } else { Confidence::Medium };
    let hit = Hit::here().confidence(confidence);
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

/// Silent where the text is not constant, and on `sh -c`, which says what it does.
fn constant_command(call: &Call<'_>) -> Option<Hit> {
    if reader(call) != Reader::Shell {
        return None;
    }
    let text = call.site.text(call.subject()?);
    (text.is_constant() && !text.skeleton().trim().is_empty()).then(Hit::here)
}

/// Silent where a path stands before the `*`, where `--` ends the options, and on other programs.
fn wildcard(call: &Call<'_>) -> Option<Hit> {
    if reader(call) != Reader::Shell {
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

/// Silent on constant arguments, and where a shell takes part, which is `command-injection`.
fn dynamic_arguments(call: &Call<'_>) -> Option<Hit> {
    if reader(call) != Reader::Nobody || (!call.is_known() && call.name() != "subprocess_exec") {
        return None;
    }
    let mut values = argv::elements(call);
    values.extend(call.subject());
    let dynamic = values.iter().any(|value| {
        call.site.text(*value).values().any(|(file, value)| {
            Site::new(call.site.project, file).is_some_and(|site| !is_harmless(site, value))
        })
    });
    dynamic.then(Hit::here)
}

/// Silent on a program that is not constant.
fn partial_path(call: &Call<'_>) -> Option<Hit> {
    if !call.is_known() || call.name() == "exec_command" {
        return None;
    }
    let program = program(call)?;
    let drive = program.get(1..2) == Some(":");
    let whole = program.starts_with(['/', '\\', '.', '~', '$', '%', '"', '\'']) || drive;
    (!whole && !program.is_empty()).then(Hit::here)
}
