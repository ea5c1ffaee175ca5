//! Broken or misused cryptography.

mod compare;
mod keys;
mod names;
mod passwords;

use self::compare::unsafe_compare;
use self::keys::{DERIVATIONS, NONCES, PKCS1, constant_nonce, few_rounds, old_padding};
use self::names::{GUARDS, MARKS, PASSWORDS, SECRETS, TEXT_TOKENS};
use self::passwords::{CRYPT, PASSLIB, weak_crypt, weak_hasher, weak_passlib};
use crate::facts::{Statement, Value};
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::rule::{Call, Fact, FactKind, Hit, On, Preset, Rule, Site, Words};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "weak-hash",
        aliases: &["B303", "B324", "S303", "S324"],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[327, 328, 916],
        message: "`{call}` makes a hash that can be forged",
        why: "Two texts of one MD5 or SHA-1 are found within reach of everybody, and passwords under it are guessed at \
              billions a second.",
        help: "use SHA-256, or scrypt or Argon2 for passwords; `usedforsecurity=False` says that nothing depends on it",
        on: On::Any(&[
            On::Sink(Kind::WeakHash, &[], weak_hash),
            On::Sink(Kind::NamedHash, &[], weak_named_hash),
        ]),
    },
    Rule {
        name: "unmarked-weak-hash",
        aliases: &[],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[327, 328],
        message: "`{call}` makes a checksum with a function that is broken for everything else",
        why: "Nothing seems to depend on its strength, but only the name says so; on a FIPS system it fails.",
        help: "say `usedforsecurity=False`",
        on: On::Any(&[
            On::Sink(Kind::WeakHash, &["hashlib", "md5", "sha", "Crypto", "Cryptodome"], unmarked_weak_hash),
            On::Sink(Kind::NamedHash, &["hashlib"], unmarked_named_hash),
        ]),
    },
    Rule {
        name: "weak-cipher",
        aliases: &["B304", "B305", "S304", "S305"],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::High,
        cwe: &[327],
        message: "`{call}` encrypts with a cipher or mode that does not keep a secret",
        why: "RC4, DES and the like are broken or have keys or blocks that are too small; ECB shows which blocks are equal.",
        help: "use AES-GCM or ChaCha20-Poly1305, or `cryptography.fernet`",
        on: On::Sink(Kind::WeakCipher, &[], weak_cipher),
    },
    Rule {
        name: "weak-key",
        aliases: &["B505", "S505"],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::High,
        cwe: &[326],
        message: "`{call}` makes a key that is too short",
        why: "RSA and DSA keys below 2048 bits and curves below 224 bits are within reach of those who record today.",
        help: "use RSA with at least 3072 bits, or Ed25519",
        on: On::Sink(Kind::KeySize, &[], weak_key),
    },
    Rule {
        name: "insecure-random",
        aliases: &["B311", "S311"],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[338, 330],
        message: "`{call}` draws a secret from a generator that can be predicted",
        why: "Who has seen some of the numbers of the Mersenne Twister knows all that follow, and its seed may be guessed.",
        help: "use `secrets`, or `random.SystemRandom`",
        on: On::Sink(Kind::Random, &[], insecure_random),
    },
    Rule {
        name: "abandoned-pycrypto",
        aliases: &["B413", "S413"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Low,
        cwe: &[1104, 327],
        message: "this may be PyCrypto, which nobody maintains",
        why: "PyCrypto has a known overflow and no fix since 2013. PyCryptodome has the same name and is well.",
        help: "see that `pycryptodome` is what is installed, or use `cryptography`",
        on: On::Fact(&[FactKind::Import], perhaps_pycrypto),
    },
    Rule {
        name: "predictable-random",
        aliases: &["B311", "S311"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Low,
        cwe: &[338, 330],
        message: "`{call}` can be predicted by whoever has seen enough of its numbers",
        why: "Nothing here says that the number guards something, which a name cannot always tell.",
        help: "use `secrets` where a client must not guess the number",
        on: On::Any(&[
            On::Sink(Kind::Random, &[], predictable_random),
            On::Call(&["random.Random"], predictable_random),
        ]),
    },
    Rule {
        name: "weak-password-hash",
        aliases: &["B324", "S324"],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::High,
        cwe: &[916, 327],
        message: "`{call}` hashes passwords in a way that is quick to undo",
        why: "Who has the table of hashes guesses at billions a second, and with DES crypt and NT hashes goes \
              through all passwords.",
        help: "use Argon2, scrypt or bcrypt",
        on: On::Any(&[
            On::Call(CRYPT, weak_crypt),
            On::Call(PASSLIB, weak_passlib),
            On::Fact(&[FactKind::Assign], weak_hasher),
        ]),
    },
    Rule {
        name: "weak-key-derivation",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[916],
        message: "`{call}` makes a key of a password in too few rounds",
        why: "The rounds are all that makes guessing slow. What was enough in 2000 is a million guesses a second \
              today.",
        help: "use 600,000 rounds of PBKDF2 with SHA-256, or scrypt or Argon2",
        on: On::Call(DERIVATIONS, few_rounds),
    },
    Rule {
        name: "constant-nonce",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[329, 323],
        message: "`{call}` encrypts with the same nonce or initialisation vector every time",
        why: "Equal beginnings of texts show as equal; with CTR, GCM and ChaCha20 two texts give away each other, \
              and with GCM the key that authenticates.",
        help: "draw a new one for each text with `os.urandom`, and store it with the text",
        on: On::Call(NONCES, constant_nonce),
    },
    Rule {
        name: "old-rsa-padding",
        aliases: &[],
        preset: Preset::Review,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[780],
        message: "`{call}` encrypts with RSA in the padding of PKCS #1 v1.5",
        why: "Whoever can ask whether a changed ciphertext is still well-formed decrypts it with some thousand \
              questions (Bleichenbacher, ROBOT).",
        help: "use OAEP",
        on: On::Call(PKCS1, old_padding),
    },
    Rule {
        name: "timing-unsafe-compare",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[208, 203],
        message: "a secret is compared in a time that tells how much of it is right",
        why: "`==` stops at the first difference. Who may try often enough measures the time and finds a signature \
              or token character by character.",
        help: "use `hmac.compare_digest`",
        on: On::Fact(&[FactKind::Compare], unsafe_compare),
    },
];

/// The modules of `PyCrypto`, which `PyCryptodome` took over under the same names.
const PYCRYPTO: &[&str] = &[
    "Crypto",
    "Crypto.Cipher",
    "Crypto.Hash",
    "Crypto.IO",
    "Crypto.Protocol",
    "Crypto.PublicKey",
    "Crypto.Random",
    "Crypto.Signature",
    "Crypto.Util",
];

/// What only `PyCryptodome` has.
const PYCRYPTODOME: &[&str] = &[
    "Crypto.Random.get_random_bytes",
    "Crypto.Util.Padding",
    "Crypto.Cipher.ChaCha20",
    "Crypto.Cipher.ChaCha20_Poly1305",
    "Crypto.Cipher.Salsa20",
    "Crypto.Hash.BLAKE2b",
    "Crypto.Hash.BLAKE2s",
    "Crypto.Hash.SHA3_256",
    "Crypto.Hash.SHA3_512",
    "Crypto.Hash.keccak",
    "Crypto.IO.PEM",
    "Crypto.Math",
    "Crypto.PublicKey.ECC",
    "Crypto.Signature.pss",
    "Crypto.Signature.pkcs1_15",
    "Crypto.Signature.DSS",
    "Crypto.Protocol.SecretSharing",
];

const WEAK_NAMES: &[&str] = &["md2", "md4", "md5", "sha", "sha1", "ripemd160", "rmd160"];

const WEAK_FUNCTIONS: &[&str] =
    &["hashlib.md5", "hashlib.sha1", "Crypto.Hash.MD5", "Crypto.Hash.SHA1", "Crypto.Hash.SHA"];

const SMALL_CURVES: &[&str] = &["SECP192R1", "SECT163K1", "SECT163R2"];

/// What a weak hash is for, as its names tell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Password,
    Guard,
    Unknown,
    Mark,
}

