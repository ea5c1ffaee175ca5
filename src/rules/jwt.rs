//! JSON web tokens: how they are signed, what they claim, and whether they are verified.

mod claims;
mod keys;
mod verification;

use self::claims::{Expiry, expiry, never_expires, unlimited};
use self::keys::{weak_key, weak_settings};
use self::verification::{confused, is_unsigned, unsigned, unverified, verifies_not, without_algorithms};
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::rule::{Call, Hit, On, Preset, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "weak-jwt-secret",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::High,
        cwe: &[1391, 321, 798],
        message: "tokens are signed with a key that can be guessed",
        why: "Whoever guesses the key, offline and from a single token, signs tokens for any user.",
        help: "take at least 32 random bytes (`secrets.token_urlsafe(32)`) from the environment or a secret store",
        on: On::Any(&[On::Sink(Kind::JwtKey, &[], weak_key), On::Project(weak_settings)]),
    },
    Rule {
        name: "weak-jwt-algorithm",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Critical,
        flow: None,
        confidence: Confidence::High,
        cwe: &[347, 327],
        message: "tokens without a signature are made or accepted here",
        why: "The algorithm `none` means no signature at all: anybody writes such a token, for any user.",
        help: "name one algorithm that signs, such as `HS256` or `RS256`, where tokens are made and where they are read",
        on: On::Any(&[
            On::Sink(Kind::JwtAlgorithm, &[], unsigned),
            On::Project(verification::unsigned_settings),
        ]),
    },
    Rule {
        name: "weak-jwt-missing-exp",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::High,
        cwe: &[613],
        message: "this token never expires",
        why: "A token that leaks from a log, a browser or a backup is good for ever, and logging out does not end it.",
        help: "add an `exp` claim, minutes to hours ahead",
        on: On::Any(&[
            On::Sink(Kind::JwtClaims, &[], claims_without_expiry),
            On::Project(never_expires),
            On::Call(
                &[
                    "flask_jwt_extended.create_access_token",
                    "flask_jwt_extended.create_refresh_token",
                    "fastapi_users.authentication.JWTStrategy",
                    "fastapi_users.authentication.strategy.JWTStrategy",
                ],
                unlimited,
            ),
        ]),
    },
    Rule {
        name: "jwt-not-verified",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[347, 345],
        message: "the signature of this token is not verified",
        why: "Without the signature the claims are what the sender wrote: any user, any role.",
        help: "decode with the key and a list of algorithms, and leave the verification on",
        on: On::Any(&[On::Sink(Kind::JwtDecode, &[], unverified), On::Project(verifies_not)]),
    },
    Rule {
        name: "jwt-algorithms-missing",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[347, 757],
        message: "`{call}` is not told which algorithms to accept",
        why: "The token then names the algorithm by which it is verified, and whoever sends it chooses the weakest.",
        help: "pass `algorithms=` with the one algorithm that the tokens are signed with",
        on: On::Sink(Kind::JwtDecode, &[], without_algorithms),
    },
    Rule {
        name: "jwt-key-confusion",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[347, 757],
        message: "this token may choose between a public and a secret key",
        why: "A public key that is taken for the secret of an `HS` algorithm lets everybody who has it sign tokens.",
        help: "accept one algorithm per key, and never the one that the token names",
        on: On::Sink(Kind::JwtAlgorithm, &[], confused),
    },
];

/// Silent where not all of the claims are in sight, on tokens without a signature, and in tests.
fn claims_without_expiry(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let claims = call.subject().filter(|_| !site.is_test())?;
    // Without a signature an expiry is worth nothing.
    (expiry(site, claims, call.id) == Expiry::Never && !is_unsigned(call)).then(Hit::here)
}
