//! Connections whose peer is not verified.

mod handed;

use self::handed::handed_on;
use crate::facts::{Anchor, Statement, Value, ValueId, hash_text};
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::project::{Constant, Entity, FileId};
use crate::rule::{Call, Fact, FactKind, FactNode, Hit, On, Preset, Rule, Site, words};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "tls-verify-disabled",
        aliases: &["B501", "B323", "B504", "S501", "S323", "S504"],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::High,
        cwe: &[295],
        message: "`{call}` is told not to verify the certificate of its peer",
        why: "Whoever sits on the way can answer in the peer's name, read what is sent, and change what comes back.",
        help: "verify, and name the bundle of your own authority where the certificate is not publicly signed",
        on: On::Any(&[
            On::Sink(Kind::TlsVerify, &[], unverified_call),
            On::Call(&["functools.partial"], unverified_partial),
            On::Call(OPTION_SETTERS, unverified_option),
            On::Call(&["ssl.wrap_socket"], unverified_socket),
            On::Fact(&[FactKind::Assign], unverified_assignment),
            On::File(handed_on),
        ]),
    },
    Rule {
        name: "weak-tls-version",
        aliases: &["B502", "B503", "S502", "S503"],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[327, 326],
        message: "`{call}` asks for a version of TLS that is broken or out of use",
        why: "SSL 2, SSL 3, TLS 1.0 and TLS 1.1 have known attacks and were retired by RFC 7568 and RFC 8996.",
        help: "use `ssl.create_default_context()`, which agrees on TLS 1.2 or later",
        on: On::Any(&[
            On::Call(VERSIONED, weak_version_call),
            On::File(weak_version_elsewhere),
            On::Fact(&[FactKind::Function], weak_version_default),
            On::Fact(&[FactKind::Assign], weak_version_assignment),
        ]),
    },
    Rule {
        name: "ssh-host-key-unverified",
        aliases: &["B507", "S507"],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[295],
        message: "`{call}` takes any host key that it does not know",
        why: "Whoever answers in the host's place gets the session, and the password if one is sent.",
        help: "load the known hosts and keep paramiko's default, `RejectPolicy`",
        on: On::Call(
            &["paramiko.SSHClient.set_missing_host_key_policy", "?.set_missing_host_key_policy"],
            lenient_host_key_policy,
        ),
    },
    Rule {
        name: "weak-tls-ciphers",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[327, 326],
        message: "`{call}` allows ciphers that are broken or protect nothing",
        why: "The weakest cipher that both sides know decides; whoever is on the way can make them agree on it.",
        help: "leave the choice to `ssl.create_default_context()`",
        on: On::Any(&[
            On::Call(
                &["ssl.SSLContext.set_ciphers", "OpenSSL.SSL.Context.set_cipher_list", "?.set_ciphers"],
                weak_ciphers,
            ),
            On::Call(
                &[
                    "ssl.wrap_socket",
                    "urllib3.util.ssl_.create_urllib3_context",
                    "urllib3.util.create_urllib3_context",
                ],
                weak_ciphers,
            ),
        ]),
    },
];

/// Words of a condition or function that say: somebody chose not to verify.
const CHOICE: &[&str] = &[
    "verify",
    "verified",
    "unverified",
    "noverify",
    "verification",
    "validate",
    "validation",
    "insecure",
    "cert",
    "certs",
    "certificate",
    "certificates",
    "ssl",
    "tls",
    "hostname",
    "check",
    "skip",
    "selfsigned",
    "trust",
    "strict",
];

const OPTION_SETTERS: &[&str] = &["pycurl.Curl.setopt", "?.setopt", "ldap.set_option", "?.set_option"];

const OPTIONS: &[&str] = &[
    "pycurl.SSL_VERIFYPEER",
    "pycurl.SSL_VERIFYHOST",
    "pycurl.Curl.SSL_VERIFYPEER",
    "ldap.OPT_X_TLS_REQUIRE_CERT",
];

const VERSIONED: &[&str] =
    &["ssl.SSLContext", "ssl.wrap_socket", "ssl.get_server_certificate", "OpenSSL.SSL.Context"];

