//! Fields of payment methods other than cards: how they are typed, their valid values, and the wire
//! form of these.
//!
//! The kinds are those of `elementType` in `docs/protocol.md`. A field is read by
//! [`FieldRules::read`], which gives the value in its wire form or a fault; the text of a fault is
//! from [`FieldRules::message`].
//!
//! *Architecture invariant:* as with cards, no value is refused because it is unknown here. The rules
//! are those that every value of a kind obeys; the gateway decides over the rest.
#![allow(
    clippy::single_char_add_str,
    reason = "`push` links the encoder of all characters, which is more than some of these rules"
)]

mod cpf;
mod date;
mod email;
mod phone;
mod texts;

use kassa_protocol::ElementType;
use kassa_protocol::client::{Choice, Element};

use crate::card::edit::{Edited, Shown, digit, is_blank, length, regroup};
use crate::card::holder::tidy;
use crate::card::{Holder, HolderError, digits};

/// How many digits a BLIK code has (Polski Standard Płatności).
const BLIK: usize = 6;
/// The longest value of a field without a limit of its own, in characters: far more than a field of
/// any known method needs, and short enough to keep a pasted document out of a request.
const LONGEST: usize = 256;

/// What kind of value a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One of the options, of which there may be many.
    Bank,
    /// The six digits that a Polish banking app shows for two minutes.
    Blik,
    /// An agreement, `true` or `false`.
    Consent,
    /// A Brazilian taxpayer's number.
    Cpf,
    /// A day that is not after today, such as a date of birth.
    Date,
    /// An address for e-mail.
    Email,
    /// A person's name, or a part of one.
    Name,
    /// Digits, of which leading zeros count.
    Number,
    /// A telephone number.
    Phone,
    /// One of the options.
    Select,
    /// Any text of one line.
    Text,
}

/// The attributes of an input element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// `type` of the element.
    pub element: &'static str,
    /// `inputmode`: the keyboard that a phone shows.
    pub mode: &'static str,
    /// `autocomplete` (HTML, section "Autofill").
    pub autocomplete: &'static str,
}

impl From<&Element> for FieldKind {
    /// An element of a kind that this version does not know takes text.
    fn from(element: &Element) -> Self {
        match element.kind() {
            ElementType::Bank => Self::Bank,
            ElementType::Blik => Self::Blik,
            ElementType::Consent => Self::Consent,
            ElementType::Cpf => Self::Cpf,
            ElementType::Date => Self::Date,
            ElementType::Email => Self::Email,
            ElementType::Name => Self::Name,
            ElementType::Number => Self::Number,
            ElementType::Phone => Self::Phone,
            ElementType::Select => Self::Select,
            ElementType::Text | ElementType::Other(_) => Self::Text,
        }
    }
}

/// A fault of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldFault {
    /// The check digits do not fit: most likely a typing mistake.
    CheckDigits,
    /// A day after today.
    InFuture,
    /// Not in the form of its kind.
    Malformed,
    /// Empty, although the field is mandatory; of a consent, not given.
    Missing,
    /// A telephone number without a country.
    NoCountry,
    /// No such day in the calendar.
    NoSuchDay,
    /// Digits in place of a name.
    NotAName,
    /// Too many characters or digits.
    TooLong,
    /// Too few characters or digits.
    TooShort,
    /// None of the options.
    UnknownOption,
}

/// The rules of a field.
#[derive(Debug, Clone, Copy)]
pub struct FieldRules<'a> {
    /// The kind of value.
    pub kind: FieldKind,
    /// Whether it may not stay empty.
    pub mandatory: bool,
    /// ISO 3166 alpha-2, of telephone numbers; may be empty.
    pub country: &'a str,
    /// Fewest characters of a text, a name or a number; 0 for no rule.
    pub shortest: usize,
    /// Most characters of a text, a name or a number; 0 for no rule.
    pub longest: usize,
    /// What can be chosen.
    pub options: &'a [Choice],
    /// The last day that is not in the future, `YYYY-MM-DD`; empty when it is not known.
    pub today: &'a str,
}

impl FieldKind {
    /// The attributes of the input for the member `key`, which distinguishes the parts of a name.
    /// One-time codes, and numbers of unknown meaning, are not for autofill. E-mail addresses have
    /// the type `text`, because browsers do not report the caret of an input of the type `email`.
    #[must_use]
    pub fn input(self, key: &str) -> Input {
        let (element, mode, autocomplete) = match self {
            Self::Bank => ("text", "text", "off"),
            Self::Blik | Self::Cpf | Self::Number => ("text", "numeric", "off"),
            Self::Consent => ("checkbox", "", "off"),
            Self::Date => ("date", "numeric", "bday"),
            Self::Email => ("text", "email", "email"),
            Self::Name => ("text", "text", name_part(key)),
            Self::Phone => ("tel", "tel", "tel"),
            Self::Select | Self::Text => ("text", "text", "on"),
        };
        Input { element, mode, autocomplete }
    }

