//! The methods on the first page, by the buyer's country.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::outcomes::{Kind, asks};
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

/// The name of a country, or its code where nobody gave it one.
fn country(code: &'static str) -> &'static str {
    let known = COUNTRIES.iter().find(|(known, _)| *known == code);
    known.map_or(code, |(_, name)| name)
}

/// Where a method stands: those for everybody first, then those of several countries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Everywhere,
    Several,
    Country(&'static str),
}

impl Place {
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

/// Every method, grouped.
pub(super) fn groups(terminal: Terminal) -> Vec<Value> {
    let mut places: BTreeMap<Place, Vec<Value>> = BTreeMap::new();
    for method in method::all().into_iter().flatten() {
        places.entry(Place::of(method)).or_default().push(shown(method, terminal));
    }
    let groups = places
        .into_iter()
        .map(|(place, methods)| json!({ "title": place.title(), "methods": methods }));
    groups.collect()
}

/// One method as the pages show it.
pub(super) fn shown(method: Method, terminal: Terminal) -> Value {
    let row = method.row();
    let kind = Kind::of(method, terminal);
    let currency = method.usual_currency();
    let countries: Vec<_> = row.countries.iter().map(|code| country(code)).collect();
    // What a search looks at beside what is to be read.
    let words = [
        row.countries.join(" "),
        row.currencies.join(" "),
        row.category.replace('_', " "),
        method.interaction(terminal).name(),
    ];
    json!({
        "type": row.kind,
        "name": row.name,
        "countries": countries.join(", "),
        "currency": currency,
        "kind": kind.name(),
        "how": kind.title(),
        "form": asks(method),
        "words": words.join(" "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_is_on_the_shelf_once_and_every_country_has_a_name() {
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
