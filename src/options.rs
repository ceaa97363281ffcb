//! What JavaScript has read of the merchant's objects (`js/src/checks.ts`, `js/src/reading.ts`), as
//! typed values, and the container of `mountComponent`.

use std::cell::Cell;

use js_sys::Function;
use kassa_core::call::Browser;
use kassa_core::locale;
use kassa_core::machine::{
    Appearance, BeforeSubmit, BeforeSubmitAnswer, Config, OpenRequest, PromiseId,
};
use kassa_core::platform::Environment;
use kassa_core::session::{Metadata, encoded_metadata};
use kassa_core::text::{Text, Translations};
use kassa_core::text_tools::fill;
use kassa_dom::{from_js, member, parse};
use kassa_protocol::Json;
use kassa_protocol::client::BillingAddress;
use kassa_protocol::frame::Theme;
use wasm_bindgen::prelude::*;
use web_sys::Element;

use crate::callbacks::{Callbacks, describe, own_member};
use crate::effects::languages;

/// The constructor's options.
pub(crate) struct Options {
    pub(crate) config: Config,
    pub(crate) callbacks: Callbacks,
    /// CSP nonce of the one style element, on engines without constructable style sheets.
    pub(crate) nonce: Option<String>,
    /// The merchant's own texts in the component's language.
    pub(crate) translations: Translations<Text>,
    /// Lines for the log: what was ignored.
    pub(crate) ignored: Vec<String>,
}

/// The parameters of `createComponent` and `mountComponent`.
#[derive(Debug)]
pub(crate) struct Parameters {
    session_data: String,
    stays_on_page: bool,
    is_from_click: bool,
    appearance: Appearance,
    is_app_webview: bool,
    needs_cvc: bool,
    merchant_appoint_param: Option<Json>,
}

/// What is wrong with a parameter.
#[derive(Debug)]
pub(crate) enum ParameterError {
    /// No element, and no selector of one.
    NoContainer { given: String },
    /// The page has no origin that a frame could post messages to.
    OpaqueOrigin,
    /// A container in the document of another window.
    OtherWindow,
    /// `merchantAppointParam` is nested too deeply, or too large, to be passed on.
    TooLarge,
}

impl ParameterError {
    /// What was wrong, and what is accepted.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::NoContainer { given } => fill(
                "mountComponent needs a container: pass an element, or a selector that matches \
                 one; {} is neither.",
                &[given],
            ),
            Self::OpaqueOrigin => "This page has an opaque origin: it is in a sandboxed frame without \
                                   allow-same-origin, or its address is a data: or file: URL. Serve \
                                   it over http or https."
                .to_owned(),
            Self::OtherWindow => "mountComponent needs a container in the document of the window that \
                                  loaded the SDK. For another frame or window, load the SDK there."
                .to_owned(),
            Self::TooLarge => "params.merchantAppointParam is nested more than 16 levels deep, or has \
                               more than 20,000 values."
                .to_owned(),
        }
    }
}

impl Options {
    /// Reads the options, which JavaScript has copied and checked.
    pub(crate) fn read(options: JsValue) -> Self {
        let text = |name| own(&options, name).as_string();
        let function = |name| -> Option<Function> { own(&options, name).dyn_into().ok() };
        let callbacks = Callbacks {
            on_before_submit: function("onBeforeSubmit"),
            on_close: function("onClose"),
            on_error: function("onError"),
            on_event_callback: function("onEventCallback"),
            on_log: function("onLog"),
            on_payment_method_selected: function("onPaymentMethodSelected"),
            on_size_changed: function("onSizeChanged"),
            is_suppressed: Cell::default(),
        };
        let is_prod = text("environment").as_deref() == Some("prod");
        let languages = languages();
        let config = Config {
            environment: if is_prod { Environment::Prod } else { Environment::Sandbox },
            gateway: text("gateway"),
            locale: locale::choose(text("locale").as_deref(), languages.iter().map(String::as_str)),
            asks_before_submit: callbacks.on_before_submit.is_some(),
        };
        let mut ignored = Vec::new();
        let translations = translations(own(&options, "translations"), config.locale.tag, |path| {
            ignored.push(fill(
                "{} is ignored: there is no such text, or it is no string of 1 to 1,000 bytes with \
                 the parameters ({}) of the English text.",
                &[path, "{}"],
            ));
        });
        Self { config, callbacks, nonce: text("nonce"), translations, ignored }
    }
}

/// The texts of one locale, in `{<locale in any spelling>: {<id>: <text>}}`.
fn translations(
    given: JsValue,
    locale: &'static str,
    mut ignore: impl FnMut(&str),
) -> Translations<Text> {
    if let Ok(Json::Object(locales)) = from_js(given) {
        for (name, texts) in locales {
            if locale::supported(&name) == Some(locale) {
                return Translations::read(&texts, |id| {
                    ignore(&fill("options.translations.{}.{}", &[&name, id]));
                });
            }
        }
    }
    Translations::default()
}

