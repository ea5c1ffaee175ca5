//! Switches of servers and frameworks, and the keys they sign with.

use rustc_hash::FxHashMap;

use crate::facts::{
    Anchor, Arguments, ScopeId, ScopeKind, Statement, StatementId, Value, ValueId, dict_items, hash_text,
};
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::project::{Constant, FileId, Project};
use crate::rule::{Call, Fact, FactKind, FactNode, Hit, On, Preset, Rule, Site, words};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "debug-server",
        aliases: &["B201", "S201"],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::High,
        cwe: &[489, 94],
        message: "`{call}` turns the debug mode on",
        why: "Werkzeug's debugger runs code for whoever reaches it and guesses the PIN; other servers show source and \
              settings on every error.",
        help: "take the switch from the environment, and let it be off by default",
        on: On::Any(&[
            On::Sink(Kind::DebugServer, &[], debug_call),
            On::Fact(&[FactKind::Assign], debug_assignment),
        ]),
    },
    Rule {
        name: "django-debug",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[489, 215],
        message: "`DEBUG` is on in settings that are not marked as those of a developer",
        why: "Django's error pages show source, local variables and most settings to whoever causes an error.",
        help: "set `DEBUG = False` here, and turn it on in the settings for development only",
        on: On::Fact(&[FactKind::Assign], django_debug),
    },
    Rule {
        name: "django-allowed-hosts",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[644, 20],
        message: "`ALLOWED_HOSTS` takes any `Host` header for the site's own",
        why: "Links in password mails, redirects and cached pages then point to a host that the client names.",
        help: "list the names under which the site is served",
        on: On::Fact(&[FactKind::Assign], django_allowed_hosts),
    },
    Rule {
        name: "shared-secret-key",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::High,
        cwe: &[798, 321],
        message: "this secret key stands in another file, too",
        why: "Who learns the key of one environment can sign sessions and tokens for all that share it.",
        help: "give each environment a key of its own, from its environment or secret store",
        on: On::Project(shared_secret_keys),
    },
];

/// Words of a condition that say: somebody chose to debug.
const CHOICE: &[&str] = &[
    "debug",
    "debugging",
    "dev",
    "devel",
    "develop",
    "development",
    "local",
    "env",
    "environ",
    "environment",
    "reload",
    "mode",
    "testing",
    "debugger",
];

/// Words of a file name that say: not for production.
const DEVELOPMENT: &[&str] = &[
    "dev",
    "devel",
    "develop",
    "developer",
    "development",
    "local",
    "localhost",
    "debug",
    "demo",
    "example",
    "sample",
    "ci",
    "dummy",
    "docs",
    "sandbox",
    "playground",
    "template",
    "e2e",
    "unittest",
];

/// What only the settings of a Django project have.
const DJANGO_SETTINGS: &[&str] = &["INSTALLED_APPS", "ROOT_URLCONF", "MIDDLEWARE", "WSGI_APPLICATION"];

const SECRET_KEYS: &[&str] = &[
    "SECRET_KEY",
    "JWT_SECRET_KEY",
    "JWT_SECRET",
    "JWT_SIGNING_KEY",
    "SIGNING_KEY",
    "APP_SECRET",
    "APP_SECRET_KEY",
    "WTF_CSRF_SECRET_KEY",
    "CSRF_SECRET_KEY",
    "SESSION_SECRET",
    "SESSION_SECRET_KEY",
    "COOKIE_SECRET",
    "SECURITY_PASSWORD_SALT",
    "FERNET_KEY",
    "ENCRYPTION_KEY",
    "TOKEN_SECRET",
];

/// Pieces of a value that is meant to be replaced, in lower case without punctuation.
const PLACEHOLDERS: &[&str] = &[
    "changeme",
    "changethis",
    "replace",
    "placeholder",
    "yoursecret",
    "yourkey",
    "mysecret",
    "supersecret",
    "dummy",
    "todo",
    "fixme",
    "xxxx",
    "notasecret",
    "notsosecret",
    "verysecret",
    "secretkey",
    "example",
    "generateme",
];

