//! Hashes that were made for passwords, and are none for them today.

use crate::facts::{Statement, Value};
use crate::finding::{Confidence, Severity};
use crate::rule::{Call, Fact, FactNode, Hit};

/// `crypt` of the standard library until Python 3.12.
pub(super) const CRYPT: &[&str] = &["crypt.crypt", "crypt.mksalt"];

/// Weak schemes of `passlib`.
pub(super) const PASSLIB: &[&str] = &[
    "passlib.hash.des_crypt.hash",
    "passlib.hash.bsdi_crypt.hash",
    "passlib.hash.bigcrypt.hash",
    "passlib.hash.crypt16.hash",
    "passlib.hash.md5_crypt.hash",
    "passlib.hash.apr_md5_crypt.hash",
    "passlib.hash.sha1_crypt.hash",
    "passlib.hash.hex_md5.hash",
    "passlib.hash.hex_sha1.hash",
    "passlib.hash.hex_sha256.hash",
    "passlib.hash.ldap_md5.hash",
    "passlib.hash.ldap_sha1.hash",
    "passlib.hash.ldap_salted_md5.hash",
    "passlib.hash.ldap_salted_sha1.hash",
    "passlib.hash.lmhash.hash",
    "passlib.hash.nthash.hash",
    "passlib.hash.mysql323.hash",
    "passlib.hash.plaintext.hash",
];

const WEAK_METHODS: &[&str] = &["crypt.METHOD_CRYPT", "crypt.METHOD_MD5"];

/// Hashers of Django that were made for the speed of tests, or for old tables.
const WEAK_HASHERS: &[&str] =
    &["MD5PasswordHasher", "UnsaltedMD5PasswordHasher", "SHA1PasswordHasher", "UnsaltedSHA1PasswordHasher"];

/// Silent on the other methods, the default among them: bcrypt and SHA-2 crypt are slow.
pub(super) fn weak_crypt(call: &Call<'_>) -> Option<Hit> {
    let (position, keyword) = if call.name() == "mksalt" { (0, "method") } else { (1, "salt") };
    let method = call.argument(position, keyword)?;
    let method = match call.site.value(method) {
        Value::Call(callee, arguments) if call.site.is_any(callee, &["crypt.mksalt"]) => {
            arguments.positional().get(0)?
        }
        _ => method,
    };
    let weak = call.site.is_any(method, WEAK_METHODS);
    (weak && !call.site.is_test()).then(Hit::here)
}

/// Silent in tests.
pub(super) fn weak_passlib(call: &Call<'_>) -> Option<Hit> {
    (!call.site.is_test()).then(Hit::here)
}

/// `PASSWORD_HASHERS = ["…MD5PasswordHasher"]`. Silent in tests and their settings, and on weak hashers behind the
/// first, which only read what is stored.
pub(super) fn weak_hasher(fact: &Fact<'_>) -> Option<Hit> {
    let FactNode::Statement(_, Statement::Assign(target, value)) = fact.node else { return None };
    let site = fact.site;
    if site.last_segment(target) != Some("PASSWORD_HASHERS") {
        return None;
    }
    let first = *site.elements(value)?.first()?;
    let name = site.constant(first)?;
    let class = name.as_str()?.rsplit('.').next()?.to_owned();
    let path = site.project.file(site.file).map(|file| file.path.to_ascii_lowercase()).unwrap_or_default();
    let spared = site.is_test() || ["test", "ci", "local", "dev"].iter().any(|part| path.contains(part));
    let hit = || {
        Hit::here()
            .says(format!("new passwords are stored by `{class}`, which is quick to undo"))
            .severity(Severity::High)
            .confidence(Confidence::Medium)
    };
    (WEAK_HASHERS.contains(&class.as_str()) && !spared).then(hit)
}
