//! The constructor's options and the component's parameters: JavaScript objects to typed values.
//!
//! A merchant's object may have getters that throw, may be a proxy, and may come from another
//! realm. Each member is read once, own members only. An error names the member, what was given and
//! what is accepted.

use std::cell::{Cell, RefCell};

use js_sys::Function;
use kassa_core::call::Browser;
use kassa_core::locale;
use kassa_core::machine::{Appearance, Config, OpenRequest, PromiseId};
use kassa_core::platform::Environment;
use kassa_core::session::{Metadata, encoded_metadata};
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
}

/// The parameters of `createComponent` and `mountComponent`.
#[derive(Debug)]
pub(crate) struct Parameters {
    session_data: String,
    stays_on_page: bool,
    appearance: Appearance,
    is_app_webview: bool,
    needs_cvc: bool,
    merchant_appoint_param: Option<Json>,
    /// Members that were given and have no effect.
    pub(crate) ignored: Vec<&'static str>,
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
    /// A member of another type than accepted.
    WrongType { path: String, accepted: &'static str, given: String },
    /// Nested too deeply, or too large, to be passed on.
    TooLarge { path: String },
    /// Reading the member threw.
    Unreadable { path: String, thrown: String },
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
            Self::WrongType { path, accepted, given } => {
                fill("{} must be {}, but {} was given.", &[path, accepted, given])
            }
            Self::TooLarge { path } => fill(
                "{} is nested more than 16 levels deep, or has more than 20,000 values.",
                &[path],
            ),
            Self::Unreadable { path, thrown } => fill("{} could not be read: {}", &[path, thrown]),
        }
    }
}

impl Options {
    /// Reads the options, which JavaScript has copied and checked.
    pub(crate) fn read(options: JsValue) -> Self {
        let reader = Reader::default();
        let options = reader.members("options", options);
        let text = |name| options.text(name);
        let function = |name| -> Option<Function> { options.member(name).dyn_into().ok() };
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
        Self { config, callbacks, nonce: text("nonce") }
    }
}

impl Parameters {
    /// Reads the parameters.
    ///
    /// # Errors
    /// The first [`ParameterError`].
    pub(crate) fn read(parameters: JsValue) -> Result<Self, ParameterError> {
        let reader = Reader::default();
        let params = reader.members("params", parameters);
        let session_data = params.text("sessionData").or_else(|| params.text("paymentSessionData"));
        if session_data.is_none() {
            reader.fail(wrong_type("params.sessionData", "a string", &JsValue::UNDEFINED));
        }
        let appearance = params.object("appearance", "params.appearance");
        let mut ignored = Vec::new();
        for (name, path) in
            [("variables", "params.appearance.variables"), ("layout", "params.appearance.layout")]
        {
            // A member without effect is not refused for its type.
            if !appearance.member(name).is_undefined() {
                ignored.push(path);
            }
        }
        let param = params.object("merchantAppointParam", "params.merchantAppointParam");
        let card = param.object("storedCard", "params.merchantAppointParam.storedCard");
        let read = Self {
            session_data: session_data.unwrap_or_default(),
            stays_on_page: params.flag("notRedirectAfterComplete").unwrap_or_default(),
            appearance: Appearance {
                show_loading: appearance.flag("showLoading").unwrap_or(true),
                show_submit_button: appearance.flag("showSubmitButton").unwrap_or(true),
                theme: appearance.theme(),
            },
            is_app_webview: params.flag("isAppWebview").unwrap_or_default(),
            needs_cvc: card.flag("needCVV").unwrap_or_default(),
            merchant_appoint_param: param.for_gateway(),
            ignored,
        };
        reader.finish(read)
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
            appearance: self.appearance,
            is_app_webview: self.is_app_webview,
            needs_cvc: self.needs_cvc,
            merchant_appoint_param: self.merchant_appoint_param,
            browser,
            attempt_seed,
        }
    }
}

