//! CPF, the number of a Brazilian taxpayer: nine digits and two check digits.
//!
//! Source: Receita Federal's rule of two weighted sums modulo 11.

use super::FieldFault;
use crate::card::digits;

const LENGTH: usize = 11;

pub(super) fn read(text: &str) -> Result<String, FieldFault> {
    let cpf = digits(text);
    match cpf.len() {
        0 => return Err(FieldFault::Malformed),
        1..LENGTH => return Err(FieldFault::TooShort),
        LENGTH => {}
        _ => return Err(FieldFault::TooLong),
    }
    // Eleven equal digits fit the sums, but are never issued.
    let first = cpf.bytes().next();
    let all_equal = cpf.bytes().all(|byte| Some(byte) == first);
    if all_equal || !fits(&cpf, LENGTH - 2) || !fits(&cpf, LENGTH - 1) {
        return Err(FieldFault::CheckDigits);
    }
    Ok(cpf)
}

/// Whether the digit at this place is the check digit of those before it.
fn fits(cpf: &str, place: usize) -> bool {
    let mut sum = 0;
    for (index, byte) in cpf.bytes().take(place).enumerate() {
        sum += usize::from(byte.wrapping_sub(b'0')) * (place + 1 - index);
    }
    // A remainder of 10 is written as 0.
    let expected = sum * 10 % 11 % 10;
    cpf.as_bytes().get(place).map(|byte| usize::from(byte.wrapping_sub(b'0'))) == Some(expected)
}
