//! What a method asks of the buyer in the page: how a field is described, and what a value must
//! look like.
//!
//! Values are looked at once, when a payment is submitted. Of all of them only the bank's name is
//! kept: the sandbox shows it, and has no use for the rest.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kassa_protocol::client::{Choice, Element};
use serde_json::Value;

use crate::clock::{self, Millis};

const BANKS: &str = include_str!("../../data/banks.csv");

static LISTS: LazyLock<Result<BTreeMap<String, Vec<Choice>>, String>> =
    LazyLock::new(|| read_banks(BANKS));

/// A field in a row of the table of methods.
#[derive(Debug, PartialEq, Eq)]
pub struct Ask {
    field: Field,
    when: When,
}

/// Whether and where a field is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// It must be filled in.
    Needed,
    /// It may stay empty.
    Optional,
    /// The method asks on its own page; it may be asked here instead.
    Elsewhere,
}

/// A field.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    key: &'static str,
    title: &'static str,
    kind: Kind,
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Bank(Vec<Choice>),
    BirthDate,
    Blik,
    Consent,
    Cpf,
    Email,
    Name,
    Number { least: u16, most: u16 },
    Phone { country: Option<String> },
    Select(Vec<Choice>),
    Text { least: u16, most: u16 },
}

/// Why a value was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong(pub String);

/// What is kept of the values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Name of the chosen bank.
    pub bank: Option<String>,
}

/// Source of the lengths: `UserName` and `buyerEmail` of the published objects.
const LONGEST_NAME: u16 = 32;
const LONGEST_EMAIL: usize = 64;

impl Ask {
    /// Reads a word of the column `fields`; phones are national to the method's only country.
    ///
    /// # Errors
    /// When there is no such field.
    pub fn parse(word: &str, countries: &[String]) -> Result<Self, String> {
        let (name, list) = word.split_once(':').unwrap_or((word, ""));
        let (name, when) = if let Some(name) = name.strip_suffix('?') {
            (name, When::Optional)
        } else if let Some(name) = name.strip_suffix('^') {
            (name, When::Elsewhere)
        } else {
            (name, When::Needed)
        };
        let (key, title, kind) = match name {
            "accountHolder" => {
                ("accountHolder", "Account holder", Kind::Text { least: 2, most: 64 })
            }
            "accountNumber" => {
                ("accountNumber", "Account number", Kind::Number { least: 4, most: 17 })
            }
            "accountType" => ("accountType", "Kind of account", Kind::Select(account_types())),
            // As the server API names it.
            "bank" => ("bankIdentifierCode", "Bank", Kind::Bank(bank_list(list)?)),
            "birthDate" => ("dateOfBirth", "Date of birth", Kind::BirthDate),
            "blikCode" => ("blikCode", "BLIK code", Kind::Blik),
            "consent" => {
                ("consent", "I allow this and later debits from my account", Kind::Consent)
            }
            "cpf" => ("cpf", "CPF", Kind::Cpf),
            "email" => ("email", "Email", Kind::Email),
            "name" => ("name", "Name", Kind::Name),
            "phone" => {
                let country = match countries {
                    [one] if one != "GLOBAL" => Some(one.clone()),
                    _ => None,
                };
                ("phone", "Phone number", Kind::Phone { country })
            }
            "routingNumber" => {
                ("routingNumber", "Routing number", Kind::Number { least: 9, most: 9 })
            }
            "upiId" => ("upiId", "UPI ID", Kind::Text { least: 3, most: 64 }),
            other => return Err(format!("there is no field {other}")),
        };
        Ok(Self { field: Field { key, title, kind }, when })
    }

    /// Whether a submit without it is refused.
    #[must_use]
    pub fn is_needed(&self) -> bool {
        match self.when {
            When::Needed => true,
            When::Optional | When::Elsewhere => false,
        }
    }

    /// Whether it asks for a bank.
    #[must_use]
    pub fn is_bank(&self) -> bool {
        self.field.is_bank()
    }

    /// The field and whether it must be filled in, when the page asks it.
    #[must_use]
    pub fn in_page(&self, all: bool) -> Option<(&Field, bool)> {
        match self.when {
            When::Needed => Some((&self.field, true)),
            When::Optional => Some((&self.field, false)),
            When::Elsewhere => all.then_some((&self.field, false)),
        }
    }

