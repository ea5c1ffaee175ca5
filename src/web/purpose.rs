//! What endpoints are for, as their paths and the names of their handlers say.

use super::model::{Methods, RoutePath};
use crate::project::words;

/// Words of endpoints that callers come to before anybody knows them.
const ENTRANCES: &[&str] = &[
    "login",
    "logon",
    "signin",
    "logout",
    "signout",
    "signup",
    "register",
    "registration",
    "pwreset",
    "pwrecover",
    "oauth",
    "oauth2",
    "oidc",
    "openid",
    "saml",
    "sso",
    "callback",
    "authorize",
    "authenticate",
    "otp",
    "2fa",
    "mfa",
    "totp",
    "passkey",
    "webauthn",
    "captcha",
    "csrf",
];
/// Those that are so as long as the path names no object: `/token`, not `/users/{id}/password`.
const ENTRANCES_OF_NOBODY: &[&str] = &["token", "password", "passwords"];

/// Words of endpoints that machines call with a proof of their own.
const MACHINES: &[&str] = &["webhook", "webhooks", "hook", "hooks", "ipn", "notify", "postback", "acme"];

/// Words of endpoints that tell whether anybody is there.
const PROBES: &[&str] = &[
    "health",
    "healthz",
    "healthcheck",
    "heartbeat",
    "ping",
    "ready",
    "readyz",
    "readiness",
    "live",
    "livez",
    "liveness",
    "alive",
    "status",
    "version",
    "uptime",
];

/// Words of endpoints that give everybody the same.
const CONTENT: &[&str] = &[
    "static",
    "assets",
    "asset",
    "public",
    "favicon",
    "robots",
    "sitemap",
    "manifest",
    "webmanifest",
    "jsi18n",
    "i18n",
    "css",
    "js",
    "fonts",
    "sprite",
    "docs",
    "doc",
    "openapi",
    "swagger",
    "redoc",
    "schema",
    "graphiql",
    "playground",
    "rapidoc",
    "scalar",
    "apidocs",
];

/// Words of endpoints that compute and keep nothing, or only for the caller, where a path ends with them.
const COMPUTING: &[&str] = &[
    "search",
    "autocomplete",
    "suggest",
    "suggestions",
    "query",
    "preview",
    "validate",
    "calculate",
    "estimate",
    "echo",
    "lookup",
    "refresh",
    "session",
    "sessions",
    "redirect",
    "language",
    "locale",
    "lang",
];

/// Words of endpoints that take from everybody.
const OPEN: &[&str] = &[
    "contact",
    "feedback",
    "newsletter",
    "subscribe",
    "unsubscribe",
    "optout",
    "cart",
    "basket",
    "checkout",
    "waitinglist",
    "consent",
    "cookie",
    "cookies",
    "track",
    "beacon",
    "telemetry",
    "pixel",
    "setlang",
    "csp",
    "demo",
    "graphql",
    "guest",
    "anonymous",
    "invite",
    "invitation",
    "magic",
    "forgot",
    "activate",
    "activation",
    "confirm",
    "confirmation",
    "verify",
    "verification",
    "recover",
    "recovery",
    "resend",
];

/// Words of what only few may reach, whoever else uses the application.
const CLOSED: &[&str] = &[
    "admin",
    "admins",
    "administrator",
    "administration",
    "superadmin",
    "superuser",
    "sysadmin",
    "internal",
    "private",
    "debug",
    "debugger",
    "backdoor",
    "sudo",
    "actuator",
    "phpinfo",
    "pprof",
];

/// Words of what callers nobody knows have no business with, where an application knows its callers.
const DELICATE: &[&str] = &[
    "backup",
    "backups",
    "dump",
    "export",
    "exports",
    "secrets",
    "credentials",
    "tokens",
    "apikeys",
    "logs",
    "audit",
    "env",
    "impersonate",
    "metrics",
    "prometheus",
];

/// Those that are so when something is changed, or done.
const DELICATE_WRITES: &[&str] = &[
    "config",
    "configuration",
    "settings",
    "roles",
    "permissions",
    "shutdown",
    "restart",
    "reboot",
    "purge",
    "wipe",
    "users",
    "accounts",
];

/// The words of documentation of an API, and of tools of developers.
const DOCUMENTATION: &[&str] =
    &["docs", "openapi", "swagger", "redoc", "graphiql", "playground", "rapidoc", "scalar", "apidocs"];

/// Names of parameters of a path by which whoever knows the address is let in.
const CAPABILITIES: &[&str] =
    &["secret", "token", "hash", "signature", "uidb64", "nonce", "invite", "hmac", "digest", "sig"];

/// What an endpoint is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To let callers in.
    Entrance,
    /// For machines.
    Machine,
    /// Content for everybody.
    Content,
    /// For administrators, developers, or the inside of a network; the word that says so.
    Closed(String),
    /// For callers who are known, where anybody is; the word that says so.
    Delicate(String),
    /// Open to everybody by what it does: a search, a basket, a contact form.
    Open,
    /// Nothing that its names say.
    Unknown,
}

