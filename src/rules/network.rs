//! Waiting for peers, protocols without protection, and listening to everybody.

use crate::facts::{ImportKind, Statement, Value, ValueId, hash_text, path_hash};
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::project::{Constant, Entity, Type};
use crate::rule::{Call, Fact, FactKind, FactNode, Hit, On, Preset, Rule, Site};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "missing-timeout",
        aliases: &["B113", "S113"],
        preset: Preset::Gate,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::High,
        cwe: &[400, 1088],
        message: "`{call}` waits without a timeout",
        why: "A peer that accepts the connection and then says nothing holds the caller for ever; enough of them hold \
              every worker of the service.",
        help: "give it a `timeout`, in seconds",
        on: On::Sink(Kind::Timeout, &["requests", "httpx"], missing_timeout),
    },
    Rule {
        name: "missing-socket-timeout",
        aliases: &[],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[400, 1088],
        message: "`{call}` waits as long as the system lets it",
        why: "The clients of the standard library have no timeout of their own: a silent peer holds the thread.",
        help: "pass `timeout`, or call `socket.setdefaulttimeout` once at the start",
        on: On::Sink(
            Kind::Timeout,
            &["urllib", "socket", "http", "smtplib", "ftplib", "imaplib", "poplib", "telnetlib"],
            missing_socket_timeout,
        ),
    },
    Rule {
        name: "insecure-protocol",
        aliases: &["B401", "B402", "B312", "B321", "S401", "S402", "S312", "S321"],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[319],
        message: "this speaks a protocol without encryption",
        why: "Everybody on the way reads the password and all that is sent, and can change it.",
        help: "use SSH for Telnet, SFTP or `ftplib.FTP_TLS` for FTP",
        on: On::Fact(&[FactKind::Import], cleartext_import),
    },
    Rule {
        name: "insecure-snmp",
        aliases: &["B508", "B509", "S508", "S509"],
        preset: Preset::Review,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::High,
        cwe: &[319],
        message: "`{call}` speaks SNMP without encryption",
        why: "SNMP 1 and 2c send the community, which is the password, in clear; SNMP 3 encrypts only with a privacy key.",
        help: "use `UsmUserData` with both an authentication key and a privacy key",
        on: On::Call(SNMP_CREDENTIALS, cleartext_snmp),
    },
    Rule {
        name: "insecure-ipmi",
        aliases: &["B415", "S415"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::High,
        cwe: &[319, 522],
        message: "this speaks IPMI",
        why: "IPMI 2 hands a hash of the password to whoever asks for it, and older versions encrypt nothing.",
        help: "use Redfish over HTTPS, or keep the management network apart",
        on: On::Import(&["pyghmi", "pyghmi.ipmi", "pyghmi.ipmi.command", "pyghmi.ipmi.console", "pyipmi"]),
    },
    Rule {
        name: "cgi-server",
        aliases: &["B412", "S412"],
        preset: Preset::Gate,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[284, 1329],
        message: "`{call}` runs an application over CGI",
        why: "CGI turns the client's `Proxy` header into `HTTP_PROXY`, and HTTP libraries then send their requests through \
              the client's server (httpoxy).",
        help: "serve the application with a WSGI server",
        on: On::Call(
            &["wsgiref.handlers.CGIHandler", "twisted.web.twcgi.CGIScript", "twisted.web.twcgi.CGIDirectory"],
            always,
        ),
    },
    Rule {
        name: "bind-all-interfaces",
        aliases: &["B104", "S104"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[605, 1327],
        message: "`{call}` listens on every interface of the machine",
        why: "What was meant for a proxy or for the machine itself is reachable from every network it is part of.",
        help: "bind to `127.0.0.1` behind a proxy, or take the address from the configuration",
        on: On::Sink(Kind::Bind, &[], binds_everywhere),
    },
    Rule {
        name: "cleartext-connection",
        aliases: &["B312", "B321", "S312", "S321"],
        preset: Preset::Review,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[319],
        message: "`{call}` opens a connection without encryption",
        why: "Everybody on the way reads the password and all that is sent, and can change it.",
        help: "use the class with TLS (`FTP_TLS`, `IMAP4_SSL`, `POP3_SSL`, `SMTP_SSL`), `starttls`, or SSH for \
              Telnet",
        on: On::Call(CLEARTEXT, cleartext_connection),
    },
    Rule {
        name: "unchecked-url-scheme",
        aliases: &["B310", "S310"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[939, 22],
        message: "`{call}` also opens `file:` and other schemes than HTTP",
        why: "Where a client has a say in the address, it can name a file of the server, which is read as if it \
              were a page.",
        help: "check that the address begins with `https://`, or use a client that speaks HTTP only",
        on: On::Call(OPENERS, unchecked_scheme),
    },
];

const SNMP_CREDENTIALS: &[&str] = &[
    "pysnmp.hlapi.CommunityData",
    "pysnmp.hlapi.UsmUserData",
    "pysnmp.hlapi.asyncio.CommunityData",
    "pysnmp.hlapi.asyncio.UsmUserData",
    "pysnmp.hlapi.v3arch.CommunityData",
    "pysnmp.hlapi.v3arch.UsmUserData",
    "pysnmp.hlapi.v3arch.asyncio.CommunityData",
    "pysnmp.hlapi.v3arch.asyncio.UsmUserData",
];

/// Clients that encrypt nothing unless they are told to.
const CLEARTEXT: &[&str] =
    &["telnetlib.Telnet", "ftplib.FTP", "imaplib.IMAP4", "poplib.POP3", "smtplib.SMTP"];

/// What opens addresses of every scheme that the standard library knows.
const OPENERS: &[&str] = &[
    "urllib.request.urlopen",
    "urllib.request.urlretrieve",
    "urllib.request.URLopener",
    "urllib.request.FancyURLopener",
    "urllib.urlopen",
    "urllib.urlretrieve",
    "urllib.URLopener",
    "urllib2.urlopen",
    "six.moves.urllib.request.urlopen",
    "six.moves.urllib.request.urlretrieve",
    "six.moves.urllib.request.URLopener",
    "six.moves.urllib.request.FancyURLopener",
];

/// Decorators that make a function answer requests.
const ROUTE_DECORATORS: &[&str] =
    &["route", "get", "post", "put", "patch", "delete", "api_route", "api_view", "action", "websocket"];

/// Silent with a timeout of any value but `None`, and where one may come from elsewhere: `**kwargs`, a session
/// that sets one itself or through an adapter. Worse in functions that answer requests, next to nothing in tests.
/// `httpx` has a timeout unless it is taken away.
fn missing_timeout(call: &Call<'_>) -> Option<Hit> {
    let sink = call.sink?;
    let given = call.subject().or_else(|| call.keyword_or_spread("timeout"));
    let endless = match given {
        Some(value) => is_endless(call.site, value),
        None => {
            &*sink.library == "requests" && !call.has_spread() && !call.has_rest() && !has_own_timeout(call)
        }
    };
    if !endless {
        return None;
    }
    if call.site.is_test() {
        return Some(Hit::here().severity(Severity::Info));
    }
    Some(if answers_requests(call) { Hit::here().severity(Severity::Medium) } else { Hit::here() })
}

/// `None`, and `httpx.Timeout(None)`.
fn is_endless(site: Site<'_>, value: ValueId) -> bool {
    if let Value::Call(callee, arguments) = site.value(value) {
        let mut values = arguments.positional().iter();
        let only = arguments.len() == 1
            && values.next().is_some_and(|value| matches!(site.value(value), Value::None));
        return only && site.is_any(callee, &["httpx.Timeout"]);
    }
    site.constant(value) == Some(Constant::None)
}

/// Whether the session that a request is made on sets a timeout, as far as its class and the file tell.
fn has_own_timeout(call: &Call<'_>) -> bool {
    let site = call.site;
    let Some(class) = call.receiver().and_then(|receiver| site.type_of(receiver)) else { return false };
    let overridden = |name| {
        let method = site.project.method(class, hash_text(name));
        matches!(method, Some(Entity::Function(..)))
    };
    if matches!(class, Type::Class(..)) && ["request", "send"].into_iter().any(overridden) {
        return true;
    }
    mounts_adapter(site) || replaces_request(site)
}

/// `session.mount("https://", TimeoutAdapter())`, where the adapter is not the plain one.
fn mounts_adapter(site: Site<'_>) -> bool {
    site.module.calls().any(|id| {
        let Value::Call(callee, arguments) = site.value(id) else { return false };
        if site.last_segment(callee) != Some("mount") {
            return false;
        }
        let adapter = arguments.positional().get(1).and_then(|adapter| site.type_of(adapter));
        adapter.is_some_and(|adapter| adapter != Type::External(path_hash("requests.HTTPAdapter")))
    })
}

/// `session.request = functools.partial(session.request, timeout=5)`.
fn replaces_request(site: Site<'_>) -> bool {
    site.module.statements().any(|id| {
        let Statement::Assign(target, value) = site.module.statement(id) else { return false };
        matches!(site.value(target), Value::Attribute(..))
            && matches!(site.last_segment(target), Some("request" | "send" | "get" | "post"))
            && matches!(site.value(value), Value::Call(..) | Value::Lambda(_) | Value::Name(..))
    })
}

/// Whether the call stands in a function that answers requests: decorated as a route, or with a parameter
/// called `request`.
fn answers_requests(call: &Call<'_>) -> bool {
    let module = call.site.module;
    let Some(function) = call.site.function_of(call.id) else { return false };
    let routed = module.decorators(function).iter().any(|decorator| {
        let callee = call.site.called(decorator);
        call.site.last_segment(callee).is_some_and(|name| ROUTE_DECORATORS.contains(&name))
    });
    routed
        || module
            .parameters(function)
            .iter()
            .take(2)
            .any(|parameter| module.text(parameter.name) == "request")
}

/// Silent with a timeout of any value but `None`, and in a file that sets one for all sockets.
fn missing_socket_timeout(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let given = call.subject();
    let endless = given.map_or_else(
        || !call.has_spread() && !call.has_rest(),
        |value| site.constant(value) == Some(Constant::None),
    );
    let sets_default = || site.module.names().contains_hash(hash_text("setdefaulttimeout"));
    (endless && !sets_default()).then(Hit::here)
}

/// Silent in tests, and where only the encrypted part of a module is used: `ftplib.FTP_TLS`.
fn cleartext_import(fact: &Fact<'_>) -> Option<Hit> {
    let FactNode::Import(import) = fact.node else { return None };
    let (site, module) = (fact.site, fact.site.module);
    if import.level > 0 || site.is_test() {
        return None;
    }
    let hit = |name: &str| Some(Hit::here().says(format!("{name} has no encryption")));
    match module.text(import.module) {
        "telnetlib" => hit("Telnet"),
        "ftplib" => {
            let plain = match import.kind {
                ImportKind::Member => module.text(import.member) == "FTP",
                ImportKind::Star => false,
                ImportKind::Top | ImportKind::Module => uses(site, &["ftplib.FTP"]),
            };
            if plain { hit("FTP") } else { None }
        }
        _ => None,
    }
}

/// Whether the file names one of these paths by an attribute.
fn uses(site: Site<'_>, paths: &[&str]) -> bool {
    let mut attributes = site.module.values().filter(|id| matches!(site.value(*id), Value::Attribute(..)));
    attributes.any(|id| site.is_any(id, paths))
}

/// Silent in tests, and on SNMP 3 with a privacy key.
fn cleartext_snmp(call: &Call<'_>) -> Option<Hit> {
    if call.site.is_test() {
        return None;
    }
    if call.name() == "CommunityData" {
        return Some(Hit::here());
    }
    let private = call.keyword("privKey").or_else(|| call.positional(2));
    (private.is_none() && !call.has_spread() && !call.has_rest()).then(Hit::here)
}

#[allow(clippy::unnecessary_wraps)]
fn always(_: &Call<'_>) -> Option<Hit> {
    Some(Hit::here())
}

/// Silent in tests, in files that switch to TLS, and on mail that is sent without a password.
fn cleartext_connection(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let names = |name: &str| site.module.names().contains_hash(hash_text(name));
    let protected = ["starttls", "stls"].into_iter().any(names);
    let harmless = call.name() == "SMTP" && !names("login");
    (!site.is_test() && !protected && !harmless).then(Hit::here)
}

/// Silent in tests, on an address that begins with `http` or `data` by a constant, and in functions that look at the
/// scheme.
fn unchecked_scheme(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    if site.is_test() {
        return None;
    }
    if call.name().ends_with("opener") {
        return Some(Hit::here());
    }
    let url = address(site, call.positional(0).or_else(|| call.keyword("url"))?);
    let text = site.text(url).skeleton().to_ascii_lowercase();
    let bound = ["http:", "https:", "data:"].iter().any(|scheme| text.starts_with(scheme));
    (!bound && !checks_scheme(call)).then(Hit::here)
}

/// The address of a `Request`, and of a variable of one.
fn address(site: Site<'_>, url: ValueId) -> ValueId {
    let made = match site.value(url) {
        Value::Name(_, Some(binding)) => match site.module.definitions(binding) {
            [only] => only.value().unwrap_or(url),
            _ => url,
        },
        _ => url,
    };
    match site.value(made) {
        Value::Call(callee, arguments) if site.last_segment(callee) == Some("Request") => {
            let keyword = arguments.keywords().find(|(name, _)| site.module.text(*name) == "url");
            arguments.positional().get(0).or(keyword.map(|(_, value)| value)).unwrap_or(url)
        }
        _ => url,
    }
}

/// Whether the function takes a URL apart, or asks how it begins.
fn checks_scheme(call: &Call<'_>) -> bool {
    let site = call.site;
    let apart = ["urlparse", "urlsplit"];
    let by_call = call.calls_near().any(|(callee, arguments)| match site.last_segment(callee) {
        Some("startswith") => arguments.positional().iter().any(|start| {
            let text = site.text(start).skeleton();
            text.starts_with("http")
        }),
        Some(name) => apart.contains(&name),
        None => false,
    });
    by_call || call.values_near().any(|id| site.last_segment(id) == Some("scheme"))
}

/// Silent where the address is not constant, on a port that the system picks, and in functions that only look
/// for a free one.
fn binds_everywhere(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    if site.words_around(call.span().start).has_any(&["available", "free", "unused"]) {
        return None;
    }
    let address = call.subject()?;
    if let Value::Tuple(items) | Value::List(items) = site.value(address) {
        let (host, port) = (items.get(0)?, items.get(1)?);
        let free_port = site.constant(port).is_some_and(|port| port.as_int() == Some(0));
        let host = site.constant(host)?;
        let host = host.as_str()?;
        return ((host.is_empty() || is_everywhere(host)) && !free_port).then(Hit::here);
    }
    let host = site.constant(address)?;
    is_everywhere(host.as_str()?).then(Hit::here)
}

/// `0.0.0.0`, `::` and `*`, with or without scheme and port.
fn is_everywhere(address: &str) -> bool {
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    let everywhere = ["0.0.0.0", "[::]", "::", "*"];
    everywhere.into_iter().any(|host| {
        address.strip_prefix(host).is_some_and(|rest| {
            let port = rest.strip_prefix(':');
            rest.is_empty() || port.is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
        })
    })
}
