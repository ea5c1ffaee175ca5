//! Keys, nonces and paddings that are used against their purpose.

use crate::facts::{BinaryOperator, Value, ValueId};
use crate::finding::Severity;
use crate::rule::{Call, Hit, Site};

/// What makes a key of a password.
pub(super) const DERIVATIONS: &[&str] = &[
    "hashlib.pbkdf2_hmac",
    "cryptography.hazmat.primitives.kdf.pbkdf2.PBKDF2HMAC",
    "Crypto.Protocol.KDF.PBKDF2",
    "Cryptodome.Protocol.KDF.PBKDF2",
    "bcrypt.gensalt",
];

/// What takes a nonce or an initialisation vector.
pub(super) const NONCES: &[&str] = &[
    "Crypto.Cipher.AES.new",
    "Crypto.Cipher.ChaCha20.new",
    "Crypto.Cipher.ChaCha20_Poly1305.new",
    "Crypto.Cipher.Salsa20.new",
    "Cryptodome.Cipher.AES.new",
    "Cryptodome.Cipher.ChaCha20.new",
    "Cryptodome.Cipher.ChaCha20_Poly1305.new",
    "Cryptodome.Cipher.Salsa20.new",
    "cryptography.hazmat.primitives.ciphers.modes.CBC",
    "cryptography.hazmat.primitives.ciphers.modes.CTR",
    "cryptography.hazmat.primitives.ciphers.modes.GCM",
    "cryptography.hazmat.primitives.ciphers.modes.OFB",
    "cryptography.hazmat.primitives.ciphers.modes.CFB",
    "cryptography.hazmat.primitives.ciphers.algorithms.ChaCha20",
    "cryptography.hazmat.primitives.ciphers.aead.AESGCM.encrypt",
    "cryptography.hazmat.primitives.ciphers.aead.AESCCM.encrypt",
    "cryptography.hazmat.primitives.ciphers.aead.ChaCha20Poly1305.encrypt",
];

/// What encrypts with the padding of PKCS #1 v1.5, or names it.
pub(super) const PKCS1: &[&str] = &[
    "Crypto.Cipher.PKCS1_v1_5.new",
    "Cryptodome.Cipher.PKCS1_v1_5.new",
    "rsa.encrypt",
    "rsa.decrypt",
    "cryptography.hazmat.primitives.asymmetric.padding.PKCS1v15",
];

/// Fewer are too few by every advice since 2010.
const FEWEST_ROUNDS: i64 = 10_000;
/// Fewer are less than OWASP asks for.
const FEW_ROUNDS: i64 = 100_000;
/// What PBKDF2 of `PyCryptodome` does unless it is told otherwise.
const DEFAULT_ROUNDS: i64 = 1_000;
/// Powers of two.
const FEWEST_BCRYPT: i64 = 10;

/// Silent in tests, where the number is not constant, and on a single round, which makes one key of another.
pub(super) fn few_rounds(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let is_old = call.name() == "PBKDF2";
    let given = match call.name() {
        "gensalt" => call.argument(0, "rounds"),
        "PBKDF2" => call.argument(3, "count"),
        _ => call.argument(3, "iterations"),
    };
    let rounds = match given {
        Some(given) => site.constant(given)?.as_int()?,
        None if is_old && !call.has_spread() && !call.has_rest() => DEFAULT_ROUNDS,
        None => return None,
    };
    if site.is_test() {
        return None;
    }
    if call.name() == "gensalt" {
        return (rounds < FEWEST_BCRYPT).then(Hit::here);
    }
    let severity = if rounds < FEWEST_ROUNDS { Severity::Medium } else { Severity::Low };
    (rounds > 1 && rounds < FEW_ROUNDS).then(|| Hit::here().severity(severity))
}

/// Silent in tests, where it is not constant, and where it only decrypts what others made.
pub(super) fn constant_nonce(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let nonce = match call.name() {
        "new" => {
            ["nonce", "iv", "IV"].iter().find_map(|name| call.keyword(name)).or_else(|| call.positional(2))
        }
        "ChaCha20" => call.argument(1, "nonce"),
        "encrypt" => call.argument(0, "nonce"),
        _ => call.positional(0).or_else(|| call.arguments.keywords().next().map(|(_, value)| value)),
    }?;
    let decrypts =
        site.words_around(call.span().start).has_any(&["decrypt", "decode", "unwrap", "decryption"]);
    (!site.is_test() && !decrypts && !is_probe(call) && is_fixed(site, nonce)).then(Hit::here)
}

/// `supports(AES, CBC(b"\0" * 16))`: a mode that is handed to something else than a cipher.
fn is_probe(call: &Call<'_>) -> bool {
    let site = call.site;
    call.path.contains(".modes.")
        && site.module.calls().any(|outer| {
            let Value::Call(callee, _) = site.value(outer) else { return false };
            outer != call.id
                && site.module.span(outer).covers(call.span())
                && !matches!(site.last_segment(callee), Some("Cipher" | "encryptor"))
        })
}

/// Whether bytes are the same every time: a constant, `b"\0" * 16`, `bytes(16)`.
fn is_fixed(site: Site<'_>, value: ValueId) -> bool {
    if let Some(constant) = site.constant(value) {
        return constant.is_true() && constant.as_int().is_none();
    }
    match site.value(value) {
        Value::Binary(BinaryOperator::Multiply, left, right) => {
            let counted = site.constant(right).is_some_and(|count| count.as_int().is_some());
            is_fixed(site, left) && (counted || site.last_segment(right) == Some("block_size"))
        }
        Value::Call(callee, arguments) if site.is_any(callee, &["builtins.bytes", "builtins.bytearray"]) => {
            let first = arguments.positional().get(0);
            arguments.len() == 1 && first.and_then(|first| site.constant(first)).is_some()
        }
        Value::Call(callee, _) if site.last_segment(callee) == Some("encode") => match site.value(callee) {
            Value::Attribute(text, _) => site.constant(text).is_some(),
            _ => false,
        },
        Value::Name(_, Some(binding)) => match site.module.definitions(binding) {
            [only] => only.value().is_some_and(|inner| inner != value && is_fixed_literal(site, inner)),
            _ => false,
        },
        _ => false,
    }
}

/// Like [`is_fixed`], without following further names.
fn is_fixed_literal(site: Site<'_>, value: ValueId) -> bool {
    !matches!(site.value(value), Value::Name(..)) && is_fixed(site, value)
}

/// Silent in tests, and on signatures, for which the padding is sound.
pub(super) fn old_padding(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let encrypts = call.name() != "PKCS1v15" || is_within_encryption(call);
    (!site.is_test() && encrypts).then(Hit::here)
}

/// `key.encrypt(text, padding.PKCS1v15())`.
fn is_within_encryption(call: &Call<'_>) -> bool {
    let site = call.site;
    site.module.calls().any(|outer| {
        let Value::Call(callee, _) = site.value(outer) else { return false };
        outer != call.id
            && site.module.span(outer).covers(call.span())
            && matches!(site.last_segment(callee), Some("encrypt" | "decrypt"))
    })
}