    /// Formats a field while it is typed. Digits are kept, even one too many, which the buyer has to
    /// see.
    #[must_use]
    pub fn shape(self, edited: &Edited<'_>) -> Shown {
        match self {
            Self::Blik => grouped(edited, &[3], &[" "]),
            Self::Cpf => grouped(edited, &[3, 6, 9], &[".", ".", "-"]),
            Self::Date => grouped(edited, &[4, 6], &["-", "-"]),
            Self::Email => kept(edited, email::keep),
            Self::Number => kept(edited, |character, text| text.push_str(ascii_digit(character))),
            Self::Phone => kept(edited, phone::keep),
            Self::Bank | Self::Consent | Self::Name | Self::Select | Self::Text => {
                kept(edited, |character, text| text.push(character))
            }
        }
    }
}

impl<'a> FieldRules<'a> {
    /// The rules of an element. `today` is the last day that is not in
    /// the future, `YYYY-MM-DD`; empty when it is not known.
    #[must_use]
    pub fn of(element: &'a Element, today: &'a str) -> Self {
        Self {
            kind: FieldKind::from(element),
            mandatory: element.element_mandatory,
            country: element.country.as_deref().unwrap_or_default(),
            shortest: element.min_length.map(usize::from).unwrap_or_default(),
            longest: element.max_length.map(usize::from).unwrap_or_default(),
            options: &element.options,
            today,
        }
    }

    /// The value in its wire form; empty for an empty field that is not mandatory.
    ///
    /// # Errors
    /// [`FieldFault`] names what the buyer has to correct.
    pub fn read(&self, text: &str) -> Result<String, FieldFault> {
        let tidied = tidy(text);
        if tidied.is_empty() || (self.kind == FieldKind::Consent && tidied != "true") {
            return if self.mandatory {
                Err(FieldFault::Missing)
            } else {
                Ok(String::from(if self.kind == FieldKind::Consent { "false" } else { "" }))
            };
        }
        match self.kind {
            FieldKind::Bank | FieldKind::Select => self.chosen(tidied),
            FieldKind::Blik => sized(digits(&tidied), BLIK, BLIK),
            FieldKind::Consent => Ok(tidied),
            FieldKind::Cpf => cpf::read(&tidied),
            FieldKind::Date => date::read(&tidied, self.today),
            FieldKind::Email => email::read(&tidied),
            FieldKind::Name => match Holder::parse(&tidied) {
                Ok(name) => self.limited(String::from(name.as_str())),
                Err(HolderError::Missing) => Err(FieldFault::Malformed),
                Err(HolderError::Number) => Err(FieldFault::NotAName),
                Err(HolderError::TooLong) => Err(FieldFault::TooLong),
            },
            FieldKind::Number => self.limited(digits(&tidied)),
            FieldKind::Phone => phone::read(&tidied, self.country),
            FieldKind::Text => self.limited(tidied),
        }
    }

    fn chosen(&self, value: String) -> Result<String, FieldFault> {
        if self.options.iter().any(|option| option.value == value) {
            return Ok(value);
        }
        Err(FieldFault::UnknownOption)
    }

    fn limited(&self, value: String) -> Result<String, FieldFault> {
        sized(value, self.shortest, if self.longest > 0 { self.longest } else { LONGEST })
    }
}

/// A value of so many characters.
fn sized(value: String, shortest: usize, longest: usize) -> Result<String, FieldFault> {
    match length(&value) {
        // There was no digit in the text.
        0 => Err(FieldFault::Malformed),
        count if count < shortest => Err(FieldFault::TooShort),
        count if count > longest => Err(FieldFault::TooLong),
        _ => Ok(value),
    }
}

fn name_part(key: &str) -> &'static str {
    match key {
        "firstName" | "givenName" => "given-name",
        "lastName" | "familyName" => "family-name",
        "middleName" => "additional-name",
        _ => "name",
    }
}

/// Digits in groups of a fixed form.
fn grouped(edited: &Edited<'_>, gaps: &[usize], separators: &[&str]) -> Shown {
    let (digits, behind) = edited.meant_digits();
    regroup(&digits, behind, gaps, separators)
}

/// The text as `keep` writes each of its characters, with the caret behind what was before it.
fn kept(edited: &Edited<'_>, keep: fn(char, &mut String)) -> Shown {
    let mut text = String::new();
    let mut units = 0;
    // A caret at 0 stays there.
    let mut before = 0;
    for character in edited.text.chars() {
        keep(character, &mut text);
        units += character.len_utf16();
        if units <= edited.caret {
            before = text.len();
        }
    }
    let before = text.get(..before).unwrap_or_default();
    let caret = before.chars().fold(0, |count, character| count + character.len_utf16());
    Shown { text, caret }
}

/// The ASCII digit that a character stands for, or nothing.
fn ascii_digit(character: char) -> &'static str {
    digit(character).unwrap_or_default()
}

/// What a character of a full-width keyboard stands for, and blanks as the plain one.
fn narrow(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => {
            let code = u32::from(character) - 0xff01 + u32::from('!');
            // The whole range maps to printable ASCII.
            u8::try_from(code).map_or(character, char::from)
        }
        _ if is_blank(character) => ' ',
        _ => character,
    }
}