    /// Checks what a submit says of this field, asked or not.
    ///
    /// # Errors
    /// Naming the member of `paymentFactors`.
    pub fn check(
        &self,
        factors: &BTreeMap<String, Value>,
        now: Millis,
        kept: &mut Kept,
    ) -> Result<(), Wrong> {
        let mut given = false;
        for (key, kind) in self.field.parts() {
            let Some(value) = value_of(factors, key)? else {
                continue;
            };
            given = true;
            kind.check(&value, self.is_needed(), now)
                .map_err(|why| Wrong(format!("paymentFactors.{key}: {why}")))?;
            if let Kind::Bank(banks) = kind {
                kept.bank =
                    banks.iter().find(|bank| bank.value == value).map(|bank| bank.text.clone());
            }
        }
        // One part of a name without the other is as good as none.
        let missing = self.field.parts().into_iter().find(|(key, _)| {
            (self.is_needed() || given) && value_of(factors, key).is_ok_and(|value| value.is_none())
        });
        match missing {
            Some((key, kind)) => {
                Err(Wrong(format!("paymentFactors.{key} is missing; {}", kind.rule())))
            }
            None => Ok(()),
        }
    }

    /// The name of a bank that the merchant chose already, by its code; `None` when this is not a
    /// bank or not one of its list.
    #[must_use]
    pub fn bank(&self, code: &str) -> Option<&str> {
        match &self.field.kind {
            Kind::Bank(banks) => {
                banks.iter().find(|bank| bank.value == code).map(|bank| bank.text.as_str())
            }
            Kind::BirthDate
            | Kind::Blik
            | Kind::Consent
            | Kind::Cpf
            | Kind::Email
            | Kind::Name
            | Kind::Number { .. }
            | Kind::Phone { .. }
            | Kind::Select(_)
            | Kind::Text { .. } => None,
        }
    }
}

/// A value as text; an empty one is none.
fn value_of(factors: &BTreeMap<String, Value>, key: &str) -> Result<Option<String>, Wrong> {
    match factors.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Err(Wrong(format!("paymentFactors.{key} is not text")))
        }
    }
}

impl Field {
    /// Whether it asks for a bank.
    #[must_use]
    pub fn is_bank(&self) -> bool {
        matches!(self.kind, Kind::Bank(_))
    }

    /// The members of `paymentFactors` and what each must be.
    fn parts(&self) -> Vec<(&'static str, &Kind)> {
        static PART: Kind = Kind::Text { least: 1, most: LONGEST_NAME };
        match &self.kind {
            Kind::Name => vec![("firstName", &PART), ("lastName", &PART)],
            kind @ (Kind::Bank(_)
            | Kind::BirthDate
            | Kind::Blik
            | Kind::Consent
            | Kind::Cpf
            | Kind::Email
            | Kind::Number { .. }
            | Kind::Phone { .. }
            | Kind::Select(_)
            | Kind::Text { .. }) => vec![(self.key, kind)],
        }
    }

    /// As the page is told.
    #[must_use]
    pub fn element(&self, needed: bool) -> Element {
        let mut element = Element {
            payment_element_key: self.key.to_owned(),
            element_type: self.kind.element_type().to_owned(),
            element_mandatory: needed,
            title: self.title.to_owned(),
            ..Element::default()
        };
        match &self.kind {
            Kind::Bank(choices) | Kind::Select(choices) => element.options = choices.clone(),
            Kind::Name => {
                let part = |key: &str, title: &str| Element {
                    payment_element_key: key.to_owned(),
                    element_type: "NAME".to_owned(),
                    element_mandatory: needed,
                    title: title.to_owned(),
                    min_length: Some(1),
                    max_length: Some(LONGEST_NAME),
                    ..Element::default()
                };
                element.sub_payment_element_view =
                    vec![part("firstName", "First name"), part("lastName", "Last name")];
            }
            Kind::Number { least, most } | Kind::Text { least, most } => {
                element.min_length = Some(*least);
                element.max_length = Some(*most);
            }
            Kind::Phone { country } => element.country.clone_from(country),
            Kind::BirthDate | Kind::Blik | Kind::Consent | Kind::Cpf | Kind::Email => {}
        }
        if self.key == "upiId" {
            element.default_text = Some("name@bank".to_owned());
        }
        element
    }
}