/// Silent where the switch is not constant, and where a condition is about it.
fn debug_call(call: &Call<'_>) -> Option<Hit> {
    let (site, sink) = (call.site, call.sink?);
    let switch = sink.keywords.iter().find_map(|name| call.keyword_or_spread(name));
    let switch = switch.or_else(|| sink.args.iter().find_map(|position| call.positional(*position)));
    let switch = switch.or_else(|| site.entry(call.positional(0)?, "DEBUG"))?;
    if !site.constant(switch)?.is_true() {
        return None;
    }
    // `Flask.run`, by its name alone.
    if !call.path.starts_with('?') {
        return weighed(site, call.span().start, debug_severity(&sink.library), Hit::here());
    }
    let hit = Hit::here().confidence(Confidence::Medium).says("this turns the debug mode of the server on");
    let known = call.receiver().is_some_and(|app| is_unknown_app(site, app));
    known.then(|| weighed(site, call.span().start, Severity::High, hit)).flatten()
}

/// `app.debug = True`, `app.config["DEBUG"] = True`. Silent as `debug_call` is.
fn debug_assignment(fact: &Fact<'_>) -> Option<Hit> {
    let FactNode::Statement(_, Statement::Assign(target, value)) = fact.node else { return None };
    let site = fact.site;
    let app = match site.value(target) {
        Value::Attribute(app, name) if site.module.text(name) == "debug" => app,
        Value::Item(config, key) if matches!(site.value(key), Value::Str(name) if site.module.text(name) == "DEBUG") => {
            match site.value(config) {
                Value::Attribute(app, name) if site.module.text(name) == "config" => app,
                _ => return None,
            }
        }
        _ => return None,
    };
    if site.constant(value) != Some(Constant::Bool(true)) {
        return None;
    }
    let hit = Hit::here().says("this turns the debug mode of the server on");
    let offset = site.module.span(target).start;
    if site.is_instance(app, &["flask.Flask", "quart.Quart", "dash.Dash"]) {
        return weighed(site, offset, Severity::Medium, hit);
    }
    let hit = hit.confidence(Confidence::Medium);
    is_unknown_app(site, app).then(|| weighed(site, offset, Severity::Medium, hit)).flatten()
}

/// How bad the debug mode of a library is: a console for everybody, or error pages.
fn debug_severity(library: &str) -> Severity {
    match library {
        "flask" | "werkzeug" | "quart" | "dash" | "flask_socketio" => Severity::High,
        _ => Severity::Medium,
    }
}

/// Less where a file is run by hand, and in tests.
fn weighed(site: Site<'_>, offset: u32, severity: Severity, hit: Hit) -> Option<Hit> {
    if site.is_chosen_by(offset, CHOICE) {
        return None;
    }
    let severity = match severity {
        _ if site.is_test() => Severity::Low,
        Severity::High if site.is_main(offset) => Severity::Medium,
        severity => severity,
    };
    Some(hit.severity(severity))
}

/// Whether an object of unknown class is called like an application in a file that uses Flask.
fn is_unknown_app(site: Site<'_>, app: ValueId) -> bool {
    let called =
        |wanted: &str| site.last_segment(app).is_some_and(|name| words(name).contains(&wanted.to_owned()));
    let flask = site.module.imports().iter().any(|import| {
        let module = site.module.text(import.module);
        module.starts_with("flask") || module.starts_with("quart") || module.starts_with("dash")
    });
    flask && site.type_of(app).is_none() && ["app", "application", "server", "flask"].into_iter().any(called)
}

/// Silent where the switch is not the only one of the file or is overridden by settings built on it, and in
/// settings whose name says that they are not for production.
fn django_debug(fact: &Fact<'_>) -> Option<Hit> {
    let (target, value) = setting(fact, "DEBUG")?;
    (fact.site.constant(value)? == Constant::Bool(true)).then_some(())?;
    let hit = judge_setting(fact.site, target)?;
    // Whatever is imported below may turn it off.
    let below = fact.site.module.span(target).start;
    let mut stars = fact.site.module.imports().iter().filter(|import| import.member.some().is_none());
    let overridden = stars.any(|import| import.binding.is_none() && import.span.start > below);
    Some(if overridden { hit.confidence(Confidence::Low) } else { hit })
}

