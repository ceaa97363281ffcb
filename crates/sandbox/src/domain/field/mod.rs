//! The fields of payment methods: which a method has, and which values a submit may give.
//!
//! The rules for values are the SDK's ([`FieldRules`]): a submit contains the buyer's input in the
//! form that those rules return, so a value is valid when reading it returns the same value. Values
//! are read once. Only the bank's name is kept: the simulators show it, and nothing needs the rest.

mod banks;

use std::collections::BTreeSet;

use kassa_core::calendar::latest_day;
use kassa_core::form::{FieldKind, FieldRules};
use kassa_protocol::client::{Choice, FormValues};
use thiserror::Error;

use crate::clock::{Millis, epoch_millis};

pub use banks::BanksError;

/// A field in a row of the table of methods.
#[derive(Debug, PartialEq, Eq)]
pub struct FieldSpec {
    field: Field,
    requirement: Requirement,
}

/// Whether and where a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Requirement {
    /// It must be filled in.
    Needed,
    /// It may stay empty.
    Optional,
    /// The method collects it on its own page; a scenario may show it in the merchant's.
    Elsewhere,
}

/// A field.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// The member of `paymentFactors`.
    pub key: &'static str,
    /// The label, English. `None` where the page has a label for the kind, in the buyer's language.
    pub title: Option<&'static str>,
    /// The kind of value.
    pub kind: FieldKind,
    /// The offered values.
    pub options: Vec<Choice>,
    /// Fewest and most characters, where the kind leaves that open.
    pub length: Option<(u16, u16)>,
    /// ISO 3166 alpha-2 of national telephone numbers.
    pub country: Option<String>,
    /// Shown in the empty field.
    pub placeholder: Option<&'static str>,
    /// The fields of which this one is only the heading.
    pub parts: Vec<Self>,
}

/// A word of the column `fields` names no field.
#[derive(Debug, Error)]
pub enum FieldSpecError {
    /// There is no such field.
    #[error("there is no field {0}")]
    UnknownField(String),
    /// There is no such list of banks.
    #[error("banks.csv has no list {0}")]
    UnknownList(String),
    /// The lists of banks cannot be used.
    #[error(transparent)]
    Banks(#[from] &'static BanksError),
}

/// Why a value was refused. The message does not repeat the value: it is the buyer's.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FieldError {
    /// Not text.
    #[error("paymentFactors.{0} is not text")]
    NotText(&'static str),
    /// No value where one is needed.
    #[error("paymentFactors.{key} is missing; {rule}")]
    Missing {
        /// The member.
        key: &'static str,
        /// The accepted form.
        rule: String,
    },
    /// A value that breaks the field's rule.
    #[error("paymentFactors.{key}: {rule}")]
    Wrong {
        /// The member.
        key: &'static str,
        /// The accepted form.
        rule: String,
    },
}

/// The `paymentFactors` of a submit, as far as fields read them.
#[derive(Debug, Clone, Copy)]
pub struct Factors<'r> {
    /// The members that are text.
    pub values: &'r FormValues,
    /// Names of the members that are not. Only those of fields matter: a page may send others.
    pub not_text: &'r BTreeSet<String>,
}

/// The part of the values that is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptValues {
    /// Name of the chosen bank.
    pub bank: Option<String>,
}

/// Source of the length: the published object `UserName`.
const LONGEST_NAME: u16 = 32;

impl FieldSpec {
    /// Reads a word of the column `fields`. Telephone numbers are national to the method's only
    /// country.
    ///
    /// # Errors
    /// When there is no such field or list.
    pub fn parse(word: &str, countries: &[String]) -> Result<Self, FieldSpecError> {
        let (name, list) = word.split_once(':').unwrap_or((word, ""));
        let (name, requirement) = if let Some(name) = name.strip_suffix('?') {
            (name, Requirement::Optional)
        } else if let Some(name) = name.strip_suffix('^') {
            (name, Requirement::Elsewhere)
        } else {
            (name, Requirement::Needed)
        };
        let field = match name {
            "accountHolder" => {
                Field::new("accountHolder", "Account holder", FieldKind::Text).sized(2, 64)
            }
            "accountNumber" => {
                Field::new("accountNumber", "Account number", FieldKind::Number).sized(4, 17)
            }
            "accountType" => {
                let options = [("CHECKING", "Checking"), ("SAVINGS", "Savings")]
                    .map(|(value, text)| Choice { value: value.to_owned(), text: text.to_owned() });
                let field = Field::new("accountType", "Kind of account", FieldKind::Select);
                Field { options: options.to_vec(), ..field }
            }
            // The key that the server API uses.
            "bank" => {
                let banks = banks::list(list)?
                    .ok_or_else(|| FieldSpecError::UnknownList(list.to_owned()))?;
                let field = Field::new("bankIdentifierCode", None, FieldKind::Bank);
                Field { options: banks.to_vec(), ..field }
            }
            "birthDate" => Field::new("dateOfBirth", "Date of birth", FieldKind::Date),
            "blikCode" => Field::new("blikCode", None, FieldKind::Blik),
            "consent" => Field::new(
                "consent",
                "I allow this and later debits from my account",
                FieldKind::Consent,
            ),
            "cpf" => Field::new("cpf", None, FieldKind::Cpf),
            "email" => Field::new("email", None, FieldKind::Email),
            "name" => Field {
                parts: [("firstName", "First name"), ("lastName", "Last name")]
                    .map(|(key, title)| {
                        Field::new(key, title, FieldKind::Name).sized(1, LONGEST_NAME)
                    })
                    .into(),
                ..Field::new("name", "Name", FieldKind::Name)
            },
            "phone" => Field {
                country: match countries {
                    [one] if one != "GLOBAL" => Some(one.clone()),
                    _ => None,
                },
                ..Field::new("phone", None, FieldKind::Phone)
            },
            "routingNumber" => {
                Field::new("routingNumber", "Routing number", FieldKind::Number).sized(9, 9)
            }
            "upiId" => Field {
                placeholder: Some("name@bank"),
                ..Field::new("upiId", "UPI ID", FieldKind::Text).sized(3, 64)
            },
            other => return Err(FieldSpecError::UnknownField(other.to_owned())),
        };
        Ok(Self { field, requirement })
    }