/// Silent with `usedforsecurity=False` or a computed switch, and where names say that it only tells things apart
/// (see `unmarked-weak-hash`). High for passwords, and shown without failing where names say nothing.
fn weak_hash(call: &Call<'_>) -> Option<Hit> {
    if says_harmless(call) || is_padding(call) {
        return None;
    }
    weighed(call)
}

/// `hashlib.new("md5")`, `hmac.new(…, "md5")`. Silent where the function is not constant. Weaker in an HMAC and
/// in PBKDF2, which the known attacks do not reach.
fn weak_named_hash(call: &Call<'_>) -> Option<Hit> {
    if says_harmless(call) || !names_weak_hash(call) {
        return None;
    }
    if call.path.starts_with("hmac.") || call.name() == "pbkdf2_hmac" {
        let hit = Hit::here().says(format!("`{}` is built on a hash that is out of use", call.path));
        return Some(hit.severity(Severity::Low));
    }
    weighed(call)
}

/// Whether a call says, by anything but `True`, that nothing depends on the hash.
fn says_harmless(call: &Call<'_>) -> bool {
    let said = call.keyword("usedforsecurity");
    said.is_some_and(|value| call.site.constant(value).is_none_or(|value| !value.is_true()))
}

fn weighed(call: &Call<'_>) -> Option<Hit> {
    let spare = |hit: Hit| if call.site.is_test() { hit.severity(Severity::Info) } else { hit };
    match purpose(call) {
        Purpose::Password => Some(spare(
            Hit::here()
                .says(format!("`{}` makes a hash of a password that is quick to guess", call.path))
                .severity(Severity::High)
                .confidence(Confidence::High),
        )),
        Purpose::Guard => Some(spare(Hit::here())),
        Purpose::Unknown => Some(spare(Hit::here().confidence(Confidence::Low))),
        Purpose::Mark => None,
    }
}

