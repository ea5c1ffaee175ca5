//! What a text under a secret's name is: a secret, a word, a placeholder, or something else.

use super::lists::{FILLERS, STATES};
use super::names::{Class, words};
use super::wordy::wordiness;

/// What a text is, the surest secret last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Worth {
    /// Asks to be replaced, or repeats its name. A secret only where it is in use.
    Placeholder,
    /// One word: a weak password, or something else.
    Word,
    /// No word and no name.
    Chosen,
    /// Made by a machine.
    Random,
}

const LONGEST: usize = 400;

/// Pieces of a value that is meant to be replaced, in lower case without punctuation.
const PLACEHOLDERS: &[&str] = &[
    "changeme",
    "changeit",
    "changethis",
    "changedme",
    "replaceme",
    "replacewith",
    "replacethis",
    "placeholder",
    "example",
    "dummy",
    "fixme",
    "todo",
    "xxxx",
    "123456",
    "abcdef",
    "notasecret",
    "notsosecret",
    "notsecure",
    "insecure",
    "supersecret",
    "secretkey",
    "mysecret",
    "generateme",
    "foobar",
    "yourpassword",
    "yoursecret",
    "yourkey",
    "yourtoken",
    "yourapi",
    "qwerty",
    "lorem",
    "redacted",
    "sanitized",
    "00000000",
];

/// Ends of names of files.
const EXTENSIONS: &[&str] = &[
    ".py", ".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".txt", ".pem", ".key", ".crt",
    ".cer", ".pub", ".html", ".jinja", ".j2", ".xml", ".csv", ".db", ".sqlite", ".sql", ".log", ".env",
    ".md", ".rst", ".js", ".css", ".png", ".svg", ".pickle", ".pkl", ".zip", ".gz", ".sh", ".com", ".org",
    ".net", ".io",
];

/// Where a secret is kept, in place of the secret.
const REFERENCES: &[&str] = &[
    "env:",
    "vault:",
    "ssm:",
    "arn:",
    "op://",
    "enc[",
    "/run/secrets",
    "settings.",
    "os.environ",
    "secretsmanager",
    "secret://",
    "secrets.",
    "file:",
    "$",
    "{{",
    "{%",
    "<",
    "%(",
    "%s",
    "!vault",
    "keyring:",
    "process.env",
    "@@",
    "projects/",
    "kv/",
    "${",
];

/// What a text under this name is worth; `None` where it is no secret whatever it is used for.
pub(super) fn worth(class: Class, name: &str, value: &str) -> Option<Worth> {
    if value.len() < 4
        || value.len() > LONGEST
        || is_elsewhere(value)
        || !value.bytes().all(|b| b.is_ascii_graphic())
    {
        return None;
    }
    let distinct = value.bytes().collect::<rustc_hash::FxHashSet<u8>>().len();
    if distinct <= 2 || is_shape(value) || is_state(value) || is_part_of_name(name, value) {
        return None;
    }
    if is_placeholder(name, value) {
        return Some(Worth::Placeholder);
    }
    match class {
        Class::Password => password(value),
        Class::Token | Class::Vague | Class::Header => is_random(value).then_some(Worth::Random),
    }
}

/// What a text is worth that is in use for certain: whatever stands there is the secret. The name of the secret itself
/// is still a name.
pub(super) fn worth_in_use(class: Class, name: &str, value: &str) -> Option<Worth> {
    if value.is_empty() || value.len() > LONGEST || is_elsewhere(value) {
        return None;
    }
    let (plain, name_plain) = (bare(value), bare(name));
    let is_name = plain == name_plain || value.contains('_') && name_plain.ends_with(&plain);
    if value.len() >= 24 && is_random(value) {
        return Some(Worth::Random);
    }
    (!is_name).then(|| worth(class, name, value).unwrap_or(Worth::Placeholder))
}

/// What a text is worth that a password is compared with: a weak one is one all the same, a state or sign is none.
pub(super) fn worth_compared(class: Class, name: &str, value: &str) -> Option<Worth> {
    let repeats =
        value.len() >= 4 && !is_shape(value) && !is_elsewhere(value) && is_part_of_name(name, value);
    worth(class, name, value).or_else(|| repeats.then_some(Worth::Placeholder))
}

