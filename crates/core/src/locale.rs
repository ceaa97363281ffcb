//! The component's locale.

use crate::text_tools::cut;

/// The fifteen locales of the contract as BCP 47 tags. `in_ID` is id-ID, `tl_PH` is fil-PH.
pub const SUPPORTED: [&str; 15] = [
    "en-US", "pt-BR", "ko-KR", "es-ES", "ms-MY", "id-ID", "fil-PH", "th-TH", "vi-VN", "fr-FR",
    "nl-NL", "it-IT", "de-DE", "zh-CN", "zh-HK",
];

/// Picks a supported locale: the `locale` option in any spelling (`pt_BR`, `pt-br`, `pt`), or else
/// the first of the browser's languages that is supported, or else English.
#[must_use]
pub fn choose<'a>(
    option: Option<&'a str>,
    browser: impl IntoIterator<Item = &'a str>,
) -> &'static str {
    option.into_iter().chain(browser).find_map(supported).unwrap_or("en-US")
}

fn supported(tag: &str) -> Option<&'static str> {
    let (language, rest) = cut_subtag(tag.trim_ascii());
    let language = match () {
        // Codes that ISO 639 withdrew, and that the original's list still uses.
        () if language.eq_ignore_ascii_case("in") => "id",
        () if language.eq_ignore_ascii_case("tl") => "fil",
        () if language.eq_ignore_ascii_case("zh") && is_traditional(rest) => return Some("zh-HK"),
        () => language,
    };
    SUPPORTED.into_iter().find(|known| cut_subtag(known).0.eq_ignore_ascii_case(language))
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
            assert_eq!(choose(Some(option), []), tag, "{option}");
        }
    }

    #[test]
    fn unknown_options_fall_back_to_the_browser_and_then_to_english() {
        assert_eq!(choose(Some("xx_YY"), ["sv-SE", "ko", "de"]), "ko-KR");
        assert_eq!(choose(None, ["", "%"]), "en-US");
    }
}
