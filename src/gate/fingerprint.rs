//! What makes a finding the same finding tomorrow.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::finding::Finding;

/// Version of what goes into a fingerprint. Raised when a change would make old ones different.
pub const VERSION: u32 = 1;

/// The fingerprint of each finding of a file, in order: 32 hex digits from its rule, path, scope, the tokens of
/// its identity, and how many findings with all of that equal stand before it in the file.
pub fn fingerprints(findings: &[Finding]) -> Vec<String> {
    let mut seen = rustc_hash::FxHashMap::<[u8; 32], u32>::default();
    let mut prints = Vec::with_capacity(findings.len());
    for finding in findings {
        let base = base(finding);
        let count = seen.entry(base).or_default();
        *count += 1;
        let digest = Sha256::new_with_prefix(base).chain_update(count.to_le_bytes()).finalize();
        prints.push(hex(digest.as_slice().get(..16).unwrap_or_default()));
    }
    prints
}

fn base(finding: &Finding) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(VERSION.to_le_bytes());
    for part in [finding.rule, &finding.location.path, &finding.scope, &finding.identity.tokens] {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    hasher.finalize().into()
}

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
