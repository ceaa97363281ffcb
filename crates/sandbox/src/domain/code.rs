//! Codes that a buyer scans, copies or tells at a counter.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::domain::method::CodeKind;
use crate::domain::money::{Money, decimals};
use crate::ids;

/// A code of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// How it is shown.
    pub kind: CodeKind,
    /// What it says.
    pub text: String,
}

/// What a code is made from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'s> {
    /// Of the payment: nothing else decides the digits, so the same payment has the same code.
    pub payment_id: &'s str,
    /// To be paid.
    pub amount: &'s Money,
    /// Who sells.
    pub merchant: &'s str,
    /// ISO 3166 alpha-2 of the method's first country.
    pub country: &'s str,
}

impl Source<'_> {
    /// A code of this kind.
    #[must_use]
    pub fn code(&self, kind: CodeKind) -> Code {
        let text = match kind {
            CodeKind::Qr | CodeKind::Text => self.emv(),
            CodeKind::Number => ids::digits(&format!("number {}", self.payment_id), 16),
            CodeKind::Barcode => ids::digits(&format!("barcode {}", self.payment_id), 22),
        };
        Code { kind, text }
    }

    /// A merchant-presented QR code for one payment: EMVCo QR Code Specification for Payment
    /// Systems, 1.1. The account belongs to nobody: its scheme is this sandbox's own.
    fn emv(&self) -> String {
        let reference: String =
            self.payment_id.chars().filter(char::is_ascii_alphanumeric).take(25).collect();
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
        part(&mut text, "53", currency_number(&self.amount.currency).unwrap_or("999"));
        part(&mut text, "54", &self.plain_amount());
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

    /// With a point and without grouping.
    fn plain_amount(&self) -> String {
        let decimals = decimals(&self.amount.currency).unwrap_or(2);
        let padded = format!("{:0>width$}", self.amount.value, width = decimals + 1);
        let at = padded.len().saturating_sub(decimals);
        match padded.split_at_checked(at) {
            Some((whole, fraction)) if !fraction.is_empty() => format!("{whole}.{fraction}"),
            Some(_) | None => padded,
        }
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

/// ISO/IEC 13239 with the polynomial 1021 and the initial value FFFF, as EMVCo wants it.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |sum, byte| {
        (0..8).fold(sum ^ (u16::from(*byte) << 8), |sum, _| {
            if sum & 0x8000 == 0 { sum << 1 } else { (sum << 1) ^ 0x1021 }
        })
    })
}

/// The number of a currency, ISO 4217, for those that methods with codes take.
#[must_use]
pub fn currency_number(code: &str) -> Option<&'static str> {
    const NUMBERS: [(&str, &str); 19] = [
        ("BRL", "986"),
        ("CHF", "756"),
        ("CNY", "156"),
        ("EUR", "978"),
        ("GBP", "826"),
        ("HKD", "344"),
        ("IDR", "360"),
        ("INR", "356"),
        ("JPY", "392"),
        ("KRW", "410"),
        ("MOP", "446"),
        ("MYR", "458"),
        ("PHP", "608"),
        ("SEK", "752"),
        ("SGD", "702"),
        ("THB", "764"),
        ("TWD", "901"),
        ("USD", "840"),
        ("VND", "704"),
    ];
    NUMBERS.into_iter().find(|(known, _)| *known == code).map(|(_, number)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(amount: &Money) -> Source<'_> {
        Source { payment_id: "p-1_x", amount, merchant: "Café Größe", country: "BR" }
    }

    #[test]
    fn the_checksum_is_the_published_one() {
        // The check value of CRC-16/IBM-3740 in the catalogue of CRC algorithms.
        assert_eq!(crc(b"123456789"), 0x29B1);
    }

    #[test]
    fn qr_codes_can_be_taken_apart() {
        let amount = Money { currency: "BRL".to_owned(), value: "4200".to_owned() };
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
        let yen = Money { currency: "JPY".to_owned(), value: "5".to_owned() };
        assert!(source(&yen).code(CodeKind::Qr).text.contains("54015"));
    }

    #[test]
    fn numbers_and_barcodes_are_digits() {
        let amount = Money { currency: "JPY".to_owned(), value: "500".to_owned() };
        for (kind, length) in [(CodeKind::Number, 16), (CodeKind::Barcode, 22)] {
            let text = source(&amount).code(kind).text;
            assert_eq!(text.len(), length);
            assert!(text.bytes().all(|byte| byte.is_ascii_digit()));
        }
    }
}