const WEAK_VERSIONS: &[&str] = &[
    "ssl.PROTOCOL_SSLv2",
    "ssl.PROTOCOL_SSLv3",
    "ssl.PROTOCOL_TLSv1",
    "ssl.PROTOCOL_TLSv1_1",
    "OpenSSL.SSL.SSLv2_METHOD",
    "OpenSSL.SSL.SSLv3_METHOD",
    "OpenSSL.SSL.TLSv1_METHOD",
    "OpenSSL.SSL.TLSv1_1_METHOD",
    "ssl.TLSVersion.SSLv3",
    "ssl.TLSVersion.TLSv1",
    "ssl.TLSVersion.TLSv1_1",
];

/// Last names of those that mean nothing else.
const WEAK_NAMES: &[&str] = &[
    "PROTOCOL_SSLv2",
    "PROTOCOL_SSLv3",
    "PROTOCOL_TLSv1",
    "PROTOCOL_TLSv1_1",
    "SSLv2_METHOD",
    "SSLv3_METHOD",
    "TLSv1_METHOD",
    "TLSv1_1_METHOD",
];

/// Silent where the switch is not constant: somebody else decides.
fn unverified_call(call: &Call<'_>) -> Option<Hit> {
    let sink = call.sink?;
    let hit = if sink.keywords.is_empty() && sink.args.is_empty() {
        call.keyword_constant("cert_reqs").is_none_or(|value| !value.is_true()).then(Hit::here)?
    } else {
        let name = sink.keywords.iter().find(|name| is_switched_off(call, name))?;
        let hit = call.keyword(name).map_or_else(Hit::here, |value| Hit::at(call.site.module.span(value)));
        let hit = Hit { span: None, ..hit };
        if name == "assert_hostname" { hit.severity(Severity::Medium) } else { hit }
    };
    let harmless = call.argument(0, "url").is_some_and(|url| is_local(call.site, url));
    weighed(call.site, call.span().start, hit, harmless)
}

/// `partial(requests.get, verify=False)`. Silent where the switch is not constant.
fn unverified_partial(call: &Call<'_>) -> Option<Hit> {
    let target = call.site.resolve(call.positional(0)?)?;
    let paths: Vec<u64> = call.site.project.paths(target).collect();
    let sinks = call.site.project.models().sinks().iter().filter(|sink| sink.kind == Kind::TlsVerify);
    let mut named = sinks.filter(|sink| paths.contains(&crate::facts::path_hash(&sink.path)));
    let sink = named.find(|sink| sink.keywords.iter().any(|name| is_switched_off(call, name)))?;
    let hit = Hit::here().says(format!("`{}` is told not to verify the certificate of its peer", sink.path));
    weighed(call.site, call.span().start, hit, false)
}

/// `curl.setopt(pycurl.SSL_VERIFYPEER, 0)`. Silent on other options.
fn unverified_option(call: &Call<'_>) -> Option<Hit> {
    let (option, value) = (call.positional(0)?, call.positional(1)?);
    if !call.site.is_any(option, OPTIONS) {
        return None;
    }
    let off = call.site.constant(value).is_some_and(|value| !value.is_true())
        || call.site.is_any(value, &["ldap.OPT_X_TLS_NEVER", "ldap.OPT_X_TLS_ALLOW"]);
    off.then(|| weighed(call.site, call.span().start, Hit::here(), false)).flatten()
}

/// `ssl.wrap_socket(sock)` verifies nothing unless it is told to. Silent on sockets of servers.
fn unverified_socket(call: &Call<'_>) -> Option<Hit> {
    let server = call.argument(3, "server_side").is_some();
    if server || call.has_spread() || call.has_rest() || call.argument(4, "cert_reqs").is_some() {
        return None;
    }
    let hit = Hit::here().says("`ssl.wrap_socket` verifies no certificate unless it is told to");
    weighed(call.site, call.span().start, hit, false)
}

/// `session.verify = False`, `context.verify_mode = ssl.CERT_NONE`, `ssl._create_default_https_context = …`.
/// Silent where the value is not constant, and on contexts of servers, which ask for no certificate.
fn unverified_assignment(fact: &Fact<'_>) -> Option<Hit> {
    let (target, value) = assignment(fact)?;
    let site = fact.site;
    let hit = match site.value(target) {
        Value::Attribute(object, name) => {
            unverified_attribute(site, target, object, site.module.text(name), value)?
        }
        Value::Item(object, key) => unverified_environment(site, object, key, value)?,
        _ => return None,
    };
    weighed(site, site.module.span(target).start, hit, false)
}