/// Silent where `*` is only a part of a name, and as `django_debug` is.
fn django_allowed_hosts(fact: &Fact<'_>) -> Option<Hit> {
    let (target, value) = setting(fact, "ALLOWED_HOSTS")?;
    let site = fact.site;
    let (Value::List(items) | Value::Tuple(items) | Value::Set(items)) = site.value(value) else {
        return None;
    };
    let star = |item| site.constant(item).is_some_and(|item| item.as_str() == Some("*"));
    items.iter().any(star).then(|| judge_setting(site, target)).flatten()
}

/// Target and value of an assignment to a setting at the level of its module, outside of any condition.
fn setting(fact: &Fact<'_>, wanted: &str) -> Option<(ValueId, ValueId)> {
    let FactNode::Statement(id, statement) = fact.node else { return None };
    let (target, value) = match statement {
        Statement::Assign(target, value) => (target, value),
        Statement::Annotated(target, _, value) => (target, value?),
        _ => return None,
    };
    let module = fact.site.module;
    let Value::Name(name, Some(binding)) = module.value(target) else { return None };
    let assigned = module.definitions(binding).iter().filter(|definition| definition.value().is_some());
    let only = assigned.count() == 1 && module.text(name) == wanted;
    (only && module.body().iter().any(|statement: StatementId| statement == id)).then_some((target, value))
}

/// Whether this is a file of Django settings meant for production.
fn judge_setting(site: Site<'_>, target: ValueId) -> Option<Hit> {
    let project = site.project;
    let path = &project.file(site.file)?.path;
    if site.is_test() || path.split('/').any(is_for_development) || !is_django_settings(site) {
        return None;
    }
    let name = site.last_segment(target)?;
    let overrides = |file| {
        let module = project.module(file);
        module.is_some_and(|module| module.lookup(ScopeId(0), hash_text(name)).is_some())
    };
    (!project.star_importers(site.file).any(overrides)).then(Hit::here)
}

fn is_for_development(part: &str) -> bool {
    words(part.strip_suffix(".py").unwrap_or(part))
        .iter()
        .any(|word| word.starts_with("test") || DEVELOPMENT.contains(&word.as_str()))
}

/// Whether a file has what only Django's settings have, by itself or from the settings it builds on.
fn is_django_settings(site: Site<'_>) -> bool {
    DJANGO_SETTINGS.iter().any(|name| site.project.global(site.file, name).is_some())
}

/// A secret key in the code.
struct SecretKey<'p> {
    file: FileId,
    /// Where it is set.
    place: ValueId,
    /// What tells it from others without giving it away.
    anchor: ValueId,
    value: ValueId,
    text: &'p str,
}

/// The same key in two files or more. Silent on placeholders, in tests, and on names of keys that stand elsewhere.
fn shared_secret_keys(project: &Project) -> Vec<(FileId, Hit)> {
    let mut by_text: FxHashMap<&str, Vec<SecretKey<'_>>> = FxHashMap::default();
    for (file, source) in project.files().filter(|(_, source)| !source.is_test()) {
        let named = |name: &&&str| source.module.names().contains_hash(hash_text(name));
        if SECRET_KEYS.iter().find(named).is_some()
            || source.module.names().contains_hash(hash_text("secret_key"))
        {
            for key in secret_keys(project, file) {
                by_text.entry(key.text).or_default().push(key);
            }
        }
    }
    let shared =
        by_text.into_values().filter(|keys| keys.iter().any(|key| Some(key.file) != first_file(keys)));
    shared
        .flat_map(|keys| keys.iter().filter_map(|key| shared_hit(project, key, &keys)).collect::<Vec<_>>())
        .collect()
}

