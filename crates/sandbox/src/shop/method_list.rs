//! The list of methods on the first page, by the buyer's country.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::presets::{Flow, has_form};
use crate::domain::method::{self, Method, Terminal};

/// Countries of the data file in English. Source: ISO 3166-1, short names in common use.
const COUNTRIES: [(&str, &str); 39] = [
    ("AE", "United Arab Emirates"),
    ("AT", "Austria"),
    ("BD", "Bangladesh"),
    ("BE", "Belgium"),
    ("BR", "Brazil"),
    ("CH", "Switzerland"),
    ("CL", "Chile"),
    ("CN", "China"),
    ("DE", "Germany"),
    ("DK", "Denmark"),
    ("ES", "Spain"),
    ("FI", "Finland"),
    ("FR", "France"),
    ("GB", "United Kingdom"),
    ("HK", "Hong Kong"),
    ("ID", "Indonesia"),
    ("IE", "Ireland"),
    ("IN", "India"),
    ("IT", "Italy"),
    ("JP", "Japan"),
    ("KR", "South Korea"),
    ("MN", "Mongolia"),
    ("MO", "Macao"),
    ("MX", "Mexico"),
    ("MY", "Malaysia"),
    ("NL", "Netherlands"),
    ("NO", "Norway"),
    ("PE", "Peru"),
    ("PH", "Philippines"),
    ("PK", "Pakistan"),
    ("PL", "Poland"),
    ("PT", "Portugal"),
    ("SA", "Saudi Arabia"),
    ("SE", "Sweden"),
    ("SG", "Singapore"),
    ("TH", "Thailand"),
    ("TW", "Taiwan"),
    ("US", "United States"),
    ("VN", "Vietnam"),
];

/// The name of a country, or its code when the table does not have it.
fn country(code: &'static str) -> &'static str {
    let known = COUNTRIES.iter().find(|(known, _)| *known == code);
    known.map_or(code, |(_, name)| name)
}

/// The heading of a method: methods of every country come first, then those of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Heading {
    Everywhere,
    Several,
    Country(&'static str),
}

impl Heading {
    fn of(method: Method) -> Self {
        match method.row().countries.as_slice() {
            [only] if only == "GLOBAL" => Self::Everywhere,
            [only] => Self::Country(country(only)),
            _ => Self::Several,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Every country",
            Self::Several => "Several countries",
            Self::Country(name) => name,
        }
    }
}

/// Every method, by heading.
pub(super) fn groups(terminal: Terminal) -> Vec<Value> {
    let mut headings: BTreeMap<Heading, Vec<Value>> = BTreeMap::new();
    for method in method::all().into_iter().flatten() {
        headings.entry(Heading::of(method)).or_default().push(shown(method, terminal));
    }
    let groups = headings
        .into_iter()
        .map(|(heading, methods)| json!({ "title": heading.title(), "methods": methods }));
    groups.collect()
}

/// One method as the pages show it.
pub(super) fn shown(method: Method, terminal: Terminal) -> Value {
    let row = method.row();
    let flow = Flow::of(method, terminal);
    let currency = method.usual_currency();
    let countries: Vec<_> = row.countries.iter().map(|code| country(code)).collect();
    // Found by a search, besides the visible text.
    let words = [
        row.countries.join(" "),
        row.currencies.iter().map(|it| it.code()).collect::<Vec<_>>().join(" "),
        row.category.as_str().replace('_', " "),
        method.interaction(terminal).to_string(),
    ];
    json!({
        "type": row.kind,
        "name": row.name,
        "countries": countries.join(", "),
        "currency": currency,
        "flow": flow,
        "how": flow.title(),
        "form": has_form(method),
        "words": words.join(" "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_is_listed_once_and_every_country_has_a_name() {
        let groups = groups(Terminal::Web);
        let titles: Vec<_> = groups.iter().map(|group| group["title"].as_str().unwrap()).collect();
        assert_eq!(titles[..2], ["Every country", "Several countries"]);
        assert!(titles[2..].is_sorted());
        let shown = groups.iter().flat_map(|group| group["methods"].as_array().unwrap());
        let mut kinds: Vec<_> = shown.map(|method| method["type"].as_str().unwrap()).collect();
        kinds.sort_unstable();
        let mut all: Vec<_> = method::all().unwrap().map(Method::as_str).collect();
        all.sort_unstable();
        assert_eq!(kinds, all);
        for method in method::all().unwrap() {
            for code in method.row().countries.iter().filter(|code| *code != "GLOBAL") {
                assert_ne!(country(code), code, "{} has no name", code);
            }
        }
    }
}