/// Silent where the purpose is not plain; that is `weak-hash`.
fn unmarked_weak_hash(call: &Call<'_>) -> Option<Hit> {
    (!says_harmless(call) && purpose(call) == Purpose::Mark).then(Hit::here)
}

fn unmarked_named_hash(call: &Call<'_>) -> Option<Hit> {
    if names_weak_hash(call) && call.name() != "pbkdf2_hmac" { unmarked_weak_hash(call) } else { None }
}

fn names_weak_hash(call: &Call<'_>) -> bool {
    let site = call.site;
    let Some(name) = call.subject() else { return false };
    if let Some(constant) = site.constant(name) {
        let text = constant.as_str().unwrap_or_default().to_ascii_lowercase();
        return WEAK_NAMES.contains(&text.replace('-', "").as_str());
    }
    site.is_any(name, WEAK_FUNCTIONS)
}

/// SHA-1 as a part of OAEP, MGF1 or HOTP, which does not lean on what is broken.
fn is_padding(call: &Call<'_>) -> bool {
    let site = call.site;
    let span = call.span();
    let safe = ["OAEP", "MGF1", "HOTP", "TOTP", "fingerprint", "HMAC", "PBKDF2HMAC", "hmac_hash"];
    site.module.calls().any(|outer| {
        let Value::Call(callee, _) = site.value(outer) else { return false };
        outer != call.id
            && site.module.span(outer).covers(span)
            && site.last_segment(callee).is_some_and(|name| safe.contains(&name))
    })
}

/// What the names around a hash say: those in its arguments, those in its statement and in others about the same
/// variable, and those of the function and class it stands in. What is hashed counts more than where.
fn purpose(call: &Call<'_>) -> Purpose {
    let site = call.site;
    let inner = arguments(call);
    let around = site.words_around(call.span().start);
    let fed = feeds(call);
    let hashed = !call.arguments.is_empty() || fed.is_some();
    let mut near = site.header_at(call.span().start).map(|span| site.words_in(span)).unwrap_or_default();
    near.extend(fed.clone().unwrap_or_default());
    // The signature of a function.
    if site.imports("inspect") {
        near.remove("signature");
    }
    let has = |wanted| near.has_any(wanted) || around.has_any(wanted);
    let password =
        [&inner, &around, &fed.unwrap_or_default()].into_iter().any(|words| words.has_any(PASSWORDS));
    if password && hashed {
        Purpose::Password
    } else if has(PASSWORDS) || has(GUARDS) {
        Purpose::Guard
    } else if has(MARKS) {
        Purpose::Mark
    } else {
        Purpose::Unknown
    }
}

/// The words of what is hashed.
fn arguments(call: &Call<'_>) -> Words {
    let site = call.site;
    let mut found = Words::default();
    for value in call.arguments.positional().iter() {
        found.extend(site.words_in(site.module.span(value)));
    }
    found
}

