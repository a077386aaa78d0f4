//! Signed webhooks: JSON to a program that can check who sent it and when.

use crate::http::{Address, HttpClient};
use crate::{Carrier, Delivery, Failure, Outcome};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt::{self, Write as _};

/// A program's address and the secret that it shares with us.
///
/// Each request carries `Huiyin-Delivery` (the same in every try),
/// `Huiyin-Topic`, `Huiyin-Timestamp` (seconds since 1970) and
/// `Huiyin-Signature`, made by [`signature`].
pub struct Webhook {
    client: HttpClient,
    address: Address,
    secret: Vec<u8>,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Webhook {
    /// Makes the way to one address.
    #[must_use]
    pub fn new(client: HttpClient, address: Address, secret: Vec<u8>) -> Self {
        Self { client, address, secret }
    }
}

impl Carrier for Webhook {
    fn send(&self, delivery: &Delivery) -> Result<Outcome, Failure> {
        let timestamp = (delivery.at.micros() / 1_000_000).to_string();
        let signature = signature(&self.secret, &timestamp, &delivery.body);
        let headers = [
            ("huiyin-delivery", delivery.id.as_str()),
            ("huiyin-topic", delivery.topic.as_str()),
            ("huiyin-timestamp", timestamp.as_str()),
            ("huiyin-signature", signature.as_str()),
        ];
        let answer = self.client.post(&self.address, &headers, &delivery.body)?.accepted()?;
        Ok(Outcome { answer: format!("status {}", answer.status) })
    }
}

/// Signs a body: `v1=` and HMAC-SHA256 over `timestamp.body` in hexadecimal.
///
/// `timestamp` is in seconds since 1970, as the header says it; a receiver
/// should refuse one that is older than a few minutes.
#[must_use]
pub fn signature(secret: &[u8], timestamp: &str, body: &str) -> String {
    let digest = hmac_sha256(secret, &[timestamp.as_bytes(), b".", body.as_bytes()]);
    digest.iter().fold("v1=".to_owned(), |mut text, byte| {
        // writing to a string cannot fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Computes HMAC-SHA256 over parts put one behind the other.
pub(crate) fn hmac_sha256(secret: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
        // HMAC takes a key of any length
        return Vec::new();
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 3 §6: webhooks are signed so that receivers can check them.
    #[test]
    fn the_signature_is_hmac_sha256_of_timestamp_and_body() {
        // computed with: printf '%s' '1790000000.{"a":1}' | openssl dgst -sha256 -hmac secret
        let expected = "v1=da8fe498621aaab99d5b11c51346b13d1a2bf2914b865b8d3edd3531cab25a3e";
        assert_eq!(signature(b"secret", "1790000000", r#"{"a":1}"#), expected);
    }
}
