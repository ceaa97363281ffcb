//! Identifiers and digests.

use aws_lc_rs::{digest, hmac, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use thiserror::Error;

/// The system gave no random bytes, so no secret can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the system gives no random bytes")]
pub struct NoRandomness;

/// 144 random bits in 24 characters that need no escaping anywhere.
///
/// # Errors
/// When the system has no randomness.
pub fn unguessable() -> Result<String, NoRandomness> {
    let mut bytes = [0_u8; 18];
    rand::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// `N` random bytes.
///
/// # Errors
/// When the system has no randomness.
pub fn secret<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0_u8; N];
    rand::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// SHA-256, for comparing two contents.
#[must_use]
pub fn sha256(content: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, content))
}

/// `count` digits, at most 32, from the digest of a text: the same for the same text.
#[must_use]
pub fn digits(content: &str, count: usize) -> String {
    let digest = digest::digest(&digest::SHA256, content.as_bytes());
    let digit = |byte: &u8| char::from(b'0' + byte % 10);
    digest.as_ref().iter().map(digit).take(count).collect()
}

/// A keyed digest, for card numbers: there are so few of those that a plain digest could be reversed
/// by trying them all.
#[must_use]
pub fn keyed(secret: &[u8], content: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    URL_SAFE_NO_PAD.encode(hmac::sign(&key, content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_and_need_no_escaping() {
        let (one, two) = (unguessable().unwrap(), unguessable().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.len(), 24);
        assert!(one.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    }

    #[test]
    fn keyed_digests_depend_on_the_key() {
        assert_ne!(keyed(b"a", b"x"), keyed(b"b", b"x"));
        assert_eq!(keyed(b"a", b"x"), keyed(b"a", b"x"));
    }
}
