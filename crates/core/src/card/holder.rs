//! The name on the card.

use super::edit::{digits, is_blank, length};

/// A text of at least so many digits is taken for a card number: the shortest has 12.
const LIKE_A_NUMBER: usize = 12;
/// Longest name, in characters.
const LONGEST: usize = 64;

/// The card holder's name: 1 to 64 characters with at least one visible, single blanks between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder(String);

/// What is wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolderError {
    /// No visible character.
    Missing,
    /// Digits in place of a name. A card number in this field would be stored as a name.
    Number,
    /// More than 64 characters.
    TooLong,
}

impl Holder {
    /// Reads a name: control characters, invisible formatting and blanks at the ends are dropped,
    /// runs of blanks become one.
    ///
    /// # Errors
    /// [`HolderError`] names what the buyer has to correct.
    pub fn parse(text: &str) -> Result<Self, HolderError> {
        let name = tidy(text);
        let digits = digits(&name).len();
        let visible = name.chars().filter(|c| !is_unseen(*c)).count();
        // Hyphens and dots between digits do not make a name.
        let letters = name.chars().filter(|c| !is_unseen(*c) && !c.is_ascii_punctuation()).count();
        match () {
            () if visible == 0 => Err(HolderError::Missing),
            () if digits >= LIKE_A_NUMBER || (digits > 0 && letters <= digits) => {
                Err(HolderError::Number)
            }
            () if length(&name) > LONGEST => Err(HolderError::TooLong),
            () => Ok(Self(name)),
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text without control characters and invisible formatting, without blanks at its ends and with
/// single ones inside.
pub(crate) fn tidy(text: &str) -> String {
    let mut tidied = String::new();
    let mut is_word_over = false;
    for character in text.chars() {
        if is_blank(character) {
            is_word_over = true;
        } else if !is_formatting(character) {
            if is_word_over && !tidied.is_empty() {
                tidied.push(' ');
            }
            is_word_over = false;
            tidied.push(character);
        }
    }
    tidied
}

/// Characters that only change the layout of a text. Copied text contains them, and no name, address
/// or code does. Joiners (U+200C, U+200D) are not among them: Persian and Indian names are written
/// with them.
pub(crate) fn is_formatting(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Blanks and joiners: part of names in some scripts, but invisible.
fn is_unseen(character: char) -> bool {
    matches!(character, ' ' | '\u{200c}' | '\u{200d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_names() {
        for (text, expected) in [
            ("Ada Lovelace", Ok("Ada Lovelace")),
            ("  Ada \t  Lovelace\n", Ok("Ada Lovelace")),
            ("王小明", Ok("王小明")),
            (
                "\u{feff}A\u{ad}da\u{200b} \u{202e}\u{2066}Love\u{2060}lace\u{202c}",
                Ok("Ada Lovelace"),
            ),
            // Persian, with the joiner that divides it.
            ("می\u{200c}نا", Ok("می\u{200c}نا")),
            ("J. R. O\u{2019}Neill-Smith 3rd", Ok("J. R. O\u{2019}Neill-Smith 3rd")),
            ("X", Ok("X")),
            ("", Err(HolderError::Missing)),
            (" \u{200b}\u{feff} ", Err(HolderError::Missing)),
            ("\u{200c} \u{200d}", Err(HolderError::Missing)),
            ("123", Err(HolderError::Number)),
            ("12-34", Err(HolderError::Number)),
            ("4242 4242 4242 4242", Err(HolderError::Number)),
            ("Ada 4242-4242-4242-4242", Err(HolderError::Number)),
            ("\u{0664}\u{0662}\u{0664}\u{0662}", Err(HolderError::Number)),
        ] {
            let parsed = Holder::parse(text);
            assert_eq!(parsed.as_ref().map(Holder::as_str).map_err(|e| *e), expected, "{text:?}");
        }
        assert!(Holder::parse(&"\u{e9}".repeat(64)).is_ok());
        assert_eq!(Holder::parse(&"\u{e9}".repeat(65)), Err(HolderError::TooLong));
    }
}