fn first_file(keys: &[SecretKey<'_>]) -> Option<FileId> {
    keys.first().map(|key| key.file)
}

/// The finding at one of the places that share a key.
fn shared_hit(project: &Project, key: &SecretKey<'_>, keys: &[SecretKey<'_>]) -> Option<(FileId, Hit)> {
    let module = project.module(key.file)?;
    let others = keys.iter().filter(|other| other.file != key.file);
    let paths: Vec<&str> =
        others.clone().filter_map(|other| project.file(other.file)).map(|file| &*file.path).collect();
    let name = match paths.as_slice() {
        [only] => format!("this secret key stands in `{only}`, too"),
        [first, rest @ ..] => {
            format!("this secret key stands in `{first}` and {} more files, too", rest.len())
        }
        [] => return None,
    };
    let hit = Hit::at(module.span(key.place))
        .says(name)
        .anchor(Anchor::Value(key.anchor))
        .hides(module.span(key.value));
    let hit = others.fold(hit, |hit, other| {
        let span = project.module(other.file).map(|module| module.span(other.place)).unwrap_or_default();
        hit.beside(other.file, span, "the same key")
    });
    Some((key.file, hit))
}

/// The secret keys that a file has in its code.
fn secret_keys(project: &Project, file: FileId) -> Vec<SecretKey<'_>> {
    let Some(site) = Site::new(project, file) else { return Vec::new() };
    let module = site.module;
    let mut found = Vec::new();
    let mut add = |place: ValueId, anchor: ValueId, value: ValueId| {
        if let Value::Str(name) = module.value(value)
            && !is_placeholder(module.text(name))
        {
            found.push(SecretKey { file, place, anchor, value, text: module.text(name) });
        }
    };
    for id in module.statements() {
        if let Statement::Assign(target, value) | Statement::Annotated(target, _, Some(value)) =
            module.statement(id)
            && names_secret_key(site, target)
        {
            add(target, target, value);
        }
    }
    for id in module.calls() {
        let Value::Call(callee, arguments) = module.value(id) else { continue };
        if matches!(site.last_segment(callee), Some("update" | "from_mapping" | "dict")) {
            for value in configured(site, arguments) {
                add(value, callee, value);
            }
        }
    }
    found
}

/// The secret keys among the arguments of `config.update(…)`, which takes keywords or a dictionary.
fn configured(site: Site<'_>, arguments: Arguments<'_>) -> Vec<ValueId> {
    let is_key = |name: &str| SECRET_KEYS.contains(&name);
    let keywords = arguments.keywords().filter(|(name, _)| is_key(site.module.text(*name)));
    let mut found: Vec<ValueId> = keywords.map(|(_, value)| value).collect();
    if let Some(first) = arguments.positional().get(0)
        && let Value::Dict(items) = site.value(first)
    {
        found.extend(dict_items(items).filter_map(|(key, value)| match site.value(key?) {
            Value::Str(name) if is_key(site.module.text(name)) => Some(value),
            _ => None,
        }));
    }
    found
}

/// `SECRET_KEY` of a module or class, `app.secret_key`, `config["SECRET_KEY"]`.
fn names_secret_key(site: Site<'_>, target: ValueId) -> bool {
    let module = site.module;
    match module.value(target) {
        Value::Name(name, Some(binding)) => {
            let scope = module.binding(binding).and_then(|binding| module.scope(binding.scope));
            let global =
                scope.is_some_and(|scope| matches!(scope.kind, ScopeKind::Module | ScopeKind::Class));
            global && SECRET_KEYS.contains(&module.text(name))
        }
        Value::Attribute(_, name) => {
            let name = module.text(name);
            name == "secret_key" || SECRET_KEYS.contains(&name)
        }
        Value::Item(_, key) => {
            matches!(module.value(key), Value::Str(name) if SECRET_KEYS.contains(&module.text(name)))
        }
        _ => false,
    }
}

/// A value that is no secret: empty, short, or one that asks to be replaced.
fn is_placeholder(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    plain.len() < 8
        || text.starts_with(['<', '$', '{', '%'])
        || (plain.len() < 32 && PLACEHOLDERS.iter().any(|placeholder| plain.contains(placeholder)))
        || plain.contains("changeme")
}
