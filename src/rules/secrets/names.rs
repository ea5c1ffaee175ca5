//! What a name promises: a password, a key or token, or nothing secret.

use super::lists::{ABOUT, ABOUT_PASSWORDS, KEY_OF, MODIFIERS, NAMING, NOT_SECRET, PRETENDED, SIGNING};

/// What a name says that its value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A password: whatever a person may choose, words too.
    Password,
    /// A key or token: made by a machine.
    Token,
    /// As [`Class::Token`], by a name that often stands for something else.
    Vague,
    /// The value of an `Authorization` header.
    Header,
}

/// Longer names are texts.
const LONGEST: usize = 64;

/// What every name that promises something has in it.
const TRIGGERS: &[&str] = &[
    "pass", "pwd", "pw", "secret", "token", "key", "cred", "auth", "bearer", "webhook", "ticket", "verifier",
    "session", "pswd",
];

/// Words that are a key or token by themselves, and ends of words written as one.
const STRONG: &[&str] =
    &["secret", "apikey", "secretkey", "accesskey", "privatekey", "authkey", "appkey", "passkey"];
const STRONG_ENDS: &[&str] =
    &["secret", "token", "apikey", "secretkey", "accesskey", "privatekey", "authkey"];
const VAGUE: &[&str] = &["cred", "creds", "credential", "auth", "bearer", "webhook", "ticket", "verifier"];
const PASSWORDS: &[&str] =
    &["password", "passwd", "passphrase", "passwort", "passcode", "pswd", "passw", "passwrd"];
const SHORT_PASSWORDS: &[&str] = &["pass", "pwd", "pw"];
const PASSWORD_ENDS: &[&str] = &["password", "passwd", "passphrase", "pwd"];
const PASSWORDS_AS_ONE: &[&str] = &[
    "dbpass",
    "userpass",
    "rootpass",
    "adminpass",
    "mypass",
    "sshpass",
    "smtppass",
    "authpass",
    "dbpw",
    "userpw",
];

/// What a name promises; `None` for nearly all. Cheap for a name that has nothing to do with secrets.
pub(super) fn class(name: &str) -> Option<Class> {
    if !(2..=LONGEST).contains(&name.len()) || !is_triggered(name) || !is_name(name) {
        return None;
    }
    let all = words(name);
    if let [.., "authorization"] = all.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        return Some(Class::Header);
    }
    let mut words: Vec<&str> = all.iter().map(String::as_str).collect();
    while words.len() > 1 && words.last().is_some_and(|last| MODIFIERS.has(last)) {
        words.pop();
    }
    let last = words.last().copied()?;
    if ABOUT.has(last) && !words.ends_with(&["session", "id"]) {
        return None;
    }
    if words.len() > 1
        && words.first().is_some_and(|first| NAMING.has(first))
        && !name.contains(char::is_lowercase)
    {
        return None;
    }
    if is_password(&words, last) {
        let about = last == "key" || words.iter().any(|word| ABOUT_PASSWORDS.has(word));
        return (!about).then_some(Class::Password);
    }
    if words.iter().any(|word| NOT_SECRET.has(word)) {
        return None;
    }
    token_class(&words, last)
}

/// Whether a name is that of a key that a framework signs with: whatever stands there is in use.
pub(super) fn is_signing_key(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect();
    SIGNING.has(&plain) || plain.ends_with("jwtsecret") || plain.ends_with("jwtsecretkey")
}

/// Whether a name says that its value only stands for a secret.
pub(super) fn is_pretended(name: &str) -> bool {
    words(name).iter().any(|word| PRETENDED.has(word))
}

fn is_password(words: &[&str], last: &str) -> bool {
    SHORT_PASSWORDS.contains(&last)
        || words.iter().any(|word| {
            PASSWORDS.contains(word)
                || PASSWORDS_AS_ONE.contains(word)
                || word.len() < 24 && PASSWORD_ENDS.iter().any(|end| word.ends_with(end))
        })
}

fn token_class(words: &[&str], last: &str) -> Option<Class> {
    let is_key = |pair: &[&str]| matches!(pair, [of, "key"] if KEY_OF.has(of));
    let strong = STRONG.contains(&last)
        || STRONG_ENDS.iter().any(|end| last.ends_with(end))
        || words.ends_with(&["session", "id"])
        || words.iter().any(|word| STRONG.contains(word))
        || words.windows(2).any(is_key)
        || words.first() == Some(&"token") && words.len() == 2;
    if strong {
        return Some(Class::Token);
    }
    VAGUE.contains(&last).then_some(Class::Vague)
}

