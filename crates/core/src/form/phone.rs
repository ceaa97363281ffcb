//! Telephone numbers: from a buyer's notation to E.164, their wire form.

use super::{FieldFault, ascii_digit, narrow};
use crate::card::digits;
use crate::card::edit::is_blank;
use crate::text_tools::{cut, number};

/// Digits of an international number, its country code included (ITU-T E.164; the fewest are those
/// of the smallest islands).
const SHORTEST: usize = 7;
const LONGEST: usize = 15;

/// How countries number their telephones: country code, trunk prefix (what is dialled before a
/// number inside the country and is no part of it), and the fewest and most digits of a number
/// without both. Text, as with card brands: easier to review, and smaller in wasm.
///
/// The countries with payment methods that require a number come first. Italian landline numbers
/// keep their 0 in international form, so that Italy has no trunk prefix. Where sources differ, the
/// wider range of lengths is used.
///
/// Source: ITU-T E.164, annex "List of E.164 assigned country codes", and the national numbering
/// plans that countries notify to the ITU.
const PLANS: &str = "ES34//9-9;PT351//9-9;IT39//6-12;JP81/0/9-10;KR82/0/7-10;SA966/0/8-9;\
    ID62/0/7-12;PL48//9-9;\
    AE971/0/7-9;AR54/0/10-11;AT43/0/5-13;AU61/0/6-10;BD880/0/8-10;BE32/0/8-9;BG359/0/7-9;\
    BR55/0/8-11;CA1/1/10-10;CH41/0/9-9;CL56//8-9;CN86/0/9-11;CO57//8-10;CY357//8-8;CZ420//9-9;\
    DE49/0/6-13;DK45//8-8;EE372//7-10;EG20/0/8-10;FI358/0/5-12;FR33/0/9-9;GB44/0/7-10;GR30//10-10;\
    HK852//8-9;HR385/0/8-9;HU36/06/8-9;IE353/0/7-10;IL972/0/8-9;IN91/0/10-10;IS354//7-9;KE254/0/7-10;\
    KZ7/8/10-10;LK94/0/9-9;LT370/0/8-8;LU352//4-11;LV371//8-8;MA212/0/9-9;MO853//8-8;MT356//8-8;\
    MX52//10-10;MY60/0/8-10;NG234/0/8-10;NL31/0/9-11;NO47//8-12;NZ64/0/8-10;PE51/0/8-9;PH63/0/8-10;\
    PK92/0/9-10;RO40/0/9-9;SE46/0/7-13;SG65//8-8;SI386/0/8-8;SK421/0/9-9;TH66/0/8-9;TR90/0/10-10;\
    TW886/0/8-9;UA380/0/9-9;US1/1/10-10;VN84/0/9-10;ZA27/0/9-9;";

struct Plan {
    code: &'static str,
    trunk: &'static str,
    shortest: usize,
    longest: usize,
}

impl Plan {
    fn of(country: &str) -> Option<Self> {
        // Two letters occur at the beginning of an entry only.
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return None;
        }
        let (_, entry) = cut(PLANS, &country.to_ascii_uppercase());
        let (code, rest) = cut(entry?, "/");
        let (trunk, rest) = cut(rest?, "/");
        let (shortest, rest) = cut(rest?, "-");
        let (longest, _) = cut(rest?, ";");
        let count = |text| usize::try_from(number(text)?).ok();
        Some(Self { code, trunk, shortest: count(shortest)?, longest: count(longest)? })
    }

    /// The number without its trunk prefix. A 0 is always the prefix where 0 is the country's prefix;
    /// any other prefix is recognised by a number that is too long.
    fn significant<'a>(&self, mut number: &'a str) -> &'a str {
        while !self.trunk.is_empty() {
            let Some(rest) = number.strip_prefix(self.trunk) else { break };
            if !self.trunk.starts_with('0') && number.len() <= self.longest {
                break;
            }
            number = rest;
        }
        number
    }

    fn fits(&self, number: &str) -> bool {
        (self.shortest..=self.longest).contains(&number.len())
    }

    fn checked(&self, number: &str) -> Result<String, FieldFault> {
        match number.len() {
            length if length < self.shortest => Err(FieldFault::TooShort),
            length if length > self.longest => Err(FieldFault::TooLong),
            _ => Ok(international(&[self.code, number])),
        }
    }
}

/// Digits become ASCII and blanks plain; characters of no telephone number are dropped.
pub(super) fn keep(character: char, text: &mut String) {
    text.push_str(match narrow(character) {
        ' ' => " ",
        '+' => "+",
        '-' => "-",
        '.' => ".",
        '/' => "/",
        '(' => "(",
        ')' => ")",
        _ => ascii_digit(character),
    });
}

/// Takes a number with its country's code after `+` or `00`, and one of this country without.
pub(super) fn read(text: &str, country: &str) -> Result<String, FieldFault> {
    let digits = digits(text);
    if digits.is_empty() {
        return Err(FieldFault::Malformed);
    }
    let plan = Plan::of(country);
    let first = text.chars().find(|character| !is_blank(*character) && *character != '(');
    let with_code = match first.map(narrow) {
        Some('+') => Some(digits.as_str()),
        _ => digits.strip_prefix("00"),
    };
    let Some(plan) = plan else {
        return foreign(with_code.ok_or(FieldFault::NoCountry)?);
    };
    if let Some(whole) = with_code {
        return match whole.strip_prefix(plan.code) {
            Some(rest) => plan.checked(plan.significant(rest)),
            None => foreign(whole),
        };
    }
    let number = plan.significant(&digits);
    // The country's code without the `+`, when only that explains the length.
    if number.len() > plan.longest
        && let Some(rest) = digits.strip_prefix(plan.code).map(|rest| plan.significant(rest))
        && plan.fits(rest)
    {
        return plan.checked(rest);
    }
    plan.checked(number)
}

/// A number of another country, whose plan is not checked.
fn foreign(whole: &str) -> Result<String, FieldFault> {
    match whole.len() {
        _ if whole.starts_with('0') => Err(FieldFault::Malformed),
        ..SHORTEST => Err(FieldFault::TooShort),
        SHORTEST..=LONGEST => Ok(international(&[whole])),
        _ => Err(FieldFault::TooLong),
    }
}

fn international(parts: &[&str]) -> String {
    let mut number = String::from("+");
    for part in parts {
        number.push_str(part);
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        let mut seen = Vec::new();
        for entry in PLANS.split(';').filter(|entry| !entry.is_empty()) {
            let (country, _) = entry.split_at(2);
            assert!(!seen.contains(&country), "{country} is there twice");
            seen.push(country);
            let plan = Plan::of(country).unwrap_or_else(|| panic!("{entry}"));
            assert!((1..=3).contains(&plan.code.len()) && number(plan.code).is_some(), "{entry}");
            assert!(plan.trunk.bytes().all(|byte| byte.is_ascii_digit()), "{entry}");
            assert!(0 < plan.shortest && plan.shortest <= plan.longest, "{entry}");
            assert!(plan.code.len() + plan.longest <= LONGEST, "{entry}");
        }
        assert!(seen.len() > 60);
        for country in ["", "E", "ES3", "34", "//", "XX"] {
            assert!(Plan::of(country).is_none(), "{country}");
        }
        assert_eq!(Plan::of("es").map(|plan| plan.code), Some("34"), "in any case");
    }
}
