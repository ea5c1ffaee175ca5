//! Names of objects.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// The name of an object: the SHA-1 of its content, or its SHA-256 in a repository made with that.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// Zeros behind the end.
    bytes: [u8; 32],
    length: u8,
}

impl ObjectId {
    /// The id that git has for no object.
    pub(super) const ZERO: ObjectId = ObjectId { bytes: [0; 32], length: 20 };

    /// The id of 20 or 32 bytes; `None` for any other number.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut id = ObjectId { bytes: [0; 32], length: bytes.len() as u8 };
        if !matches!(bytes.len(), 20 | 32) {
            return None;
        }
        id.bytes.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(id)
    }

    /// The id that 40 or 64 hexadecimal digits write; `None` for anything else.
    pub fn from_hex(text: &str) -> Option<Self> {
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let byte = |[high, low]: &[u8; 2]| Some((digit(high)? << 4 | digit(low)?) as u8);
        let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
        if rest.is_empty() { Self::from_bytes(&bytes?) } else { None }
    }

    /// The 20 or 32 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }

    /// Its first ten digits, for people.
    pub fn short(&self) -> String {
        self.to_string().chars().take(10).collect()
    }

    /// The id that a file of this content has, in a repository that holds `self`.
    pub(super) fn like(self, content: &[u8]) -> Option<Self> {
        if self.length == 20 {
            let id = git2::Oid::hash_object(git2::ObjectType::Blob, content).ok()?;
            return Self::from_bytes(id.as_bytes());
        }
        let head = format!("blob {}\0", content.len());
        Self::from_bytes(&Sha256::new().chain_update(head).chain_update(content).finalize())
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::ObjectId;

    #[test]
    fn ids_are_those_of_git() {
        let empty = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
        let id = ObjectId::from_hex(empty).unwrap();
        assert_eq!((id.to_string().as_str(), id.short().as_str()), (empty, "e69de29bb2"));
        assert_eq!(id.like(b""), Some(id));
        let long = "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813";
        let id = ObjectId::from_hex(long).unwrap();
        assert_eq!((id.to_string().as_str(), id.like(b"")), (long, Some(id)));
        for wrong in ["", "e6", "x69de29bb2d1d6434b8b29ae775ad8c2e48c5391", &empty[1..]] {
            assert_eq!(ObjectId::from_hex(wrong), None);
        }
    }
}