impl Kind {
    fn element_type(&self) -> &'static str {
        match self {
            Self::Bank(_) => "BANK",
            Self::BirthDate => "DATE",
            Self::Blik => "BLIK",
            Self::Consent => "CONSENT",
            Self::Cpf => "CPF",
            Self::Email => "EMAIL",
            Self::Name => "NAME",
            Self::Number { .. } => "NUMBER",
            Self::Phone { .. } => "PHONE",
            Self::Select(_) => "SELECT",
            Self::Text { .. } => "TEXT",
        }
    }

    fn rule(&self) -> String {
        match self {
            Self::Bank(_) | Self::Select(_) => "give a value of its options".to_owned(),
            Self::BirthDate => "give a past day as YYYY-MM-DD".to_owned(),
            Self::Blik => "give six digits".to_owned(),
            Self::Consent => "give true or false".to_owned(),
            Self::Cpf => "give eleven digits with their check digits".to_owned(),
            Self::Email => "give an address of at most 64 characters".to_owned(),
            Self::Name => "give a name".to_owned(),
            Self::Number { least, most } => format!("give {least} to {most} digits"),
            Self::Phone { .. } => "give a number in E.164, such as +34600112233".to_owned(),
            Self::Text { least, most } => format!("give {least} to {most} characters"),
        }
    }

    /// The value itself is not repeated in the words: it is the buyer's.
    fn check(&self, value: &str, needed: bool, now: Millis) -> Result<(), String> {
        let digits = value.bytes().all(|byte| byte.is_ascii_digit());
        let within = |least: u16, most: u16| {
            (usize::from(least)..=usize::from(most)).contains(&value.chars().count())
        };
        let good = match self {
            Self::Bank(choices) | Self::Select(choices) => {
                choices.iter().any(|choice| choice.value == value)
            }
            Self::BirthDate => is_past_day(value, now),
            Self::Blik => digits && value.len() == 6,
            Self::Consent if needed => {
                return match value {
                    "true" => Ok(()),
                    "false" => Err("it has to be given".to_owned()),
                    _ => Err(self.rule()),
                };
            }
            Self::Consent => matches!(value, "true" | "false"),
            Self::Cpf => digits && is_cpf(value),
            Self::Email => is_email(value),
            Self::Name => true,
            Self::Number { least, most } => digits && within(*least, *most),
            Self::Phone { .. } => value.strip_prefix('+').is_some_and(|number| {
                // ITU-T E.164: at most 15 digits, and no country code begins with a zero.
                (7..=15).contains(&number.len())
                    && number.bytes().all(|byte| byte.is_ascii_digit())
                    && !number.starts_with('0')
            }),
            Self::Text { least, most } => {
                within(*least, *most)
                    && !value.chars().any(char::is_control)
                    && !value.trim().is_empty()
            }
        };
        if good { Ok(()) } else { Err(self.rule()) }
    }
}

fn is_past_day(value: &str, now: Millis) -> bool {
    let shape = value.len() == 10
        && value.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    // Reading it as a moment refuses the 30th of February.
    shape && clock::parse_iso(&format!("{value}T00:00:00Z")).is_some_and(|day| day < now)
}

fn is_email(value: &str) -> bool {
    let plain = |c: char| !c.is_whitespace() && !c.is_control();
    value.chars().count() <= LONGEST_EMAIL
        && value.chars().all(plain)
        && value.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && !host.contains('@')
                && host.split('.').count() >= 2
                && host.split('.').all(|label| !label.is_empty())
        })
}

/// Two check digits, modulo 11, as the Receita Federal computes them; eleven equal digits pass the
/// arithmetic but are not given to anybody.
fn is_cpf(value: &str) -> bool {
    let digits: Vec<u32> = value.chars().filter_map(|c| c.to_digit(10)).collect();
    let check = |count: u32| {
        let weighted =
            digits.iter().zip((2..=count + 1).rev()).map(|(digit, weight)| digit * weight);
        weighted.sum::<u32>() * 10 % 11 % 10
    };
    digits.len() == 11
        && digits.iter().any(|digit| Some(digit) != digits.first())
        && digits.get(9) == Some(&check(9))
        && digits.get(10) == Some(&check(10))
}

