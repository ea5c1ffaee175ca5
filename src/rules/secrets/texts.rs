//! Passwords inside of texts: URLs, connection strings, SQL, headers.

use super::names::Class;
use super::values::{Worth, is_random, worth};

/// Stands for a part of a text that is not constant.
pub(super) const DYNAMIC: char = '\u{0}';

/// Longer texts are documents.
const LONGEST: usize = 2000;

/// Keys of connection strings that are followed by a password.
const KEYS: &[&str] = &["password=", "pwd=", "passwd="];
/// Keys that stand beside it there.
const BESIDE: &[&str] =
    &["host=", "server=", "user=", "uid=", "dbname=", "database=", "data source=", "dsn=", "driver="];

/// A secret in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Inside<'t> {
    /// The secret itself.
    pub secret: &'t str,
    /// What it is worth.
    pub worth: Worth,
    /// What it stands in.
    pub kind: &'static str,
}

/// Whether a text may have a password inside; as cheap as can be.
pub(super) fn is_candidate(text: &str) -> bool {
    if !(4..=LONGEST).contains(&text.len()) {
        return false;
    }
    let bytes = text.as_bytes();
    // `scheme://user:password@host`, or the piece of it between two that are not constant.
    if let Some(at) = memchr::memchr(b'@', bytes)
        && memchr::memchr(b':', bytes.get(..at).unwrap_or_default()).is_some()
        && memchr::memchr(b' ', bytes.get(..at).unwrap_or_default()).is_none()
    {
        return true;
    }
    if text.len() < 12 {
        return false;
    }
    let sure = memchr::memchr(b'=', bytes).is_some() || memchr::memchr(b'\'', bytes).is_some();
    sure && (contains(text, "pass") || contains(text, "pwd=") || contains(text, "identified by"))
}

/// The password in a text.
pub(super) fn inside(text: &str) -> Option<Inside<'_>> {
    in_url(text).or_else(|| in_connection_string(text)).or_else(|| in_sql(text))
}

/// `scheme://user:password@host`.
fn in_url(text: &str) -> Option<Inside<'_>> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.trim_start();
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | DYNAMIC);
    if scheme.is_empty() || !scheme.chars().all(is_scheme) {
        return None;
    }
    let authority = rest.split(['/', '?', '#', ' ', '\n', '"', '\'']).next()?;
    let (user, host) = authority.rsplit_once('@')?;
    let (user, secret) = user.split_once(':')?;
    if host.is_empty() || secret.contains(DYNAMIC) {
        return None;
    }
    let worth = worth(Class::Password, "password", secret)?;
    // `user:pass@host` and its like show what a URL looks like.
    let shown =
        worth == Worth::Placeholder || is_example_host(host) || matches!(secret, "pass" | "pw" | "password");
    (!shown).then_some(Inside {
        secret,
        worth: if user == secret { Worth::Word } else { worth },
        kind: "URL",
    })
}

fn is_example_host(host: &str) -> bool {
    let name = host.split(':').next().unwrap_or(host);
    matches!(name, "host" | "hostname" | "server" | "example" | "foo" | "bar")
        || ["example.com", "example.org", "example.net", ".test", ".invalid", ".example"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// `host=db user=shop password=…`, `Server=db;Uid=shop;Pwd=…;`.
fn in_connection_string(text: &str) -> Option<Inside<'_>> {
    if !BESIDE.iter().any(|key| contains(text, key)) {
        return None;
    }
    KEYS.iter().find_map(|key| {
        let at = find(text, key)?;
        let before = text.get(..at)?.chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-') {
            return None;
        }
        let rest = text.get(at + key.len()..)?;
        let secret = match rest.chars().next()? {
            quote @ ('\'' | '"') => rest.get(1..)?.split(quote).next()?,
            _ => rest.split([' ', ';', '&', '\'', '"', ',', ')', '\n']).next()?,
        };
        plain(secret, "connection string")
    })
}

/// `CREATE USER shop IDENTIFIED BY '…'`, `WITH PASSWORD '…'`.
fn in_sql(text: &str) -> Option<Inside<'_>> {
    ["identified by '", "password '"].iter().find_map(|before| {
        let at = find(text, before)?;
        let is_sql = contains(text, "create ")
            || contains(text, "alter ")
            || contains(text, "grant ")
            || contains(text, "set password");
        let secret = text.get(at + before.len()..)?.split('\'').next()?;
        is_sql.then(|| plain(secret, "SQL statement")).flatten()
    })
}

fn plain<'t>(secret: &'t str, kind: &'static str) -> Option<Inside<'t>> {
    if secret.contains(DYNAMIC) || secret.contains(['%', '{', '?', ':']) && secret.len() < 12 {
        return None;
    }
    let worth = worth(Class::Password, "password", secret)?;
    (worth > Worth::Placeholder).then_some(Inside { secret, worth, kind })
}

