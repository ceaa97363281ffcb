//! The files of `locales/` against the texts in Rust, which have the English version.
//!
//! `UPDATE_EXPECT=1 cargo test -p kassa-core --test locales` writes `locales/en-US.json`, which shows
//! translators what there is to translate.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "in a test, a panic with a message is the report"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use kassa_core::card::CardText;
use kassa_core::locale::SUPPORTED;
use kassa_core::text::{Text, TextId};

/// A file: the texts of the component and those of the card form, by id.
type File = BTreeMap<String, BTreeMap<String, String>>;

/// Texts that may be the same in other languages: names, formats and words that these share.
const SHARED: [&str; 10] = [
    "close",
    "expiryFormat",
    "labelBank",
    "labelBlik",
    "labelCpf",
    "labelDate",
    "labelEmail",
    "labelName",
    "labelNumber",
    "optional",
];

/// Texts on buttons.
const BUTTONS: [&str; 9] = [
    "continue",
    "continueInBrowser",
    "copy",
    "havePaid",
    "openApp",
    "otherCard",
    "pay",
    "paying",
    "storedCard",
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../locales")
}

fn read(locale: &str) -> File {
    let path = folder().join(format!("{locale}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{locale}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{locale}: {error}"))
}

fn texts<T: TextId>() -> BTreeMap<String, String> {
    T::ALL.iter().map(|text| (text.id().to_owned(), text.english().to_owned())).collect()
}

fn english() -> File {
    File::from([("page".to_owned(), texts::<Text>()), ("card".to_owned(), texts::<CardText>())])
}

fn translated() -> impl Iterator<Item = (&'static str, File)> {
    SUPPORTED.into_iter().filter(|locale| *locale != "en-US").map(|locale| (locale, read(locale)))
}

/// Calls `check` with the locale, the id, the English text and its translation.
fn for_each_text(mut check: impl FnMut(&str, &str, &str, &str)) {
    let english = english();
    for (locale, file) in translated() {
        for (part, texts) in &english {
            for (id, text) in texts {
                check(locale, id, text, &file[part][id]);
            }
        }
    }
}

#[test]
fn the_english_file_shows_what_is_built_in() {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let text = serde_json::to_string_pretty(&english()).unwrap() + "\n";
        fs::write(folder().join("en-US.json"), text).unwrap();
    }
    assert_eq!(read("en-US"), english());
}

#[test]
fn every_id_is_the_name_of_its_variant() {
    fn check<T: TextId + std::fmt::Debug>() {
        for text in T::ALL {
            let name = format!("{text:?}");
            assert_eq!(text.id(), name[..1].to_lowercase() + &name[1..]);
        }
    }
    check::<Text>();
    check::<CardText>();
}

#[test]
fn every_supported_locale_has_a_file_and_no_other_has() {
    let mut files: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    let mut supported = SUPPORTED.map(str::to_owned);
    supported.sort();
    assert_eq!(files, supported);
}

#[test]
fn no_text_is_missing_and_there_is_no_other() {
    let ids = |file: &File| -> Vec<(String, Vec<String>)> {
        file.iter().map(|(part, texts)| (part.clone(), texts.keys().cloned().collect())).collect()
    };
    for (locale, file) in translated() {
        assert_eq!(ids(&file), ids(&english()), "{locale}");
    }
}

#[test]
fn every_text_has_the_parameters_of_the_english_one() {
    for_each_text(|locale, id, english, text| {
        let count = |text: &str| text.matches("{}").count();
        assert_eq!(count(text), count(english), "{locale}.{id}: {text}");
        assert!(!text.replace("{}", "").contains(['{', '}']), "{locale}.{id}: {text}");
    });
}

#[test]
fn no_text_is_still_english() {
    for_each_text(|locale, id, english, text| {
        let has_words = english.chars().any(char::is_alphabetic);
        assert!(
            !has_words || SHARED.contains(&id) || text != english,
            "{locale}.{id} is still English: {text}"
        );
    });
}

#[test]
fn texts_are_trimmed_and_short_enough() {
    for_each_text(|locale, id, english, text| {
        assert_eq!(text.trim(), text, "{locale}.{id}");
        let length = text.chars().count();
        assert!(length > 0 && text.len() <= 500, "{locale}.{id} has {} bytes", text.len());
        let limit = english.chars().count() * 2;
        if BUTTONS.contains(&id) {
            assert!(length <= limit.max(14), "{locale}.{id} is too long for a button: {text}");
        }
    });
}