/// Whether a text says where the secret is, or has places to be filled.
fn is_elsewhere(value: &str) -> bool {
    let lower = value.get(..16.min(value.len())).unwrap_or(value).to_ascii_lowercase();
    REFERENCES.iter().any(|start| lower.starts_with(start))
        || ["${", "{{", "%(", "://", "}}"].iter().any(|mark| value.contains(mark))
        || value.starts_with('{') && value.ends_with('}')
        || value.starts_with('[') && value.ends_with(']')
        || value.starts_with('%') && value.ends_with('%')
        || value.starts_with('@') && value.ends_with('@')
        || value.contains("{}")
}

/// Whether a text has the shape of code, of a path or of the name of a file.
fn is_shape(value: &str) -> bool {
    let pair = |open, close| value.contains(open) && value.contains(close);
    if pair('(', ')') || pair('[', ']') || pair('{', '}') || pair('<', '>') || value.contains('\\') {
        return true;
    }
    let lower = value.to_ascii_lowercase();
    if EXTENSIONS.iter().any(|extension| lower.ends_with(extension)) && wordiness(value) > -6.0 {
        return true;
    }
    if value.starts_with("./")
        || value.starts_with("../")
        || value.starts_with("~/")
        || value.starts_with("--")
    {
        return true;
    }
    // Paths and dotted names are made of words; base64 and signed tokens have the same signs.
    let signs = |c: char| matches!(c, '/' | '.' | ':' | ',' | '|' | '=');
    let is_word = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && wordiness(part) > -5.5
    };
    let parts: Vec<&str> = value.split(signs).filter(|part| !part.is_empty()).collect();
    (parts.len() > 1 || value.starts_with('/')) && parts.into_iter().all(is_word)
}

fn is_state(value: &str) -> bool {
    STATES.has(&value.to_ascii_lowercase())
}