/// A path, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The words of each constant segment; none for one that is a parameter.
    pub segments: Vec<Vec<String>>,
    /// The names of the parameters.
    pub parameters: Vec<String>,
}

impl Purpose {
    /// What an endpoint is for.
    pub fn of(path: &RoutePath, names: &[&str], methods: Methods) -> Purpose {
        let parts = Parts::of(&path.text);
        let in_words: Vec<Vec<String>> = names.iter().map(|name| words(name)).collect();
        let all = || parts.segments.iter().chain(&in_words).flatten();
        let has = |list: &[&str]| all().any(|word| list.contains(&word.as_str()));
        let pair = |first: &str, second: &str| {
            let lists = parts.segments.iter().chain(&in_words);
            lists
                .flat_map(|list| list.windows(2))
                .any(|pair| matches!(pair, [a, b] if a == first && b == second))
        };
        let writes = methods.change_state();
        let is_first = has(ENTRANCES_OF_NOBODY) && parts.parameters.is_empty();
        let is_in_words = pair("sign", "in") || pair("sign", "up") || pair("log", "in");
        if has(ENTRANCES) || is_first || is_in_words || parts.is_capability() || parts.ends_with("auth") {
            return Purpose::Entrance;
        }
        if has(MACHINES) || !writes && has(PROBES) || pair("well", "known") {
            return Purpose::Machine;
        }
        // What is there to be put, changed or deleted is no matter of everybody's, whatever it is called.
        let takes = !methods.common(Methods::of("GET").and(Methods::of("POST")).and(Methods::ANY)).is_empty();
        if takes && has(CONTENT) {
            return Purpose::Content;
        }
        if let Some(word) = parts.segments.iter().find_map(|words| closed(words)) {
            return Purpose::Closed(word.clone());
        }
        if let Some(word) = parts.delicate(&in_words, writes) {
            return Purpose::Delicate(word);
        }
        let is_free = pair("check", "username") || pair("check", "email") || pair("check", "name");
        let is_open = is_free || has(OPEN) || parts.computes(&in_words);
        if takes && is_open { Purpose::Open } else { Purpose::Unknown }
    }

    /// Whether everybody is meant to reach it.
    pub fn is_public(&self) -> bool {
        matches!(self, Purpose::Entrance | Purpose::Machine | Purpose::Content | Purpose::Open)
    }
}

/// Whether a path is that of documentation of an API, or of a tool of developers.
pub fn is_documentation(path: &RoutePath) -> bool {
    let parts = Parts::of(&path.text);
    let last = parts.segments.iter().rev().find(|words| !words.is_empty());
    last.is_some_and(|words| words.iter().any(|word| DOCUMENTATION.contains(&word.as_str())))
        || path.text.contains("__debug__")
}

impl Parts {
    /// The parts of a path of any framework: `/users/<int:id>`, `/users/{id}`, `^users/(?P<id>\d+)$`.
    pub fn of(path: &str) -> Parts {
        let mut parts = Parts::default();
        let mut segment = String::new();
        let mut is_parameter = false;
        let mut rest = path.chars();
        while let Some(character) = rest.next() {
            match character {
                '/' => parts.end(&mut segment, &mut is_parameter),
                '(' | '[' | '<' | '{' => {
                    let inside = enclosed(&mut rest, character);
                    is_parameter |= character != '[';
                    parts.parameters.extend(parameter(character, &inside));
                }
                '^' | '$' | '?' | '\\' | '+' | '*' => {}
                ':' if segment.is_empty() => is_parameter = true,
                _ => segment.push(character),
            }
        }
        parts.end(&mut segment, &mut is_parameter);
        parts
    }

    fn end(&mut self, segment: &mut String, is_parameter: &mut bool) {
        if !segment.is_empty() || *is_parameter {
            self.segments.push(words(segment));
        }
        segment.clear();
        *is_parameter = false;
    }

    /// Whether the address itself is the proof: `/orders/{secret}`.
    fn is_capability(&self) -> bool {
        let mut named = self.parameters.iter().flat_map(|name| words(name));
        named.any(|word| CAPABILITIES.contains(&word.as_str()))
    }

    /// Whether a path, or the short name of a handler, ends with what keeps nothing: `/items/search`.
    fn computes(&self, named: &[Vec<String>]) -> bool {
        let last = self.segments.iter().rev().find(|words| !words.is_empty());
        let short = last.into_iter().chain(named).filter(|words| words.len() <= 2);
        short.flatten().any(|word| COMPUTING.contains(&word.as_str()))
    }

    /// Whether the last constant segment is this word.
    fn ends_with(&self, wanted: &str) -> bool {
        matches!(self.segments.last().map(Vec::as_slice), Some([word]) if word == wanted)
    }

