//! The signature scheme of the server API (`Signature: algorithm=RSA256,keyVersion=1,signature=…`).
//!
//! The signed text is the method, a blank, the path with its query, a line feed, then client id,
//! time and the body's raw bytes joined by full stops. An answer is signed with the method and
//! path of its request. The signed bytes are the transmitted ones: a body that is parsed and printed
//! again no longer verifies.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use thiserror::Error;

use crate::keys::{KeyError, PrivateKey, PublicKey};

/// Characters that a URI component leaves unescaped.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The signed text besides the body.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// Upper case.
    pub method: &'a str,
    /// With the query, without the host, as it was requested.
    pub path: &'a str,
    /// Of the merchant.
    pub client_id: &'a str,
    /// The text of the time header.
    pub time: &'a str,
}

/// Why a signature was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// The header does not have the documented form.
    #[error(
        "The header Signature has the form algorithm=RSA256,keyVersion=1,signature=<base64, \
         URL-encoded>"
    )]
    Malformed,
    /// Another key version than 1.
    #[error("The only key version here is 1")]
    KeyVersion,
    /// The signature does not belong to these bytes and this key.
    #[error(
        "The signature does not belong to this method, path, client, time and these body bytes; \
         sign the exact bytes that are sent"
    )]
    Mismatch,
}

impl Envelope<'_> {
    /// The signed text.
    #[must_use]
    pub fn signed_text(&self, body: &[u8]) -> Vec<u8> {
        let head = format!("{} {}\n{}.{}.", self.method, self.path, self.client_id, self.time);
        let mut text = head.into_bytes();
        text.extend_from_slice(body);
        text
    }

    /// The value of the `Signature` header.
    ///
    /// # Errors
    /// When the key refuses.
    pub fn sign(&self, body: &[u8], key: &PrivateKey) -> Result<String, KeyError> {
        let signature = STANDARD.encode(key.sign(&self.signed_text(body))?);
        Ok(format!(
            "algorithm=RSA256,keyVersion=1,signature={}",
            utf8_percent_encode(&signature, COMPONENT)
        ))
    }

    /// Checks the value of a `Signature` header.
    ///
    /// # Errors
    /// Why it is not accepted.
    pub fn verify(&self, body: &[u8], header: &str, key: &PublicKey) -> Result<(), SignatureError> {
        let part = |name: &str| {
            header
                .split(',')
                .filter_map(|part| part.trim().split_once('='))
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value)
        };
        let encoded = part("signature").ok_or(SignatureError::Malformed)?;
        if part("algorithm").is_none_or(|algorithm| algorithm != "RSA256") {
            return Err(SignatureError::Malformed);
        }
        if part("keyVersion").is_some_and(|version| version != "1") {
            return Err(SignatureError::KeyVersion);
        }
        let base64 =
            percent_decode_str(encoded).decode_utf8().map_err(|_| SignatureError::Malformed)?;
        let signature =
            STANDARD.decode(base64.as_bytes()).map_err(|_| SignatureError::Malformed)?;
        if key.verifies(&self.signed_text(body), &signature) {
            Ok(())
        } else {
            Err(SignatureError::Mismatch)
        }
    }
}