fn is_triggered(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.windows(2).enumerate().any(|(at, pair)| {
        // The first two letters of the triggers.
        let [first, second] = pair else { return false };
        let second = second | 0x20;
        let starts = match first | 0x20 {
            b'p' => matches!(second, b'a' | b'w' | b's'),
            b's' | b'k' | b'b' | b'w' | b'v' => second == b'e',
            b't' => matches!(second, b'o' | b'i'),
            b'c' => second == b'r',
            b'a' => second == b'u',
            _ => false,
        };
        let rest = bytes.get(at..).unwrap_or_default();
        let is_here = |word: &&str| {
            rest.get(..word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()))
        };
        starts && TRIGGERS.iter().any(is_here)
    })
}

fn is_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b' ' | b':'))
}

/// The words of a name in lower case, numbers behind them left out: `APIKey2` has two.
pub(super) fn words(name: &str) -> Vec<String> {
    let bytes = name.as_bytes();
    let mut found: Vec<String> = Vec::new();
    let mut word = String::new();
    for (at, &byte) in bytes.iter().enumerate() {
        let next = bytes.get(at + 1).copied().unwrap_or(b'_');
        let before = at.checked_sub(1).and_then(|at| bytes.get(at)).copied().unwrap_or(b'_');
        let hump = byte.is_ascii_uppercase()
            && (before.is_ascii_lowercase()
                || before.is_ascii_digit()
                || before.is_ascii_uppercase() && next.is_ascii_lowercase());
        if !byte.is_ascii_alphanumeric() || hump {
            push_word(&mut found, &mut word);
        }
        if byte.is_ascii_alphanumeric() {
            word.push(char::from(byte.to_ascii_lowercase()));
        }
    }
    push_word(&mut found, &mut word);
    found
}

fn push_word(found: &mut Vec<String>, word: &mut String) {
    let bare = word.trim_end_matches(|c: char| c.is_ascii_digit());
    // `b64` and `base64` are words with their numbers.
    let bare = if bare.len() < word.len() && word.ends_with("64") { word.as_str() } else { bare };
    if !bare.is_empty() {
        found.push(bare.to_owned());
    }
    word.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_passwords_and_keys_are_known() {
        for name in [
            "password",
            "PASSWORD",
            "db_password",
            "userPassword2",
            "user_pw",
            "DB_PASS",
            "MYSQL_ROOT_PASSWORD",
            "pwd",
            "passphrase",
            "dbpasswd",
            "new_password1",
            "basic_auth_password",
            "PASSWORD_PROD",
            "adminPass",
        ] {
            assert_eq!(class(name), Some(Class::Password), "{name}");
        }
        for name in [
            "api_key",
            "APIKey",
            "apikey",
            "SECRET_KEY",
            "secret",
            "client_secret",
            "access_token",
            "authToken",
            "AWS_SECRET_ACCESS_KEY",
            "private_key",
            "jwt_secret",
            "X-Api-Key",
            "token",
            "STRIPE_API_KEY_LIVE",
            "session_id",
            "BILLING_API_KEY",
            "API_KEY_STRIPE",
            "githubtoken",
            "encryption_key",
            "secret_token",
        ] {
            assert_eq!(class(name), Some(Class::Token), "{name}");
        }
        assert_eq!(class("auth"), Some(Class::Vague));
        assert_eq!(class("private_key_passphrase"), Some(Class::Password));
        assert_eq!(class("password_key"), None);
        assert_eq!(class("Authorization"), Some(Class::Header));
    }

    #[test]
    fn names_of_other_things_are_none() {
        for name in [
            "TOKEN_URL",
            "PASSWORD_RESET_TEMPLATE",
            "monkey_business",
            "KEYBOARD_LAYOUT",
            "INVALID_TOKEN_MSG",
            "primary_key",
            "CACHE_KEY_PREFIX",
            "SECRET_NAME",
            "password_hash_algo",
            "API_KEY_HEADER",
            "PRIVATE_KEY_FILE",
            "password_field",
            "accessor",
            "access_id",
            "primaryKey",
            "foreignKey",
            "schemaKey",
            "key_down_event",
            "keyword",
            "author",
            "csrf_token",
            "SOME_API_VERSION",
            "credentialsId",
            "api-url",
            "KeyPair",
            "bypass",
            "compass",
            "pad_token",
            "next_page_token",
            "sort_key",
            "public_key",
            "key",
            "passed",
            "token_type",
            "auth_scheme",
            "forward_pass_args",
            "password_validators",
            "no_password",
            "CONF_PASSWORD",
            "DATA_JWT_SECRET",
            "tokenizer",
        ] {
            assert_eq!(class(name), None, "{name}");
        }
    }

    #[test]
    fn keys_that_frameworks_sign_with_are_known() {
        assert!(is_signing_key("SECRET_KEY") && is_signing_key("secret_key") && is_signing_key("JWT_SECRET"));
        assert!(!is_signing_key("aws_secret_access_key") && !is_signing_key("secret"));
    }
}