fn unverified_attribute(
    site: Site<'_>,
    target: ValueId,
    object: ValueId,
    name: &str,
    value: ValueId,
) -> Option<Hit> {
    let off = || site.constant(value).is_some_and(|value| value != Constant::None && !value.is_true());
    match name {
        "verify" if off() => {
            let hit = Hit::here().says("this session does not verify the certificate of its peer");
            if site.is_instance(object, &["requests.Session"]) {
                return Some(hit);
            }
            let named = site.type_of(object).is_none()
                && site.imports("requests")
                && site.last_segment(object).is_some_and(|name| words(name).contains(&"session".to_owned()));
            named.then(|| hit.confidence(Confidence::Medium))
        }
        "verify_mode" if off() && is_client_context(site, object) => {
            Some(Hit::here().says("this TLS context does not verify the certificate of its peer"))
        }
        "check_hostname" if off() && is_client_context(site, object) && !unverified_too(site, target) => {
            Some(
                Hit::here()
                    .says("this TLS context does not check whose certificate it is shown")
                    .severity(Severity::Medium)
                    .confidence(Confidence::Medium),
            )
        }
        "verify_ssl" if off() && site.is_instance(object, &["kubernetes.client.Configuration"]) => {
            Some(Hit::here().says("this client does not verify the certificate of its peer"))
        }
        "_create_default_https_context" if site.is_any(target, &["ssl._create_default_https_context"]) => {
            let hit =
                Hit::here().says("no HTTPS request of this process verifies the certificate of its peer");
            site.is_any(value, &["ssl._create_unverified_context"]).then_some(hit)
        }
        _ => None,
    }
}

/// `os.environ["PYTHONHTTPSVERIFY"] = "0"`, and the empty bundle that `requests` took for "do not verify".
fn unverified_environment(site: Site<'_>, object: ValueId, key: ValueId, value: ValueId) -> Option<Hit> {
    let (key, value) = (site.constant(key)?, site.constant(value)?);
    let off = match key.as_str()? {
        "PYTHONHTTPSVERIFY" => value.as_str() == Some("0"),
        "CURL_CA_BUNDLE" | "REQUESTS_CA_BUNDLE" => value.as_str() == Some(""),
        _ => false,
    };
    let hit = || Hit::here().says("no HTTPS request of this process verifies the certificate of its peer");
    (off && site.is_any(object, &["os.environ"])).then(hit)
}

/// Weaker where somebody chose: in a branch or function about that choice, in tests, and on the own machine.
fn weighed(site: Site<'_>, offset: u32, hit: Hit, harmless: bool) -> Option<Hit> {
    if site.is_chosen_by(offset, CHOICE) {
        return None;
    }
    if harmless || site.is_test() {
        return Some(hit.severity(Severity::Low));
    }
    let named = ["unverified", "insecure", "noverify", "verify", "verifying", "verification"];
    let target = site.statement_at(offset).and_then(|id| match site.module.statement(id) {
        Statement::Assign(target, _) if !matches!(site.value(target), Value::Attribute(..)) => Some(target),
        _ => None,
    });
    let target = target.map(|target| site.words_in(site.module.span(target))).unwrap_or_default();
    let chosen = target.has_any(&named) || site.words_around(offset).has_any(&named);
    Some(if chosen { hit.confidence(Confidence::Low) } else { hit })
}