/// Reads the argument of `submit`.
///
/// # Errors
/// The first [`ParameterError`].
pub(crate) fn billing_address(data: JsValue) -> Result<Option<BillingAddress>, ParameterError> {
    if data.is_undefined() || data.is_null() {
        return Ok(None);
    }
    let reader = Reader::default();
    let address = reader.members("data", data).object("billingAddress", "data.billingAddress");
    let read = BillingAddress {
        region: address.scalar("region"),
        state: address.scalar("state"),
        city: address.scalar("city"),
        address1: address.scalar("address1"),
        address2: address.scalar("address2"),
        zip_code: address.scalar("zipCode"),
    };
    let is_present = address.is_present();
    reader.finish(is_present.then_some(read))
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

/// Reads objects of the merchant's. The first error counts; what is read after it is not used.
#[derive(Default)]
struct Reader {
    error: RefCell<Option<ParameterError>>,
}

impl Reader {
    fn members<'a>(&'a self, path: &'a str, object: JsValue) -> Members<'a> {
        if !object.is_object() || is_array(&object).unwrap_or_default() {
            self.fail(wrong_type(path, "an object", &object));
        }
        Members { reader: self, path, object }
    }

    fn fail(&self, error: ParameterError) {
        self.error.borrow_mut().get_or_insert(error);
    }

    fn finish<T>(self, read: T) -> Result<T, ParameterError> {
        match self.error.into_inner() {
            Some(error) => Err(error),
            None => Ok(read),
        }
    }
}

/// An object of the merchant's, or `undefined`, which has no members.
struct Members<'a> {
    reader: &'a Reader,
    /// How a message names the object.
    path: &'a str,
    object: JsValue,
}

impl<'a> Members<'a> {
    fn is_present(&self) -> bool {
        !self.object.is_undefined()
    }

    /// A member; `undefined` where it is absent.
    fn member(&self, name: &str) -> JsValue {
        if !self.is_present() {
            return JsValue::UNDEFINED;
        }
        own_member(&self.object, name).unwrap_or_else(|thrown| {
            let path = self.path_of(name);
            self.reader.fail(ParameterError::Unreadable { path, thrown: describe(&thrown) });
            JsValue::UNDEFINED
        })
    }

    fn text(&self, name: &str) -> Option<String> {
        let value = self.member(name);
        let text = value.as_string();
        self.expect(name, "a string", &value, text.is_some());
        text
    }

    /// A text, or a number as text; other values are left out.
    fn scalar(&self, name: &str) -> Option<String> {
        let value = self.member(name);
        // An object may have getters that throw, which `from_js` does not expect.
        let is_scalar = value.is_string() || value.as_f64().is_some();
        if is_scalar { from_js(value).ok() } else { None }
    }

    fn flag(&self, name: &str) -> Option<bool> {
        let value = self.member(name);
        let flag = value.as_bool();
        self.expect(name, "a boolean", &value, flag.is_some());
        flag
    }

    fn theme(&self) -> Option<Theme> {
        let value = self.member("theme");
        let theme = value.as_string().and_then(|name| Theme::of(&name));
        self.expect("theme", "\"default\" or \"night\"", &value, theme.is_some());
        theme
    }

    /// An object inside of this one.
    fn object(&self, name: &str, path: &'a str) -> Self {
        let object = self.member(name);
        if object.is_undefined() {
            return Members { reader: self.reader, path, object };
        }
        self.reader.members(path, object)
    }

    /// The object for the gateway. JavaScript has copied it, so that nothing in it has a getter.
    fn for_gateway(self) -> Option<Json> {
        if !self.is_present() {
            return None;
        }
        let json = from_js(self.object);
        if json.is_err() {
            self.reader.fail(ParameterError::TooLarge { path: self.path.to_owned() });
        }
        json.ok()
    }

    /// Refuses a value that is there and was not read.
    fn expect(&self, name: &str, accepted: &'static str, value: &JsValue, was_read: bool) {
        if !was_read && !value.is_undefined() {
            self.reader.fail(wrong_type(&self.path_of(name), accepted, value));
        }
    }

    fn path_of(&self, name: &str) -> String {
        fill("{}.{}", &[self.path, name])
    }
}

fn wrong_type(path: &str, accepted: &'static str, given: &JsValue) -> ParameterError {
    ParameterError::WrongType { path: path.to_owned(), accepted, given: kind(given) }
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