fn account_types() -> Vec<Choice> {
    [("CHECKING", "Checking"), ("SAVINGS", "Savings")]
        .map(|(value, text)| Choice { value: value.to_owned(), text: text.to_owned() })
        .to_vec()
}

fn bank_list(name: &str) -> Result<Vec<Choice>, String> {
    let lists = LISTS.as_ref().map_err(Clone::clone)?;
    lists.get(name).cloned().ok_or_else(|| format!("banks.csv has no list {name}"))
}

fn read_banks(data: &str) -> Result<BTreeMap<String, Vec<Choice>>, String> {
    let mut lists: BTreeMap<String, Vec<Choice>> = BTreeMap::new();
    let mut lines = data.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    if lines.next() != Some("list,code,name") {
        return Err("banks.csv: the columns are not the expected ones".to_owned());
    }
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let [list, code, name] = *cells else {
            return Err(format!("banks.csv: {line} has not three values"));
        };
        let banks = lists.entry(list.to_owned()).or_default();
        if banks.iter().any(|bank| bank.value == code) || name.is_empty() || code.is_empty() {
            return Err(format!("banks.csv: {line} is empty or there twice"));
        }
        banks.push(Choice { value: code.to_owned(), text: name.to_owned() });
    }
    Ok(lists)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Millis = 1_795_000_000_000; // 2026-11-18

    fn check(word: &str, factors: Value) -> Result<Kept, String> {
        let ask = Ask::parse(word, &["ES".to_owned()]).unwrap();
        let mut kept = Kept::default();
        let factors = serde_json::from_value(factors).unwrap();
        ask.check(&factors, NOW, &mut kept).map(|()| kept).map_err(|wrong| wrong.0)
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
                assert!(bad.len() < 3 || !error.contains(bad), "values are the buyer's: {error}");
            }
            assert!(check(word, json!({})).unwrap_err().contains("is missing"), "{word}");
            assert!(check(word, json!({ key: 7 })).unwrap_err().contains("not text"), "{word}");
        }
        assert!(
            check("email", json!({ "email": format!("{}@b.example", "a".repeat(60)) })).is_err()
        );
    }

    #[test]
    fn some_may_stay_empty_but_not_half() {
        assert_eq!(check("bank?:P24", json!({})), Ok(Kept::default()));
        let kept = check("bank?:P24", json!({ "bankIdentifierCode": "49" })).unwrap();
        assert_eq!(kept.bank.as_deref(), Some("ING Bank Śląski"));
        assert!(check("bank^:FPX", json!({ "bankIdentifierCode": "x" })).is_err());
        assert!(check("consent?", json!({ "consent": "false" })).is_ok());
        assert!(check("name", json!({ "firstName": "Ann", "lastName": "B" })).is_ok());
        let half = check("name?", json!({ "firstName": "Ann" })).unwrap_err();
        assert!(half.contains("paymentFactors.lastName is missing"), "{half}");
        assert_eq!(check("name?", json!({})), Ok(Kept::default()));
    }

    #[test]
    fn elements_say_what_the_page_needs() {
        let spain = ["ES".to_owned()];
        let of = |word: &str| {
            let ask = Ask::parse(word, &spain).unwrap();
            let (field, needed) = ask.in_page(true).unwrap();
            serde_json::to_value(field.element(needed)).unwrap()
        };
        assert_eq!(
            of("phone"),
            json!({ "paymentElementKey": "phone", "elementType": "PHONE", "elementMandatory": true,
                    "title": "Phone number", "country": "ES" })
        );
        assert_eq!(of("bank^:FPX")["options"][0], json!({ "value": "MYM2U", "text": "Maybank" }));
        assert_eq!(of("bank^:FPX")["elementMandatory"], false);
        let name = of("name");
        assert_eq!(name["subPaymentElementView"][1]["paymentElementKey"], "lastName");
        assert_eq!(name["subPaymentElementView"][1]["maxLength"], 32);
        assert!(Ask::parse("bank^:FPX", &spain).unwrap().in_page(false).is_none());
    }

    #[test]
    fn banks_are_found_by_code() {
        let ask = Ask::parse("bank:YAPILY", &[]).unwrap();
        assert_eq!(ask.bank("IPAY-MONZO"), Some("Monzo"));
        assert_eq!(ask.bank("MONZO"), None);
        assert!(read_banks("list,code,name\nA,1,x\nA,1,y\n").is_err());
    }
}
