//! Edits of a field: its digits are regrouped, and the caret stays where it was.

/// How the buyer changed a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Deleted towards the start, as the Backspace key does.
    DeletedBack,
    /// Deleted towards the end, as the Delete key does.
    DeletedForward,
    /// Anything else: typed, pasted, dropped, filled in by the browser.
    Entered,
}

/// A field after an edit and before it is regrouped.
#[derive(Clone, Copy)]
pub struct Edited<'a> {
    /// The text before the edit, as it was last shown.
    pub before: &'a str,
    /// The text now.
    pub text: &'a str,
    /// The caret (the end of the selection) now, in UTF-16 code units, as a browser counts.
    pub caret: usize,
    /// How the text changed.
    pub change: Change,
}

/// The field's new content.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown {
    /// The text.
    pub text: String,
    /// The caret, in UTF-16 code units.
    pub caret: usize,
}

/// The code point of the digit zero in scripts whose digits are in daily use; the nine others
/// follow it. Source: Unicode, general category Nd.
const ZEROS: [u16; 21] = [
    0x0030, 0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6,
    0x0d66, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1810, 0xa8d0, 0xff10,
];

/// The ASCII digit that a character stands for, as text: a `char` would link its encoder.
pub(crate) fn digit(character: char) -> Option<&'static str> {
    for zero in ZEROS {
        let value = u32::from(character).wrapping_sub(u32::from(zero));
        if value < 10 {
            return Some(digit_of(value as usize));
        }
    }
    None
}

/// The digit of a value below 10.
pub(super) fn digit_of(value: usize) -> &'static str {
    "0123456789".get(value..=value).unwrap_or_default()
}

/// The digits in a text, of any script, as ASCII; everything else is left out.
#[must_use]
pub fn digits(text: &str) -> String {
    without(text, usize::MAX)
}

/// The digits in a text as ASCII, but the one of this index.
pub(crate) fn without(text: &str, index: usize) -> String {
    let mut found = String::new();
    for (place, digit) in text.chars().filter_map(digit).enumerate() {
        if place != index {
            found.push_str(digit);
        }
    }
    found
}

/// Whether a character is a blank. `char::is_whitespace` also has the historic ones, in a larger
/// table.
pub(crate) fn is_blank(character: char) -> bool {
    matches!(character, '\0'..=' ' | '\u{7f}'..='\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

/// How many characters a text has. `chars().count()` is tuned for long texts, at a kilobyte of
/// wasm.
pub(crate) fn length(text: &str) -> usize {
    text.chars().fold(0, |count, _| count + 1)
}

/// Digits in groups. A gap is a number of digits, after which the separator of the same index stands.
/// `behind` is the number of digits before the caret, which is put directly behind them.
pub(crate) fn regroup(digits: &str, behind: usize, gaps: &[usize], separators: &[&str]) -> Shown {
    let mut text = String::new();
    let mut start = 0;
    let mut separators = separators.iter();
    for end in gaps.iter().copied().chain([digits.len()]) {
        let Some(group) = digits.get(start..end) else { continue };
        if start > 0 && !group.is_empty() {
            text.push_str(separators.next().copied().unwrap_or(" "));
        }
        text.push_str(group);
        start = end;
    }
    let passed = gaps.iter().filter(|gap| **gap < behind).count();
    Shown { text, caret: behind + passed }
}

impl Edited<'_> {
    /// The digits of the field and how many of them are before the caret, without the digit that the
    /// buyer meant to delete.
    pub(crate) fn meant_digits(&self) -> (String, usize) {
        let digits = digits(self.text);
        match self.meant_digit(&digits) {
            Some(index) => (without(&digits, index), index),
            None => (digits, self.digits_before_caret()),
        }
    }

    /// How many digits stand before the caret.
    pub(crate) fn digits_before_caret(&self) -> usize {
        let mut units = 0;
        let mut count = 0;
        for character in self.text.chars() {
            units += character.len_utf16();
            if units > self.caret {
                break;
            }
            count += usize::from(digit(character).is_some());
        }
        count
    }

    /// When the edit deleted one separator only, the index of the digit that the buyer meant to
    /// delete. The separator comes back with the next regrouping, so that the Backspace key would
    /// otherwise only move the caret, or do nothing.
    pub(crate) fn meant_digit(&self, digits_now: &str) -> Option<usize> {
        let lost = length(self.before).checked_sub(length(self.text));
        if lost != Some(1) || digits(self.before) != digits_now {
            return None;
        }
        let behind = self.digits_before_caret();
        match self.change {
            Change::DeletedBack => behind.checked_sub(1),
            Change::DeletedForward => (behind < digits_now.len()).then_some(behind),
            Change::Entered => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_other_scripts_count() {
        for (text, ascii) in [
            ("4242 4242-4242.4242", "4242424242424242"),
            ("\u{0664}\u{0662} \u{06f4}\u{06f2}", "4242"),
            ("\u{ff14}\u{ff12}\u{3000}\u{ff19}", "429"),
            ("\u{0e54}\u{0e52}", "42"),
            ("\u{09f0}\u{0670}x\u{1f4b3}", ""),
        ] {
            assert_eq!(digits(text), ascii);
        }
    }

    #[test]
    fn carets_are_counted_in_utf16() {
        let count = |text, caret| {
            Edited { before: "", text, caret, change: Change::Entered }.digits_before_caret()
        };
        assert_eq!(count("42 42", 3), 2);
        assert_eq!(count("\u{1f4b3}42", 2), 0);
        assert_eq!(count("\u{1f4b3}42", 3), 1);
        assert_eq!(count("\u{ff14}\u{ff12}", 1), 1);
        assert_eq!(count("42", 99), 2);
    }
}
