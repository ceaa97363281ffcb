//! One locale for everything, and amounts in it.

use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{CardForm, Patch, Sdk, answers, thrower, to_js, until, window};

/// A browser with these languages.
fn browser(languages: &[&str]) -> [Patch; 2] {
    let navigator = JsValue::from(window().navigator());
    let first = languages.first().map_or(JsValue::UNDEFINED, |first| (*first).into());
    [
        Patch::new(&navigator, "languages", &to_js(&json!(languages))),
        Patch::new(&navigator, "language", &first),
    ]
}

/// The locale of the query, of the card form and of the amount.
async fn locales(locale: Option<&str>) -> (String, String, String) {
    let sdk = Sdk::with_options(json!({ "locale": locale }));
    sdk.create();
    let call = sdk.gateway.call().await;
    let amount = json!({"currency": "EUR", "value": "123456"});
    call.answer(&answers::with(&answers::card(), &json!({"paymentAmountView": amount})));
    let form = CardForm::of(&sdk).await;
    form.send_hello().await;
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let in_form = text(&form.receives("init").await["locale"]);
    (text(&call.request()["envInfo"]["locale"]), in_form, sdk.screen().text(".amount"))
}

fn all(request: &str, form: &str, amount: &str) -> (String, String, String) {
    (request.to_owned(), form.to_owned(), amount.to_owned())
}

#[wasm_bindgen_test]
async fn without_an_option_the_browsers_language_is_used_everywhere() {
    let _german = browser(&["de-AT", "en"]);
    assert_eq!(locales(None).await, all("de_DE", "de-DE", "1.234,56\u{a0}€"));
}

#[wasm_bindgen_test]
async fn the_first_supported_language_of_the_browser_is_used() {
    let _browser = browser(&["sv-SE", "xx", "nl", "de"]);
    assert_eq!(locales(None).await, all("nl_NL", "nl-NL", "€\u{a0}1.234,56"));
}

#[wasm_bindgen_test]
async fn english_is_the_fallback() {
    for languages in [&["sv-SE", "%"][..], &[][..]] {
        let _browser = browser(languages);
        assert_eq!(locales(None).await, all("en_US", "en-US", "€1,234.56"));
    }
}

#[wasm_bindgen_test]
async fn the_option_takes_precedence_over_the_browser() {
    let _german = browser(&["de-DE"]);
    assert_eq!(locales(Some("pt_BR")).await, all("pt_BR", "pt-BR", "€\u{a0}1.234,56"));
    // The gateway may have languages that the SDK has not.
    for option in ["klingon", "sv_SE"] {
        assert_eq!(locales(Some(option)).await, all(option, "de-DE", "1.234,56\u{a0}€"));
    }
    assert_eq!(locales(Some("")).await, all("de_DE", "de-DE", "1.234,56\u{a0}€"));
}

#[wasm_bindgen_test]
async fn amounts_have_the_digits_of_their_currency() {
    for (currency, value, expected) in [
        ("MYR", "4200", "MYR\u{a0}42.00"),
        ("JPY", "1234567", "¥1,234,567"),
        ("KWD", "1", "KWD\u{a0}0.001"),
        ("HUF", "150000", "HUF\u{a0}1,500.00"),
        ("IDR", "150000", "IDR\u{a0}1,500"),
        // More digits than a double has.
        ("USD", "9007199254740993", "$90,071,992,547,409.93"),
        ("XYZ", "100", "XYZ\u{a0}1.00"),
        ("usd", "100", ""),
        ("USD", "-1", ""),
    ] {
        assert_eq!(amount(currency, value).await, expected);
    }
}

async fn amount(currency: &str, value: &str) -> String {
    let sdk = Sdk::new();
    sdk.create();
    let view = json!({"paymentAmountView": {"currency": currency, "value": value}});
    sdk.gateway.answer(&answers::with(&answers::card(), &view)).await;
    until("the form loads", || sdk.screen().frame().is_some()).await;
    sdk.screen().text(".amount")
}

#[wasm_bindgen_test]
async fn engines_without_intl_write_the_currencys_code() {
    let intl = js_sys::Reflect::get(&window(), &"Intl".into()).unwrap();
    let broken = Patch::new(&intl, "NumberFormat", &thrower("no such currency"));
    assert_eq!(amount("MYR", "4200").await, "MYR 42.00");
    drop(broken);
    let missing = Patch::new(&window(), "Intl", &JsValue::UNDEFINED);
    let without = amount("MYR", "4200").await;
    drop(missing);
    assert_eq!(without, "MYR 42.00");
}

/// The text of the card form's button, and the language of the component.
async fn shown(sdk: &Sdk) -> (String, String) {
    sdk.create();
    sdk.gateway.answer(&answers::card()).await;
    let form = CardForm::of(sdk).await;
    form.send_hello().await;
    form.send(&json!({"t": "ready"}));
    until("the form is shown", || !sdk.screen().text(".action").is_empty()).await;
    let panel = sdk.screen().panel();
    (sdk.screen().text(".action"), panel.get_attribute("lang").unwrap())
}

#[wasm_bindgen_test]
async fn texts_are_shown_in_the_language_once_they_have_arrived() {
    let sdk = Sdk::with_options(json!({ "locale": "de_DE" }));
    sdk.gateway
        .texts
        .replace(Some(json!({"page": {"payAmount": "Bezahlen {}", "constructor": "x"}})));
    let (button, language) = shown(&sdk).await;
    assert!(button.starts_with("Bezahlen"), "{button}");
    assert_eq!(language, "de-DE");
}

#[wasm_bindgen_test]
async fn without_texts_all_is_english() {
    for file in [None, Some(json!("no object")), Some(json!({"card": {}}))] {
        let sdk = Sdk::with_options(json!({ "locale": "de_DE" }));
        sdk.gateway.texts.replace(file);
        let (button, language) = shown(&sdk).await;
        assert!(button.starts_with("Pay"), "{button}");
        assert_eq!(language, "en-US");
    }
}

#[wasm_bindgen_test]
async fn arabic_runs_from_right_to_left() {
    let sdk = Sdk::with_options(json!({ "locale": "ar_SA" }));
    let (_, language) = shown(&sdk).await;
    assert_eq!(language, "ar-SA");
    assert_eq!(sdk.screen().panel().get_attribute("dir").as_deref(), Some("rtl"));
}

#[wasm_bindgen_test]
async fn the_merchants_texts_come_before_the_files() {
    let sdk = Sdk::with_options(json!({
        "locale": "de_DE",
        "translations": {
            "fr_FR": {"payAmount": "{} payer"},
            "de": {"payAmount": "{} hinblättern", "close": 7, "toString": "x"},
        },
    }));
    sdk.gateway.texts.replace(Some(json!({"page": {"payAmount": "Bezahlen {}"}})));
    let (button, _) = shown(&sdk).await;
    assert!(button.ends_with(" hinblättern"), "{button}");
    let log = sdk.record.of("onLog");
    let ignored: Vec<_> = log.iter().filter(|line| line["code"] == "OPTION_IGNORED").collect();
    assert_eq!(ignored.len(), 2, "{log:?}");
    for (line, id) in ignored.iter().zip(["close", "toString"]) {
        let start = format!("options.translations.de.{id} is ignored");
        assert!(line["message"].as_str().unwrap().starts_with(&start), "{line}");
    }
}
