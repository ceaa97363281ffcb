//! Signatures against two vectors that were recorded from an official server SDK.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use kassa_sandbox::keys::{PrivateKey, PublicKey};
use kassa_sandbox::signature::{Envelope, SignatureError};
use serde_json::Value;

fn vectors() -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("data/signature-vectors.json")).unwrap();
    file["vectors"].as_array().unwrap().clone()
}

fn envelope(vector: &Value) -> Envelope<'_> {
    let text = |name: &str| vector[name].as_str().unwrap();
    Envelope {
        method: text("method"),
        path: text("path"),
        client_id: text("clientId"),
        time: text("requestTime"),
    }
}

#[test]
fn signing_gives_the_recorded_bytes() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 2);
    for vector in &vectors {
        let body = vector["body"].as_str().unwrap().as_bytes();
        let key = PrivateKey::from_pem(vector["privateKeyPem"].as_str().unwrap()).unwrap();
        assert_eq!(
            envelope(vector).signed_text(body),
            vector["signedText"].as_str().unwrap().as_bytes()
        );
        assert_eq!(
            envelope(vector).sign(body, &key).unwrap(),
            vector["signatureHeader"].as_str().unwrap()
        );
    }
}

#[test]
fn verification_accepts_the_recorded_header_only() {
    for vector in &vectors() {
        let body = vector["body"].as_str().unwrap().as_bytes();
        let header = vector["signatureHeader"].as_str().unwrap();
        let envelope = envelope(vector);
        for form in ["publicKeyPem", "publicKeyBase64"] {
            let key = PublicKey::from_pem(vector[form].as_str().unwrap()).unwrap();
            assert_eq!(envelope.verify(body, header, &key), Ok(()));
        }
        let key = PublicKey::from_pem(vector["publicKeyPem"].as_str().unwrap()).unwrap();
        assert_eq!(envelope.verify(body, &header.replace(',', ", "), &key), Ok(()));

        for place in [0, body.len() / 2, body.len() - 1] {
            let mut flipped = body.to_vec();
            flipped[place] ^= 1;
            assert_eq!(envelope.verify(&flipped, header, &key), Err(SignatureError::Mismatch));
        }
        for other in [
            Envelope { path: "/ams/api/v1/payments/pay", ..envelope },
            Envelope { client_id: "5YTEST00000002", ..envelope },
            Envelope { time: "2026-11-22T06:29:02+00:00", ..envelope },
            Envelope { method: "PUT", ..envelope },
        ] {
            assert_eq!(other.verify(body, header, &key), Err(SignatureError::Mismatch));
        }
        for (bad, why) in [
            ("", SignatureError::Malformed),
            ("signature", SignatureError::Malformed),
            ("algorithm=RSA256,keyVersion=1,signature=%%%", SignatureError::Malformed),
            ("algorithm=RSA256,keyVersion=1,signature=", SignatureError::Mismatch),
            (&header.replace("RSA256", "RSA1"), SignatureError::Malformed),
            (&header.replace("keyVersion=1", "keyVersion=2"), SignatureError::KeyVersion),
        ] {
            assert_eq!(envelope.verify(body, bad, &key), Err(why), "{bad}");
        }
    }
}
