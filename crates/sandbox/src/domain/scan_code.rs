//! Codes that a buyer scans, copies or shows at a counter.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::method::CodeKind;
use super::money::Money;
use crate::ids;

/// A code of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanCode {
    /// How the page shows it.
    pub kind: CodeKind,
    /// Its content.
    pub text: String,
}

/// The input of a code.
#[derive(Debug, Clone, Copy)]
pub struct Source<'s> {
    /// Of the attempt. The digits depend on nothing else, so the same attempt has the same code.
    pub key: &'s str,
    /// The payment's amount.
    pub amount: &'s Money,
    /// Name of the merchant.
    pub merchant: &'s str,
    /// ISO 3166 alpha-2 of the method's first country.
    pub country: &'s str,
}

impl Source<'_> {
    /// A code of this kind.
    #[must_use]
    pub fn code(&self, kind: CodeKind) -> ScanCode {
        let text = match kind {
            CodeKind::Qr | CodeKind::Text => self.emv(),
            CodeKind::Number => ids::digits(&format!("number {}", self.key), 16),
            CodeKind::Barcode => ids::digits(&format!("barcode {}", self.key), 22),
        };
        ScanCode { kind, text }
    }

    /// A merchant-presented QR code for one payment: EMVCo QR Code Specification for Payment
    /// Systems, 1.1. The account does not exist: its scheme is this sandbox's own.
    fn emv(&self) -> String {
        let reference: String =
            self.key.chars().filter(char::is_ascii_alphanumeric).take(25).collect();
        let mut text = String::new();
        part(&mut text, "00", "01");
        // 12: good for one payment.
        part(&mut text, "01", "12");
        let mut account = String::new();
        part(&mut account, "00", "test.kassa.sandbox");
        part(&mut account, "01", &reference);
        part(&mut text, "26", &account);
        // 5999: shops of other kinds.
        part(&mut text, "52", "5999");
        part(&mut text, "53", &format!("{:03}", self.amount.currency.number()));
        part(&mut text, "54", &self.amount.decimal());
        part(&mut text, "58", self.country);
        part(&mut text, "59", &ascii(self.merchant, 25));
        part(&mut text, "60", "Sandbox");
        let mut more = String::new();
        part(&mut more, "05", &reference);
        part(&mut text, "62", &more);
        text.push_str("6304");
        let sum = crc(text.as_bytes());
        let _ = write!(text, "{sum:04X}");
        text
    }
}

fn part(text: &mut String, id: &str, value: &str) {
    let _ = write!(text, "{id}{:02}{value}", value.len());
}

/// EMVCo's names are printable ASCII here; other letters become question marks.
fn ascii(text: &str, most: usize) -> String {
    let plain = |c: char| if c == ' ' || c.is_ascii_graphic() { c } else { '?' };
    let short: String = text.chars().take(most).map(plain).collect();
    if short.is_empty() { "Shop".to_owned() } else { short }
}

/// ISO/IEC 13239 with the polynomial 1021 and the initial value FFFF, as EMVCo requires.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |sum, byte| {
        (0..8).fold(sum ^ (u16::from(*byte) << 8), |sum, _| {
            if sum & 0x8000 == 0 { sum << 1 } else { (sum << 1) ^ 0x1021 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(amount: &Money) -> Source<'_> {
        Source { key: "p-1_x", amount, merchant: "Café Größe", country: "BR" }
    }

    #[test]
    fn the_checksum_is_the_published_one() {
        // The check value of CRC-16/IBM-3740 in the catalogue of CRC algorithms.
        assert_eq!(crc(b"123456789"), 0x29B1);
    }

    #[test]
    fn qr_codes_can_be_taken_apart() {
        let amount = Money { currency: "BRL".parse().unwrap(), minor: 4200 };
        let code = source(&amount).code(CodeKind::Qr).text;
        let (mut rest, mut parts) = (code.as_str(), Vec::new());
        while !rest.is_empty() {
            let (id, after) = rest.split_at(2);
            let (length, after) = after.split_at(2);
            let (value, after) = after.split_at(length.parse().unwrap());
            parts.push((id, value));
            rest = after;
        }
        assert!(parts.contains(&("54", "42.00")) && parts.contains(&("53", "986")), "{parts:?}");
        assert!(parts.contains(&("59", "Caf? Gr??e")) && parts.contains(&("62", "0503p1x")));
        let (body, sum) = code.split_at(code.len() - 4);
        assert_eq!(sum, format!("{:04X}", crc(body.as_bytes())));
        assert_eq!(source(&amount).code(CodeKind::Text).text, code);
        let yen = Money { currency: "JPY".parse().unwrap(), minor: 5 };
        assert!(source(&yen).code(CodeKind::Qr).text.contains("54015"));
    }

    #[test]
    fn numbers_and_barcodes_are_digits() {
        let amount = Money { currency: "JPY".parse().unwrap(), minor: 500 };
        for (kind, length) in [(CodeKind::Number, 16), (CodeKind::Barcode, 22)] {
            let text = source(&amount).code(kind).text;
            assert_eq!(text.len(), length);
            assert!(text.bytes().all(|byte| byte.is_ascii_digit()));
        }
    }
}