    /// Whether a submit without it is refused.
    #[must_use]
    pub fn is_needed(&self) -> bool {
        match self.requirement {
            Requirement::Needed => true,
            Requirement::Optional | Requirement::Elsewhere => false,
        }
    }

    /// Whether its value is a bank.
    #[must_use]
    pub fn is_bank(&self) -> bool {
        self.field.is_bank()
    }

    /// The field and whether it must be filled in, when the page shows it. `all` also shows the
    /// fields that the method collects on its own page.
    #[must_use]
    pub fn in_page(&self, all: bool) -> Option<(&Field, bool)> {
        match self.requirement {
            Requirement::Needed => Some((&self.field, true)),
            Requirement::Optional => Some((&self.field, false)),
            Requirement::Elsewhere => all.then_some((&self.field, false)),
        }
    }

    /// Checks the values of a submit for this field, whether the page showed it or not.
    ///
    /// # Errors
    /// The first member that is wrong.
    pub fn check(
        &self,
        factors: Factors<'_>,
        now: Millis,
        kept: &mut KeptValues,
    ) -> Result<(), FieldError> {
        let mut given = false;
        for field in self.field.inputs() {
            let Some(value) = field.value_of(factors)? else {
                continue;
            };
            given = true;
            field.check(value, self.is_needed(), now)?;
            if field.is_bank() {
                kept.bank = field.option(value).map(|bank| bank.text.clone());
            }
        }
        // A name needs both parts.
        for field in self.field.inputs() {
            if (self.is_needed() || given) && field.value_of(factors)?.is_none() {
                return Err(FieldError::Missing { key: field.key, rule: field.rule() });
            }
        }
        Ok(())
    }

    /// The name of a bank by its code; `None` when this is no bank field or its list does not have
    /// the code.
    #[must_use]
    pub fn bank(&self, code: &str) -> Option<&str> {
        let bank = self.field.option(code).filter(|_| self.is_bank());
        bank.map(|bank| bank.text.as_str())
    }
}

impl Field {
    fn new(key: &'static str, title: impl Into<Option<&'static str>>, kind: FieldKind) -> Self {
        Self {
            key,
            title: title.into(),
            kind,
            options: Vec::new(),
            length: None,
            country: None,
            placeholder: None,
            parts: Vec::new(),
        }
    }

    fn sized(mut self, least: u16, most: u16) -> Self {
        self.length = Some((least, most));
        self
    }

    /// Whether its value is a bank.
    #[must_use]
    pub fn is_bank(&self) -> bool {
        self.kind == FieldKind::Bank
    }

    /// The fields that take a value: the parts, where there are any.
    fn inputs(&self) -> &[Self] {
        if self.parts.is_empty() { std::slice::from_ref(self) } else { &self.parts }
    }

    fn option(&self, code: &str) -> Option<&Choice> {
        self.options.iter().find(|option| option.value == code)
    }