/// The secret of an `Authorization` header: the token of `Bearer …`, the whole of `Basic …` where it holds a
/// password.
pub(super) fn in_header(value: &str) -> Option<Inside<'_>> {
    let (scheme, secret) = value.split_once(' ')?;
    let secret = secret.trim();
    if secret.contains(DYNAMIC) {
        return None;
    }
    if scheme.eq_ignore_ascii_case("basic") {
        let pair = decode(secret)?;
        let worth = worth(Class::Password, "password", pair.split_once(':')?.1)?;
        return (worth > Worth::Placeholder).then_some(Inside { secret, worth, kind: "header" });
    }
    let known = ["bearer", "token", "apikey", "key", "bot", "splunk", "genie-key", "jwt"];
    let is_known = known.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let worth = worth(Class::Token, "authorization", secret).filter(|worth| *worth == Worth::Random)?;
    (is_known && is_random(secret)).then_some(Inside { secret, worth, kind: "header" })
}

/// Base64 of plain ASCII.
fn decode(text: &str) -> Option<String> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut count, mut out) = (0_u32, 0_u32, String::new());
    for byte in text.trim_end_matches('=').bytes() {
        let digit = ALPHABET.iter().position(|known| *known == byte)? as u32;
        bits = bits << 6 | digit;
        count += 6;
        if count >= 8 {
            count -= 8;
            let byte = (bits >> count & 0xff) as u8;
            out.push(char::from(byte.is_ascii().then_some(byte)?));
        }
    }
    Some(out)
}

fn contains(text: &str, lower: &str) -> bool {
    find(text, lower).is_some()
}

/// Where a lower-case text stands in another, in whatever case.
fn find(text: &str, lower: &str) -> Option<usize> {
    let (bytes, wanted) = (text.as_bytes(), lower.as_bytes());
    let first = *wanted.first()?;
    let starts = memchr::memchr2_iter(first, first.to_ascii_uppercase(), bytes);
    let is_there =
        |at: &usize| bytes.get(*at..at + wanted.len()).is_some_and(|part| part.eq_ignore_ascii_case(wanted));
    starts.into_iter().find(is_there)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Option<&str> {
        assert!(is_candidate(text) || inside(text).is_none(), "{text}");
        inside(text).map(|inside| inside.secret)
    }

    #[test]
    fn passwords_in_urls_are_found() {
        assert_eq!(secret("postgresql+psycopg2://shop:hunter2@db:5432/shop"), Some("hunter2"));
        assert_eq!(secret("\0://shop:hunter2@\0/shop"), Some("hunter2"));
        assert_eq!(secret("redis://:p4ssr3dis@cache/0"), Some("p4ssr3dis"));
        for text in [
            "postgres://user:password@localhost/db",
            "postgres://\0:\0@\0/db",
            "postgres://shop@db/shop",
            "https://user:pass@example.com/",
            "postgres://{user}:{password}@{host}",
            "amqp://guest:${PW}@mq",
            "see https://example.com and mail a@b.example",
            "ftp://shop:hunter2@example.com/x",
        ] {
            assert_eq!(secret(text), None, "{text}");
        }
    }

    #[test]
    fn passwords_in_connection_strings_and_sql_are_found() {
        assert_eq!(secret("host=db user=shop password=hunter2 dbname=shop"), Some("hunter2"));
        assert_eq!(secret("Driver={ODBC};Server=db;Uid=shop;Pwd=Zk3!pQ9v;"), Some("Zk3!pQ9v"));
        assert_eq!(secret("CREATE USER shop IDENTIFIED BY 'hunter2'"), Some("hunter2"));
        assert_eq!(secret("ALTER ROLE shop WITH PASSWORD 'hunter2'"), Some("hunter2"));
        for text in [
            "host=%s user=%s password=%s",
            "password=hunter2 is an example of a bad idea",
            "ALTER ROLE x PASSWORD '%s'",
        ] {
            assert_eq!(secret(text), None, "{text}");
        }
    }

    #[test]
    fn headers_hold_tokens_or_pairs() {
        let secret = |text| in_header(text).map(|inside| inside.secret);
        assert_eq!(secret("Basic c2hvcDpodW50ZXIy"), Some("c2hvcDpodW50ZXIy"));
        assert_eq!(secret("Bearer q8Zr2LmX0vT7yBn4KcWd9HsE"), Some("q8Zr2LmX0vT7yBn4KcWd9HsE"));
        for text in
            ["Bearer \0", "Bearer <token>", "Basic dXNlcjpwYXNzd29yZA==", "Bearer access_token", "Basic"]
        {
            assert_eq!(secret(text), None, "{text}");
        }
    }
}