impl Parameters {
    /// Reads the parameters.
    ///
    /// # Errors
    /// [`ParameterError::TooLarge`].
    pub(crate) fn read(parameters: &JsValue) -> Result<Self, ParameterError> {
        let text = |name| own(parameters, name).as_string();
        let flag = |name| own(parameters, name).as_bool();
        let param = own(parameters, "merchantAppointParam");
        let param = (!param.is_undefined()).then(|| from_js(param)).transpose();
        Ok(Self {
            session_data: text("sessionData").unwrap_or_default(),
            stays_on_page: flag("notRedirectAfterComplete").unwrap_or_default(),
            is_from_click: flag("isFromClick").unwrap_or_default(),
            appearance: Appearance {
                show_loading: flag("showLoading").unwrap_or(true),
                show_submit_button: flag("showSubmitButton").unwrap_or(true),
                theme: text("theme").and_then(|name| Theme::of(&name)),
            },
            is_app_webview: flag("isAppWebview").unwrap_or_default(),
            needs_cvc: flag("needCVV").unwrap_or_default(),
            merchant_appoint_param: param.map_err(|_| ParameterError::TooLarge)?,
        })
    }

    /// Completes the parameters with facts of the browser.
    pub(crate) fn into_request(
        self,
        promise: PromiseId,
        is_inline: bool,
        browser: Browser,
        attempt_seed: String,
    ) -> OpenRequest {
        OpenRequest {
            promise,
            metadata: metadata(&self.session_data),
            session_data: self.session_data,
            stays_on_page: self.stays_on_page,
            is_inline,
            is_from_click: self.is_from_click,
            appearance: self.appearance,
            is_app_webview: self.is_app_webview,
            needs_cvc: self.needs_cvc,
            merchant_appoint_param: self.merchant_appoint_param,
            browser,
            attempt_seed,
        }
    }
}

/// Reads the address of `submit` or of `onBeforeSubmit`; `undefined` is none.
pub(crate) fn billing_address(address: JsValue) -> Option<BillingAddress> {
    from_js(address).ok()
}

/// Reads what `onBeforeSubmit` answered. Nothing means that the merchant has no objection.
///
/// # Errors
/// What reading it threw.
pub(crate) fn before_submit(answer: &JsValue) -> Result<BeforeSubmitAnswer, JsValue> {
    if answer.is_undefined() || answer.is_null() {
        return Ok(BeforeSubmit::Ignore.into());
    }
    // Anything else has no members.
    let member =
        |name| if answer.is_object() { own_member(answer, name) } else { Ok(JsValue::UNDEFINED) };
    Ok(BeforeSubmitAnswer {
        decision: BeforeSubmit::from(describe(&member("result")?).as_str()),
        billing_address: billing_address(member("billingAddress")?),
        process_type: member("processType")?.as_string(),
    })
}

/// Finds the container of `mountComponent`.
///
/// # Errors
/// [`ParameterError::NoContainer`].
pub(crate) fn container(container: &JsValue) -> Result<Element, ParameterError> {
    if let Some(selector) = container.as_string() {
        let document = web_sys::window().and_then(|window| window.document());
        let found = document.and_then(|document| document.query_selector(&selector).ok()?);
        let quoted: String = selector.chars().take(80).collect();
        return found
            .ok_or_else(|| ParameterError::NoContainer { given: fill("\"{}\"", &[&quoted]) });
    }
    // Not `instanceof`: the element may come from another realm. Not its `nodeType` alone: a proxy
    // of an element has one, and cannot take a child.
    let node_type = member(container, "nodeType").unwrap_or_default();
    if node_type.as_f64() == Some(1.0) && contains(container, &JsValue::NULL).is_ok() {
        let container: Element = container.clone().unchecked_into();
        let other = container.owner_document().and_then(|document| document.default_view());
        // Frames in another window's document take messages from that window only.
        return match other {
            Some(other) if web_sys::window().as_ref() != Some(&other) => {
                Err(ParameterError::OtherWindow)
            }
            // The document of a template has no window.
            Some(_) | None => Ok(container),
        };
    }
    Err(ParameterError::NoContainer { given: kind(container) })
}

/// Decodes the fourth part of `sessionData`. `None` when it is there and is not base64 of a JSON
/// object.
fn metadata(session_data: &str) -> Option<Metadata> {
    let Some(encoded) = encoded_metadata(session_data) else {
        return Some(Metadata::default());
    };
    let decoded = web_sys::window()?.atob(encoded).ok()?;
    let json: Json = parse(&decoded).ok()?;
    let Json::Object(_) = json else { return None };
    Some(Metadata { session_config: json.member("paymentSessionConfig").cloned() })
}

#[wasm_bindgen]
extern "C" {
    // Throws for what is not a node, of whichever realm.
    #[wasm_bindgen(catch, js_namespace = ["Node", "prototype", "contains"], js_name = call)]
    fn contains(node: &JsValue, other: &JsValue) -> Result<bool, JsValue>;

    // The `js_sys` binding does not catch, and this throws for a proxy that was revoked.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;
}

/// A member of an object of ours.
fn own(object: &JsValue, name: &str) -> JsValue {
    member(object, name).unwrap_or_default()
}

/// What a value is. A text that may be a secret is not quoted.
fn kind(value: &JsValue) -> String {
    let kind = if value.is_undefined() {
        "undefined"
    } else if value.is_null() {
        "null"
    } else if is_array(value).unwrap_or_default() {
        "an array"
    } else if value.is_string() {
        "a string"
    } else if value.as_f64().is_some() {
        "a number"
    } else if value.as_bool().is_some() {
        "a boolean"
    } else if value.is_function() {
        "a function"
    } else if value.is_object() {
        "an object"
    } else {
        "another value"
    };
    kind.to_owned()
}
