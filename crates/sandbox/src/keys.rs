//! RSA keys and the files they are kept in.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

/// A key cannot be used.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The text is no key of the needed kind.
    #[error("{0} is not a usable key")]
    Unreadable(&'static str),
    /// The crypto library refused; it gives no reasons.
    #[error("{0} failed")]
    Refused(&'static str),
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] io::Error),
}

/// A private key, RSA with 2048 bits or more.
pub struct PrivateKey(KeyPair);

/// A public key: the DER of its SubjectPublicKeyInfo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(Vec<u8>);

impl PrivateKey {
    /// Makes a new key of 2048 bits.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn generate() -> Result<Self, KeyError> {
        KeyPair::generate(KeySize::Rsa2048)
            .map(Self)
            .map_err(|_| KeyError::Refused("making an RSA key"))
    }

    /// Reads PKCS#8, as PEM or as the bare base64 that the public documentation requires.
    ///
    /// # Errors
    /// When the text is not such a key.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let der = der(text).ok_or(KeyError::Unreadable("the private key"))?;
        KeyPair::from_pkcs8(&der).map(Self).map_err(|_| KeyError::Unreadable("the private key"))
    }

    /// Name of the file with the key of this name.
    #[must_use]
    pub fn file_name(name: &str) -> String {
        format!("{name}.private.pem")
    }

    /// Reads the key of this name from the folder, or makes it and writes both halves.
    ///
    /// # Errors
    /// When the file is no key or the folder cannot be written.
    pub fn open(folder: &Path, name: &str) -> Result<Self, KeyError> {
        let file = folder.join(Self::file_name(name));
        match fs::read_to_string(&file) {
            Ok(text) => Self::from_pem(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = Self::generate()?;
                let public = key.public()?;
                write_safely(&folder.join(format!("{name}.public.pem")), &public.to_pem())?;
                write_safely(&file, &key.to_pem()?)?;
                Ok(key)
            }
            Err(error) => Err(KeyError::File(error)),
        }
    }

    /// The public half.
    ///
    /// # Errors
    /// When the library cannot encode it.
    pub fn public(&self) -> Result<PublicKey, KeyError> {
        let der: PublicKeyX509Der<'_> =
            self.0.public_key().as_der().map_err(|_| KeyError::Refused("encoding a public key"))?;
        Ok(PublicKey(der.as_ref().to_vec()))
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256.
    ///
    /// # Errors
    /// When the library refuses.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| KeyError::Refused("signing"))?;
        Ok(signature)
    }

    /// The key as base64 of PKCS#8.
    ///
    /// # Errors
    /// When the library cannot encode it.
    pub fn to_base64(&self) -> Result<String, KeyError> {
        let der: Pkcs8V1Der<'_> =
            self.0.as_der().map_err(|_| KeyError::Refused("encoding a private key"))?;
        Ok(STANDARD.encode(der.as_ref()))
    }

    fn to_pem(&self) -> Result<String, KeyError> {
        Ok(pem("PRIVATE KEY", &self.to_base64()?))
    }
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo, as PEM or as bare base64.
    ///
    /// # Errors
    /// When the text is not base64. Bytes that are no key fail when the key is used.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        der(text).map(Self).ok_or(KeyError::Unreadable("the public key"))
    }

    /// The key as base64.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.0)
    }

    /// The key as PEM.
    #[must_use]
    pub fn to_pem(&self) -> String {
        pem("PUBLIC KEY", &self.to_base64())
    }

    /// Whether `signature` over `message` was made with the private half.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.0)
            .verify(message, signature)
            .is_ok()
    }
}

/// A crash leaves either no file or the whole file, never half a key.
fn write_safely(path: &Path, text: &str) -> Result<(), KeyError> {
    let beside = path.with_extension("new");
    let write = || -> io::Result<()> {
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    Ok(write()?)
}

fn der(text: &str) -> Option<Vec<u8>> {
    let body: String = text
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .flat_map(|line| line.chars().filter(|c| !c.is_whitespace()))
        .collect();
    STANDARD.decode(body).ok().filter(|der| !der.is_empty())
}

fn pem(label: &str, body: &str) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    for (index, letter) in body.chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            text.push('\n');
        }
        text.push(letter);
    }
    text.push_str(&format!("\n-----END {label}-----\n"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let first = PrivateKey::open(folder.path(), "gateway").unwrap();
        let again = PrivateKey::open(folder.path(), "gateway").unwrap();
        assert_eq!(first.public().unwrap(), again.public().unwrap());
        let signature = first.sign(b"hello").unwrap();
        let text = fs::read_to_string(folder.path().join("gateway.public.pem")).unwrap();
        let public = PublicKey::from_pem(&text).unwrap();
        assert!(public.verifies(b"hello", &signature));
        assert!(!public.verifies(b"hullo", &signature));
        assert!(!public.verifies(b"hello", b""));
    }

    #[test]
    fn a_broken_key_file_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("gateway.private.pem"), "nonsense").unwrap();
        assert!(PrivateKey::open(folder.path(), "gateway").is_err());
    }
}