    /// Its value in a submit.
    fn value_of<'r>(&self, factors: Factors<'r>) -> Result<Option<&'r str>, FieldError> {
        if factors.not_text.contains(self.key) {
            return Err(FieldError::NotText(self.key));
        }
        Ok(factors.values.value(self.key))
    }

    fn check(&self, value: &str, needed: bool, now: Millis) -> Result<(), FieldError> {
        let (shortest, longest) = self.length.unwrap_or((0, 0));
        let rules = FieldRules {
            kind: self.kind,
            mandatory: needed,
            country: self.country.as_deref().unwrap_or_default(),
            shortest: shortest.into(),
            longest: longest.into(),
            options: &self.options,
            // As in the page: a day is in the future when it is that in every time zone.
            today: &latest_day(epoch_millis(now)),
        };
        match rules.read(value) {
            Ok(read) if read == value => Ok(()),
            Ok(_) | Err(_) => Err(FieldError::Wrong { key: self.key, rule: self.rule() }),
        }
    }

    /// The accepted form of its value.
    fn rule(&self) -> String {
        let (least, most) = self.length.unwrap_or((1, LONGEST_NAME));
        match self.kind {
            FieldKind::Bank | FieldKind::Select => "give a value of its options".to_owned(),
            FieldKind::Date => "give a past day as YYYY-MM-DD".to_owned(),
            FieldKind::Blik => "give six digits".to_owned(),
            FieldKind::Consent => "give true, or false where consent is optional".to_owned(),
            FieldKind::Cpf => "give eleven digits with their check digits".to_owned(),
            FieldKind::Email => "give an address of at most 64 characters".to_owned(),
            FieldKind::Number => format!("give {least} to {most} digits"),
            FieldKind::Phone => "give a number in E.164, such as +34600112233".to_owned(),
            FieldKind::Name => format!("give a name of {least} to {most} characters"),
            FieldKind::Text => format!("give {least} to {most} characters"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NOW: Millis = 1_795_000_000_000; // 2026-11-18

    fn check(word: &str, factors: Value) -> Result<KeptValues, String> {
        let spec = FieldSpec::parse(word, &["ES".to_owned()]).unwrap();
        let mut kept = KeptValues::default();
        let values = serde_json::from_value(factors.clone()).unwrap();
        let is_text = |value: &Value| value.is_string() || value.is_null();
        let others = factors.as_object().unwrap().iter().filter(|(_, value)| !is_text(value));
        let not_text = others.map(|(key, _)| key.clone()).collect();
        let factors = Factors { values: &values, not_text: &not_text };
        spec.check(factors, NOW, &mut kept).map(|()| kept).map_err(|error| error.to_string())
    }

    #[test]
    fn values_have_their_shapes() {
        for (word, key, good, bad) in [
            ("blikCode", "blikCode", "123456", &["12345", "1234567", "12345a", "١٢٣٤٥٦"][..]),
            (
                "phone",
                "phone",
                "+34600112233",
                &["700112233", "+0700112233", "+34 700", "+3460011223344556"],
            ),
            (
                "email",
                "email",
                "a@b.example",
                &["a", "a@b", "@b.example", "a@b.", "a b@c.de", "a@b@c.de"],
            ),
            (
                "cpf",
                "cpf",
                "52998224725",
                &["52998224724", "11111111111", "5299822472", "529982247255"],
            ),
            (
                "birthDate",
                "dateOfBirth",
                "1990-02-28",
                &["1990-02-30", "2990-01-01", "28.02.1990", "1990-2-1"],
            ),
            ("consent", "consent", "true", &["false", "yes"]),
            ("bank:IDEAL", "bankIdentifierCode", "INGBNL2A", &["MYM2U", "ing"]),
            ("accountType", "accountType", "SAVINGS", &["POCKET"]),
            ("routingNumber", "routingNumber", "021000021", &["02100002", "02100002x"]),
            ("accountHolder", "accountHolder", "Zoë", &["Z", "a\u{0}b", "   "]),
        ] {
            assert!(check(word, json!({ key: good })).is_ok(), "{word} {good}");
            for bad in bad {
                let error = check(word, json!({ key: bad })).unwrap_err();
                assert!(error.starts_with(&format!("paymentFactors.{key}")), "{error}");
                let says_more = error.replace("true, or false", "");
                assert!(bad.len() < 3 || !says_more.contains(bad), "repeats the value: {error}");
            }
            assert!(check(word, json!({})).unwrap_err().contains("is missing"), "{word}");
            assert!(check(word, json!({ key: 7 })).unwrap_err().contains("not text"), "{word}");
        }
        assert!(
            check("email", json!({ "email": format!("{}@b.example", "a".repeat(60)) })).is_err()
        );
    }

    #[test]
    fn optional_fields_may_stay_empty_but_not_half() {
        assert_eq!(check("bank?:P24", json!({})), Ok(KeptValues::default()));
        let kept = check("bank?:P24", json!({ "bankIdentifierCode": "49" })).unwrap();
        assert_eq!(kept.bank.as_deref(), Some("ING Bank Śląski"));
        assert!(check("bank^:FPX", json!({ "bankIdentifierCode": "x" })).is_err());
        assert!(check("consent?", json!({ "consent": "false" })).is_ok());
        assert!(check("consent?", json!({ "consent": "yes" })).is_err());
        assert!(check("name", json!({ "firstName": "Ann", "lastName": "B" })).is_ok());
        assert!(check("name", json!({ "firstName": "Ann", "lastName": "4242" })).is_err());
        let half = check("name?", json!({ "firstName": "Ann" })).unwrap_err();
        assert!(half.contains("paymentFactors.lastName is missing"), "{half}");
        assert_eq!(check("name?", json!({})), Ok(KeptValues::default()));
    }

    #[test]
    fn banks_are_found_by_code() {
        let spec = FieldSpec::parse("bank:YAPILY", &[]).unwrap();
        assert_eq!(spec.bank("IPAY-MONZO"), Some("Monzo"));
        assert_eq!(spec.bank("MONZO"), None);
        assert_eq!(FieldSpec::parse("accountType", &[]).unwrap().bank("SAVINGS"), None);
    }
}