    /// The word for what is delicate: of the last constant segment, or of the name of the handler.
    fn delicate(&self, named: &[Vec<String>], writes: bool) -> Option<String> {
        let is_word = |word: &&String| {
            DELICATE.contains(&word.as_str()) || writes && DELICATE_WRITES.contains(&word.as_str())
        };
        let last = self.segments.iter().rev().find(|words| !words.is_empty());
        let lists = last.into_iter().filter(|words| words.len() <= 2);
        // What lists users is told by where it ends; what is below one of them is about something else.
        let is_listing = self.segments.last().is_some_and(
            |words| matches!(words.as_slice(), [word] if matches!(word.as_str(), "users" | "accounts")),
        );
        let listing = || is_listing.then(|| self.segments.last().and_then(|words| words.first())).flatten();
        let by_path = lists.flatten().find(is_word).or_else(listing);
        let by_name = || named.iter().find_map(|words| destructive(words));
        by_path.cloned().or_else(by_name)
    }
}

/// The word of a segment that says that it is not for everybody: `admin` of `admin-panel`, but not `private` of
/// `private-lessons`.
fn closed(words: &[String]) -> Option<&String> {
    let word = words.iter().find(|word| CLOSED.contains(&word.as_str()))?;
    (words.len() == 1 || !matches!(word.as_str(), "private" | "internal" | "debug")).then_some(word)
}

/// `delete_all_orders`, `drop_tables`, `reset_database`.
fn destructive(words: &[String]) -> Option<String> {
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let destroys = has(&["delete", "drop", "reset", "clear", "remove", "erase"])
        && has(&["all", "database", "db", "tables", "everything"]);
    let manages = has(&["delete", "remove", "update", "ban", "promote", "grant"])
        && has(&["user", "users", "role", "admin"]);
    (destroys || manages || has(&["wipe", "impersonate"])).then(|| words.join("_"))
}

/// What stands between brackets, nested ones included.
fn enclosed(rest: &mut std::str::Chars<'_>, open: char) -> String {
    let close = match open {
        '(' => ')',
        '[' => ']',
        '<' => '>',
        _ => '}',
    };
    let (mut depth, mut found) = (1_u32, String::new());
    let mut in_class = false;
    for character in rest.by_ref() {
        // `[^/(]`: a class of characters, whatever brackets are among them.
        in_class = open == '(' && (in_class || character == '[') && character != ']';
        if in_class {
            found.push(character);
            continue;
        }
        if character == open {
            depth += 1;
        } else if character == close {
            depth -= 1;
            if depth == 0 {
                break;
            }
        }
        found.push(character);
    }
    found
}

/// The name of a parameter: `int:id` of `<int:id>`, `?P<id>\d+` of a group, `id:path` of `{id:path}`.
fn parameter(open: char, inside: &str) -> Option<String> {
    let name = match open {
        '<' => inside.rsplit(':').next()?,
        '{' => inside.split(':').next()?,
        '(' => inside.strip_prefix("?P<")?.split('>').next()?,
        _ => return None,
    };
    Some(name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Methods, Parts, Purpose, RoutePath};

    fn purpose(path: &str, name: &str, writes: bool) -> Purpose {
        let methods = Methods::of(if writes { "POST" } else { "GET" });
        Purpose::of(&RoutePath::exact(path), &[name], methods)
    }

    #[test]
    fn paths_of_all_frameworks_are_taken_apart() {
        for path in
            ["/users/<int:user_id>/edit", "/users/{user_id}/edit", r"^users/(?P<user_id>[^/(]+)/edit$"]
        {
            let parts = Parts::of(path);
            assert_eq!(parts.segments, [vec!["users".to_owned()], vec![], vec!["edit".to_owned()]], "{path}");
            assert_eq!(parts.parameters, ["user_id"], "{path}");
        }
    }

    #[test]
    fn words_and_not_letters_tell_what_an_endpoint_is_for() {
        assert_eq!(purpose("/admin/users", "f", true), Purpose::Closed("admin".to_owned()));
        assert_eq!(purpose("/secured-by-design", "f", true), Purpose::Unknown);
        assert_eq!(purpose("/administrivia", "f", false), Purpose::Unknown);
        assert_eq!(purpose("/admin/login", "f", true), Purpose::Entrance);
        assert_eq!(purpose("/orders/<secret>/cancel", "f", true), Purpose::Entrance);
        assert_eq!(purpose("/users", "read_users", false), Purpose::Delicate("users".to_owned()));
        assert_eq!(purpose("/users/{name}", "read_user", false), Purpose::Unknown);
        assert_eq!(purpose("…", "delete_user", true), Purpose::Delicate("delete_user".to_owned()));
        assert_eq!(purpose("/search", "f", true), Purpose::Open);
    }
}