fn bare(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether a text only repeats its name or a part of it: the name of a field, key or variable.
fn is_part_of_name(name: &str, value: &str) -> bool {
    let (name, value) = (bare(name), bare(value));
    name.contains(value.strip_suffix('s').unwrap_or(&value))
        && !value.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_placeholder(name: &str, value: &str) -> bool {
    let plain = bare(value);
    let name = bare(name);
    if name.len() >= 4 && plain.contains(&name) || plain.starts_with("your") {
        return true;
    }
    let long = plain.len() >= 40;
    if plain.is_empty()
        || !long && PLACEHOLDERS.iter().any(|piece| plain.contains(piece))
        || is_sequence(value)
    {
        return true;
    }
    let words = words(value);
    let filler = |word: &String| FILLERS.has(word);
    !words.is_empty() && words.iter().all(filler)
}

/// Whether a text is nearly all equal or ascending characters: `aaaaaaaa`, `12345678`.
fn is_sequence(value: &str) -> bool {
    let pairs = value.bytes().zip(value.bytes().skip(1));
    let near = pairs.filter(|(a, b)| b == a || *b == a.wrapping_add(1) || *b == a.wrapping_sub(1)).count();
    value.len() >= 4 && near * 10 >= (value.len() - 1) * 8
}

/// Passwords may be words; identifiers and short numbers are none.
fn password(value: &str) -> Option<Worth> {
    if value.len() <= 5 && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let lower = value.to_ascii_lowercase();
    let names_secret = ["pass", "secret", "token", "key", "pwd"].iter().any(|word| lower.contains(word));
    if is_identifier(value)
        && is_compound(value)
        && (names_secret || wordiness(value) > -4.6)
        && !value.contains(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    if value.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_' | b'.'))
        && wordiness(value) > -5.5
    {
        return Some(Worth::Word);
    }
    Some(if value.len() >= 16 && is_random(value) { Worth::Random } else { Worth::Chosen })
}

fn is_identifier(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !value.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether an identifier has several words.
fn is_compound(value: &str) -> bool {
    let hump = value
        .bytes()
        .zip(value.bytes().skip(1))
        .any(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase());
    value.contains('_') || hump
}

/// Whether a text was made by a machine.
pub(super) fn is_random(value: &str) -> bool {
    if value.len() < 8 {
        return false;
    }
    let likeness = wordiness(value);
    let slug = value
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':' | b'/'));
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let hex = value.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') && digits > 0;
    if !hex && is_identifier(value) && likeness > -5.0 || !hex && slug && likeness > -4.5 {
        return false;
    }
    let n = f64::from(length(value)).log2();
    let least = if hex { (0.66 * n + 0.2).min(3.1) } else { (0.74 * n + 0.35).min(4.2) };
    if entropy(value) < least {
        return false;
    }
    // Names with an abbreviation in them are as unlike words as short keys are.
    if !hex && number_runs(value) <= 1 && value.len() < 16 && is_identifier(value) {
        return likeness <= -6.5;
    }
    digits > 0 || character_classes(value) >= 3 || likeness <= -5.2
}

fn number_runs(value: &str) -> usize {
    value.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).count()
}

fn character_classes(value: &str) -> usize {
    let has = |of: fn(&u8) -> bool| usize::from(value.bytes().any(|byte| of(&byte)));
    has(u8::is_ascii_lowercase)
        + has(u8::is_ascii_uppercase)
        + has(u8::is_ascii_digit)
        + has(u8::is_ascii_punctuation)
}

fn length(value: &str) -> u32 {
    u32::try_from(value.len()).unwrap_or(u32::MAX)
}

/// Shannon entropy in bits a byte.
fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let all = f64::from(length(value));
    let bits = |count: &u32| {
        let share = f64::from(*count) / all;
        -share * share.log2()
    };
    counts.iter().filter(|count| **count > 0).map(bits).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password_worth(value: &str) -> Option<Worth> {
        worth(Class::Password, "db_password", value)
    }

    fn token_worth(value: &str) -> Option<Worth> {
        worth(Class::Token, "api_key", value)
    }

    #[test]
    fn passwords_may_be_words() {
        assert_eq!(password_worth("hunter2"), Some(Worth::Chosen));
        assert_eq!(password_worth("postgres"), Some(Worth::Word));
        assert_eq!(password_worth("correct-horse-battery"), Some(Worth::Word));
        assert_eq!(password_worth("Tr0ub4dor&3"), Some(Worth::Chosen));
        assert_eq!(password_worth("vK8#qLz2!mPw94Tx"), Some(Worth::Random));
        assert_eq!(password_worth("481516"), Some(Worth::Chosen));
    }

    #[test]
    fn tokens_are_random() {
        for value in
            ["q8Zr2LmX0vT7yBn4KcWd9HsE", "f41e0b6c97d2a853e0b1c4d7", "0b9c1c1a-7f0e-4c8a-9d51-6f2f0a3b7c21"]
        {
            assert_eq!(token_worth(value), Some(Worth::Random), "{value}");
        }
        for value in [
            "refresh_token",
            "clientSecretName",
            "X-Internal-Api-Key",
            "qwertz-german-layout",
            "bearerFormat",
        ] {
            assert!(token_worth(value).is_none_or(|worth| worth == Worth::Placeholder), "{value}");
        }
    }

    #[test]
    fn what_stands_for_a_secret_is_none() {
        for value in [
            "${DB_PASSWORD}",
            "$DB_PASSWORD",
            "{{ password }}",
            "%(password)s",
            "<your-password>",
            "env:DB_PASSWORD",
            "vault:secret/db",
            "arn:aws:secretsmanager:eu",
            "op://vault/item",
            "/run/secrets/db",
            "settings.PASSWORD",
            "os.environ['X']",
            "secrets/db.txt",
            "config.password",
            "get_password()",
            "xxxxxxxx",
            "****",
            "none",
            "required",
            "password",
            "DB_PASSWORD",
            "user_password_field",
            "https://example.com/reset",
            "two words",
            "",
            "projects/p/secrets/db/versions/latest",
            "input[name=password]",
        ] {
            assert_eq!(password_worth(value), None, "{value}");
        }
    }

    #[test]
    fn placeholders_count_only_where_they_are_in_use() {
        for value in
            ["changeme", "your-password-here", "test-pass", "wrong-pass", "123456", "my_secret", "dummy1"]
        {
            assert_eq!(password_worth(value), Some(Worth::Placeholder), "{value}");
        }
        let key = |value| worth_in_use(Class::Token, "SECRET_KEY", value);
        assert_eq!(key("dev"), Some(Worth::Placeholder));
        assert_eq!(key("this is not a secret"), Some(Worth::Placeholder));
        assert_eq!(key("django-insecure-5x(w_7v#q2k9!r"), Some(Worth::Random));
        assert_eq!(key("CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET"), Some(Worth::Placeholder));
        assert_eq!(key("q8Zr2LmX0vT7yBn4KcWd9HsE"), Some(Worth::Random));
        for value in ["", "${SECRET_KEY}", "SECRET_KEY", "{{ cookiecutter.key }}"] {
            assert_eq!(key(value), None, "{value}");
        }
    }
}