/// Whether a keyword says that the peer is not to be verified.
fn is_switched_off(call: &Call<'_>, name: &str) -> bool {
    let Some(value) = call.keyword_or_spread(name) else { return false };
    let site = call.site;
    if matches!(name, "sslopt" | "ssl_options") {
        let required = site.entry(value, "cert_reqs").and_then(|value| site.constant(value));
        return required.is_some_and(|value| value.as_int() == Some(0));
    }
    let Some(value) = site.constant(value) else { return false };
    match name {
        "cert_reqs" | "ssl_cert_reqs" | "validate" => {
            let text = value.as_str().is_some_and(|text| text.to_ascii_uppercase().ends_with("NONE"));
            let none = name == "ssl_cert_reqs" && value == Constant::None;
            text || none || value.as_int() == Some(0)
        }
        "server_cert_validation" => value.as_str() == Some("ignore"),
        // Anything but `False` is a context or the default.
        "ssl" => value == Constant::Bool(false),
        "disable_ssl_certificate_validation"
        | "disableSslCertValidation"
        | "tlsAllowInvalidCertificates"
        | "tlsAllowInvalidHostnames"
        | "tlsInsecure" => value.is_true(),
        _ => value != Constant::None && !value.is_true(),
    }
}

/// Whether a constant address is that of the machine itself, or has no TLS to verify.
fn is_local(site: Site<'_>, url: ValueId) -> bool {
    let text = site.text(url).skeleton();
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let host = rest.split(['/', ' ', '?']).next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    scheme == "http" || matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// Whether an object can be the TLS context of a client: its class says so, or is not known, and no place that
/// makes it asks for one of a server.
fn is_client_context(site: Site<'_>, object: ValueId) -> bool {
    let context = site.is_instance(object, &["ssl.SSLContext"])
        || (site.type_of(object).is_none() && (site.imports("ssl") || site.imports("urllib3")));
    context && !made_from(site, object).into_iter().any(|(file, value)| is_server_context(site, file, value))
}

fn is_server_context(site: Site<'_>, file: FileId, value: ValueId) -> bool {
    let Some(site) = Site::new(site.project, file) else { return false };
    let Value::Call(_, arguments) = site.value(value) else { return false };
    let server = ["ssl.Purpose.CLIENT_AUTH", "ssl.PROTOCOL_TLS_SERVER"];
    let keywords = arguments.keywords().map(|(_, value)| value);
    arguments.positional().iter().chain(keywords).any(|value| site.is_any(value, &server))
}

/// What a variable or attribute is assigned, as far as that is known.
fn made_from(site: Site<'_>, object: ValueId) -> Vec<(FileId, ValueId)> {
    if let Some(found) = site.resolve(object)
        && let Entity::Variable(file, binding) = found.entity
        && let Some(module) = site.project.module(file)
    {
        let values = module.definitions(binding).iter().filter_map(|definition| definition.value());
        return values.map(|value| (file, value)).collect();
    }
    site.project.attribute_values(site.file, object)
}

/// Whether the same function switches off verification as a whole, which says it better.
fn unverified_too(site: Site<'_>, target: ValueId) -> bool {
    let function = site.function_of(target);
    site.module.statements().any(|id| {
        let Statement::Assign(other, value) = site.module.statement(id) else { return false };
        site.last_segment(other) == Some("verify_mode")
            && site.function_of(other) == function
            && site.constant(value).is_some_and(|value| value.as_int() == Some(0))
    })
}

fn weak_version_call(call: &Call<'_>) -> Option<Hit> {
    let keywords = call.arguments.keywords().map(|(_, value)| value);
    let mut values = call.arguments.positional().iter().chain(keywords);
    let site = call.site;
    let chosen = values.any(|value| site.is_any(value, WEAK_VERSIONS));
    chosen.then(|| spared_in_tests(site, Hit::here()))
}

/// `context.minimum_version = ssl.TLSVersion.TLSv1`. Silent on `maximum_version` of probes, and on defaults.
fn weak_version_assignment(fact: &Fact<'_>) -> Option<Hit> {
    let (target, value) = assignment(fact)?;
    let site = fact.site;
    let lowers = matches!(site.value(target), Value::Attribute(..))
        && matches!(site.last_segment(target), Some("minimum_version" | "ssl_version"));
    let hit = || Hit::here().says("this asks for a version of TLS that is broken or out of use");
    (lowers && site.is_any(value, WEAK_VERSIONS)).then(|| spared_in_tests(site, hit()))
}

/// `connect(ssl_version=ssl.PROTOCOL_TLSv1)`: an argument that hands a weak version on to whatever makes the connection.
fn weak_version_elsewhere(site: Site<'_>) -> Vec<Hit> {
    let names = site.module.names();
    if !WEAK_NAMES.iter().any(|name| names.contains_hash(hash_text(name))) {
        return Vec::new();
    }
    let weak = |id: &ValueId| {
        let Value::Call(callee, arguments) = site.value(*id) else { return false };
        let chosen = arguments.keywords().any(|(name, value)| {
            matches!(site.module.text(name), "ssl_version" | "method" | "ssl_protocol" | "tls_version")
                && names_weak_version(site, value)
        });
        chosen && !site.is_any(callee, VERSIONED)
    };
    let hit = |id| {
        let hit = Hit::at(site.module.span(id)).anchor(Anchor::Value(id));
        spared_in_tests(site, hit.says("this asks for a version of TLS that is broken or out of use"))
    };
    site.module.calls().filter(weak).map(hit).collect()
}

/// `def connect(version=ssl.PROTOCOL_TLSv1)`.
fn weak_version_default(fact: &Fact<'_>) -> Option<Hit> {
    let FactNode::Statement(_, Statement::Function(function)) = fact.node else { return None };
    let site = fact.site;
    let parameters = site.module.parameters(function).iter();
    let weak = parameters
        .into_iter()
        .find(|parameter| parameter.default.is_some_and(|default| names_weak_version(site, default)))?;
    let said = "whoever leaves this argument out gets a version of TLS that is broken or out of use";
    Some(spared_in_tests(site, Hit::at(weak.span).says(said)))
}

fn names_weak_version(site: Site<'_>, value: ValueId) -> bool {
    let by_name = matches!(site.value(value), Value::Attribute(..))
        && site.last_segment(value).is_some_and(|name| WEAK_NAMES.contains(&name));
    by_name || site.is_any(value, WEAK_VERSIONS)
}

/// Silent in tests, where the list is not constant, and on names that a `!` or `-` takes out.
fn weak_ciphers(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let list = call
        .keyword("ciphers")
        .or_else(|| call.name().starts_with("set_").then(|| call.positional(0)).flatten())?;
    let list = site.constant(list)?;
    let list = list.as_str()?;
    let weak = list.split([':', ',', ' ', ';']).find(|name| is_weak_cipher(name))?.to_owned();
    let hit = Hit::here().says(format!("`{weak}` allows ciphers that are broken or protect nothing"));
    (!site.is_test()).then_some(hit)
}

/// Whether a part of a list of OpenSSL adds something weak.
fn is_weak_cipher(name: &str) -> bool {
    const WEAK: [&str; 7] = ["RC4", "RC2", "NULL", "EXP", "ADH", "AECDH", "DES"];
    let name = name.trim();
    let adds = !name.starts_with(['!', '-', '@']);
    let upper = name.to_ascii_uppercase();
    adds && (WEAK.iter().any(|weak| upper.contains(weak))
        || matches!(upper.as_str(), "LOW" | "COMPLEMENTOFALL"))
}

/// Silent on other policies. Weaker where somebody chose it.
fn lenient_host_key_policy(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let policy = call.argument(0, "policy")?;
    let policies = ["AutoAddPolicy", "WarningPolicy"].map(|name| format!("paramiko.{name}"));
    let modules = ["AutoAddPolicy", "WarningPolicy"].map(|name| format!("paramiko.client.{name}"));
    let paths: Vec<&str> = policies.iter().chain(&modules).map(String::as_str).collect();
    if !site.is_any(policy, &paths) && !site.is_call_of(policy, &paths) {
        return None;
    }
    let offset = call.span().start;
    if site.is_chosen_by(
        offset,
        &["host", "key", "keys", "strict", "policy", "auto", "verify", "known", "hosts"],
    ) {
        return None;
    }
    Some(spared_in_tests(site, Hit::here()))
}

fn spared_in_tests(site: Site<'_>, hit: Hit) -> Hit {
    if site.is_test() { hit.severity(Severity::Low) } else { hit }
}

/// Target and value of an assignment.
fn assignment(fact: &Fact<'_>) -> Option<(ValueId, ValueId)> {
    match fact.node {
        FactNode::Statement(_, Statement::Assign(target, value)) => Some((target, value)),
        FactNode::Statement(_, Statement::Annotated(target, _, value)) => Some((target, value?)),
        _ => None,
    }
}