/// The words of `h.update(…)` and of whatever else is said of the variable that the hash is put into.
fn feeds(call: &Call<'_>) -> Option<Words> {
    let site = call.site;
    let Statement::Assign(target, _) = site.module.statement(site.statement_at(call.span().start)?) else {
        return None;
    };
    let Value::Name(_, Some(binding)) = site.value(target) else { return None };
    let mut found = Words::default();
    for id in site.module.calls() {
        if let Value::Call(callee, _) = site.value(id)
            && let Value::Attribute(object, _) = site.value(callee)
            && matches!(site.value(object), Value::Name(_, Some(other)) if other == binding)
            && let Some(span) = site.header_at(site.module.span(id).start)
        {
            found.extend(site.words_in(span));
        }
    }
    Some(found)
}

/// Silent on AES with another mode than ECB.
fn weak_cipher(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let has_mode = call.sink.is_some_and(|sink| !sink.keywords.is_empty());
    if has_mode && site.last_segment(call.subject()?) != Some("MODE_ECB") {
        return None;
    }
    Some(if site.is_test() { Hit::here().severity(Severity::Low) } else { Hit::here() })
}

/// Silent where size or curve are not constant. Weaker from 1024 bits on.
fn weak_key(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let subject = call.subject()?;
    let spare = |severity| Hit::here().severity(if site.is_test() { Severity::Low } else { severity });
    if call.sink?.keywords.iter().any(|name| name == "curve") {
        let curve = site.called(subject);
        return SMALL_CURVES.contains(&site.last_segment(curve)?).then(|| spare(Severity::High));
    }
    let bits = site.constant(subject)?.as_int()?;
    (bits < 2048).then(|| spare(if bits < 1024 { Severity::High } else { Severity::Medium }))
}

/// Silent where no name near says that the number guards something or that it makes texts for whoever asks, and where it is about the tokens of a text.
fn insecure_random(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let offset = call.span().start;
    let mut words = site.header_at(offset).map(|span| site.words_in(span)).unwrap_or_default();
    words.extend(site.words_around(offset));
    if site.is_test() || words.has_any(TEXT_TOKENS) {
        return None;
    }
    if words.has_any(SECRETS) {
        return Some(Hit::here());
    }
    // A function for random texts is called for whatever somebody needs one.
    makes_text(call).then(|| {
        Hit::here()
            .says(format!(
                "`{}` makes a random text that can be predicted, for whoever calls this",
                call.path
            ))
            .severity(Severity::Low)
    })
}

/// Whether a draw is one of the characters of a text that its function, which is named after that, returns.
fn makes_text(call: &Call<'_>) -> bool {
    let site = call.site;
    let span = call.span();
    let around = site.words_around(span.start);
    let named = around.has_any(&["random", "rand", "generate", "gen"])
        && around.has_any(&[
            "string",
            "str",
            "text",
            "chars",
            "characters",
            "code",
            "key",
            "hash",
            "alphanumeric",
        ]);
    let joined = site.module.calls().any(|outer| match site.value(outer) {
        Value::Call(callee, _) => {
            site.module.span(outer).covers(span)
                && outer != call.id
                && site.last_segment(callee) == Some("join")
        }
        _ => false,
    });
    named && joined && matches!(call.name(), "choice" | "choices" | "sample")
}

/// Silent where [`insecure_random`] speaks, in tests, on pauses, and on generators with a seed, which are meant to say
/// the same again.
fn predictable_random(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let offset = call.span().start;
    let seeded =
        call.path.starts_with("random.Random") && (call.name() != "Random" || !call.arguments.is_empty());
    let mut words = site.header_at(offset).map(|span| site.words_in(span)).unwrap_or_default();
    words.extend(site.words_around(offset));
    let pauses = words.has_any(&["sleep", "delay", "jitter", "backoff", "retry", "interval"]);
    (!site.is_test() && !seeded && !pauses && insecure_random(call).is_none()).then(Hit::here)
}

/// Silent on the other names of an import, and in files that use what `PyCrypto` has not.
fn perhaps_pycrypto(fact: &Fact<'_>) -> Option<Hit> {
    fact.brings(PYCRYPTO)?;
    (!uses_pycryptodome(fact.site)).then(Hit::here)
}

fn uses_pycryptodome(site: Site<'_>) -> bool {
    site.module.imports().iter().any(|import| site.brought(import, PYCRYPTODOME).is_some())
}
