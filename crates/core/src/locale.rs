//! The component's locale.

use crate::text_tools::{cut, fill};

/// The locales with texts in `locales/`, as BCP 47 tags: the fifteen of the contract, then those of
/// the newer published list. `in_ID` is id-ID, `tl_PH` is fil-PH. Where a language has more than
/// one, the first stands for the language alone.
pub const SUPPORTED: [&str; 22] = [
    "en-US", "pt-BR", "ko-KR", "es-ES", "ms-MY", "id-ID", "fil-PH", "th-TH", "vi-VN", "fr-FR",
    "nl-NL", "it-IT", "de-DE", "zh-CN", "zh-HK", "ar-SA", "hi-IN", "ja-JP", "pl-PL", "pt-PT",
    "ro-RO", "tr-TR",
];

/// The locale of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locale {
    /// One of [`SUPPORTED`]: the language of what the SDK shows.
    pub tag: &'static str,
    /// `envInfo.locale`: the merchant's option as it was given, because a gateway may have more
    /// languages than the SDK; without an option the tag as the original spells it, such as `en_US`.
    pub on_wire: String,
}

/// Picks a supported locale: the `locale` option in any spelling (`pt_BR`, `pt-br`, `pt`), or else
/// the first of the browser's languages that is supported, or else English.
#[must_use]
pub fn choose<'a>(option: Option<&'a str>, browser: impl IntoIterator<Item = &'a str>) -> Locale {
    let tag = option.into_iter().chain(browser).find_map(supported).unwrap_or("en-US");
    let on_wire = match option.filter(|option| !option.is_empty()) {
        Some(option) => option.to_owned(),
        None => {
            let (language, region) = cut(tag, "-");
            fill("{}_{}", &[language, region.unwrap_or_default()])
        }
    };
    Locale { tag, on_wire }
}

/// Whether a supported locale's texts are those that are built in.
#[must_use]
pub fn is_english(locale: &str) -> bool {
    locale == "en-US"
}

/// Whether a supported locale's script runs from right to left.
#[must_use]
pub fn is_right_to_left(locale: &str) -> bool {
    locale == "ar-SA"
}

/// The supported locale that a tag in any spelling means.
#[must_use]
pub fn supported(tag: &str) -> Option<&'static str> {
    let (language, rest) = cut_subtag(tag.trim_ascii());
    let language = match () {
        // Codes that ISO 639 withdrew, and that the original's list still uses.
        () if language.eq_ignore_ascii_case("in") => "id",
        () if language.eq_ignore_ascii_case("tl") => "fil",
        () if language.eq_ignore_ascii_case("zh") && is_traditional(rest) => return Some("zh-HK"),
        () => language,
    };
    let of_language = || {
        let is_same = |known: &&str| cut_subtag(known).0.eq_ignore_ascii_case(language);
        SUPPORTED.into_iter().filter(is_same)
    };
    let is_region = |known: &&str| match (cut_subtag(known).1, rest) {
        (Some(region), Some(rest)) => region.eq_ignore_ascii_case(rest),
        _ => false,
    };
    of_language().find(is_region).or_else(|| of_language().next())
}

/// Whether a region or script of a Chinese tag writes traditional characters.
fn is_traditional(mut rest: Option<&str>) -> bool {
    while let Some(subtags) = rest {
        let (first, following) = cut_subtag(subtags);
        if ["hk", "hant", "tw", "mo"].iter().any(|known| first.eq_ignore_ascii_case(known)) {
            return true;
        }
        rest = following;
    }
    false
}

/// The first subtag, and those behind it.
fn cut_subtag(tag: &str) -> (&str, Option<&str>) {
    let (hyphen, underscore) = (cut(tag, "-"), cut(tag, "_"));
    if hyphen.0.len() < underscore.0.len() { hyphen } else { underscore }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_spelling_is_understood() {
        for (option, tag) in [
            ("pt_BR", "pt-BR"),
            ("pt-BR", "pt-BR"),
            ("pt", "pt-BR"),
            ("PT_br", "pt-BR"),
            ("pt-PT", "pt-PT"),
            ("pt_pt", "pt-PT"),
            ("pt-AO", "pt-BR"),
            ("ar", "ar-SA"),
            ("ro", "ro-RO"),
            ("zh-CN", "zh-CN"),
            ("in_ID", "id-ID"),
            ("id", "id-ID"),
            ("tl_PH", "fil-PH"),
            ("fil", "fil-PH"),
            ("zh_HK", "zh-HK"),
            ("zh-Hant-TW", "zh-HK"),
            ("zh_Hant-CN", "zh-HK"),
            ("zh", "zh-CN"),
            ("zh-Hans", "zh-CN"),
            ("en-GB", "en-US"),
            (" de_AT ", "de-DE"),
        ] {
            let on_wire = option.to_owned();
            assert_eq!(choose(Some(option), []), Locale { tag, on_wire }, "{option}");
        }
    }

    #[test]
    fn unknown_options_fall_back_to_the_browser_and_then_to_english() {
        assert_eq!(choose(Some("xx_YY"), ["sv-SE", "ko", "de"]).tag, "ko-KR");
        assert_eq!(choose(None, ["", "%"]).tag, "en-US");
    }

    #[test]
    fn the_gateway_gets_the_option_as_it_is() {
        for option in ["sv_SE", "ja-JP", "in_ID", "tl_PH", "pt-BR", "zh_TW", "klingon"] {
            assert_eq!(choose(Some(option), ["de-DE"]).on_wire, option);
        }
        for absent in [None, Some("")] {
            assert_eq!(choose(absent, ["fil", "de"]).on_wire, "fil_PH");
            assert_eq!(choose(absent, ["sv-SE"]).on_wire, "en_US");
        }
    }
}
