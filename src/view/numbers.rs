//! Amounts and times in the buyer's language.

use js_sys::Function;
use kassa_core::money::Amount;
use kassa_core::text_tools::fill;
use kassa_dom::tree_to_js;
use kassa_protocol::Json;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type NumberFormat;

    // The `js_sys` binding does not catch, and this throws for a language or a currency that the
    // engine does not accept.
    #[wasm_bindgen(catch, constructor, js_namespace = Intl)]
    fn new(locale: &str, options: &JsValue) -> Result<NumberFormat, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn format(this: &NumberFormat) -> Function;
}

/// The amount as the locale writes it; with the currency's code where the engine has no `Intl`.
pub(super) fn format_amount(locale: &str, amount: &Amount) -> String {
    let digits = u16::from(amount.fraction_digits);
    let options = Json::object()
        .with("style", &"currency")
        .with("currency", &amount.currency)
        .with("minimumFractionDigits", &digits)
        .with("maximumFractionDigits", &digits);
    // Newer engines take the decimal text as it is, so that no digit of a large amount is lost.
    format(locale, &options, &amount.decimal)
        .unwrap_or_else(|_| fill("{} {}", &[&amount.currency, &amount.decimal]))
}

/// A number of days, with the plural that the language has for it; `None` on engines of before 2020.
pub(super) fn format_days(locale: &str, days: &str) -> Option<String> {
    let options =
        Json::object().with("style", &"unit").with("unit", &"day").with("unitDisplay", &"long");
    format(locale, &options, days).ok()
}

fn format(locale: &str, options: &Json, number: &str) -> Result<String, JsValue> {
    let format = NumberFormat::new(locale, &tree_to_js(options))?.format();
    let text = format.call1(&JsValue::UNDEFINED, &number.into())?;
    text.as_string().ok_or(JsValue::UNDEFINED)
}
