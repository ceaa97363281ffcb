//! E-mail addresses: typing mistakes are found, not addresses that do not exist.

use super::{FieldFault, narrow};
use crate::card::edit::length;
use crate::card::holder::is_formatting;
use crate::text_tools::{contains, cut};

/// The gateway's limit, in characters.
const LONGEST: usize = 64;
/// Characters that need quotes in an address (RFC 5321, section 4.1.2). Such addresses are not in
/// use, so that these characters are typing mistakes, such as two addresses in one field.
const SPECIAL: &str = "\"(),:;<>[\\]";

/// Blanks are dropped: they are typing mistakes, and phones add one after a word that they complete.
/// So is invisible formatting of copied text. The full stops of East Asian keyboards are dots.
pub(super) fn keep(character: char, text: &mut String) {
    match narrow(character) {
        ' ' => {}
        '\u{3002}' | '\u{ff61}' => text.push('.'),
        narrow if is_formatting(narrow) => {}
        narrow => text.push(narrow),
    }
}

pub(super) fn read(text: &str) -> Result<String, FieldFault> {
    let mut address = String::new();
    for character in text.chars() {
        keep(character, &mut address);
    }
    if length(&address) > LONGEST {
        return Err(FieldFault::TooLong);
    }
    if is_one(&address) { Ok(address) } else { Err(FieldFault::Malformed) }
}

fn is_one(address: &str) -> bool {
    let (local, Some(domain)) = cut(address, "@") else { return false };
    if local.is_empty() || address.bytes().any(|byte| SPECIAL.bytes().any(|it| it == byte)) {
        return false;
    }
    let mut rest = Some(domain);
    let mut last = "";
    let mut labels = 0;
    while let Some(labels_left) = rest {
        let (label, following) = cut(labels_left, ".");
        if label.is_empty()
            || label.starts_with('-')
            || label.ends_with('-')
            || contains(label, "@")
        {
            return false;
        }
        last = label;
        labels += 1;
        rest = following;
    }
    // A top-level domain has two characters at least, and is no number (RFC 3696, section 2).
    labels > 1 && length(last) > 1 && !last.bytes().all(|byte| byte.is_ascii_digit())
}
