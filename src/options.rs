//! The constructor's options and the component's parameters: JavaScript objects to typed values.
//!
//! A merchant's object may have getters that throw, may be a proxy, and may come from another
//! realm. Each member is read once, own members only. An error names the member, what was given and
//! what is accepted.

use std::cell::Cell;

use js_sys::{Function, Reflect};
use kassa_core::call::Browser;
use kassa_core::locale;
use kassa_core::machine::{Appearance, Config, OpenRequest, PromiseId};
use kassa_core::platform::{Environment, Theme};
use kassa_core::session::{Metadata, encoded_metadata};
use kassa_core::text_tools::fill;
use kassa_dom::JsonValue;
use kassa_protocol::PassThrough;
use kassa_protocol::client::BillingAddress;
use kassa_protocol::json::{FromJson, FromMember, Json};
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
    merchant_appoint_param: Option<PassThrough>,
    /// Members that were given and have no effect.
    pub(crate) ignored: Vec<&'static str>,
}

/// What is wrong with a parameter.
#[derive(Debug)]
pub(crate) enum ParameterError {
    /// No element, and no selector of one.
    NoContainer { given: String },
    /// A member of another type than accepted.
    WrongType { path: String, accepted: &'static str, given: String },
    /// Nested too deeply to be passed on.
    TooDeep { path: String },
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
            Self::WrongType { path, accepted, given } => {
                fill("{} must be {}, but {} was given.", &[path, accepted, given])
            }
            Self::TooDeep { path } => fill("{} is nested more than 16 levels deep.", &[path]),
            Self::Unreadable { path, thrown } => fill("{} could not be read: {}", &[path, thrown]),
        }
    }
}

impl Options {
    /// Reads the options, which JavaScript has copied and checked.
    pub(crate) fn read(options: JsValue) -> Self {
        let options = Members { path: "options", object: options };
        let text = |name| options.member(name).ok().flatten().and_then(|it| it.as_string());
        let function = |name| -> Option<Function> {
            options.member(name).ok().flatten().and_then(|it| it.dyn_into().ok())
        };
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
    /// [`ParameterError`] names the member.
    pub(crate) fn read(parameters: JsValue) -> Result<Self, ParameterError> {
        let parameters = Members::new("params", parameters)?;
        let session = match parameters.text("sessionData")? {
            None => parameters.text("paymentSessionData")?,
            given => given,
        };
        let Some(session_data) = session else {
            return Err(wrong_type("params.sessionData", "a string", &JsValue::UNDEFINED));
        };
        let mut ignored = Vec::new();
        let appearance = match parameters.object("appearance", "params.appearance")? {
            None => Appearance { show_loading: true, show_submit_button: true, theme: None },
            Some(appearance) => {
                // A member without effect is not refused for its type.
                if appearance.member("variables")?.is_some() {
                    ignored.push("params.appearance.variables");
                }
                if appearance.member("layout")?.is_some() {
                    ignored.push("params.appearance.layout");
                }
                Appearance {
                    show_loading: appearance.flag("showLoading")?.unwrap_or(true),
                    show_submit_button: appearance.flag("showSubmitButton")?.unwrap_or(true),
                    theme: appearance.theme()?,
                }
            }
        };
        let path = "params.merchantAppointParam";
        let mut needs_cvc = false;
        let mut merchant_appoint_param = None;
        if let Some(param) = parameters.object("merchantAppointParam", path)? {
            let copy = param.as_json()?;
            let card_path = "params.merchantAppointParam.storedCard";
            if let Some(card) = copy.object("storedCard", card_path)? {
                needs_cvc = card.flag("needCVV")?.unwrap_or_default();
            }
            let param = PassThrough::from_json(&JsonValue::from(copy.object));
            let too_deep = || ParameterError::TooDeep { path: path.to_owned() };
            merchant_appoint_param = Some(param.ok_or_else(too_deep)?);
        }
        Ok(Self {
            session_data,
            stays_on_page: parameters.flag("notRedirectAfterComplete")?.unwrap_or_default(),
            appearance,
            is_app_webview: parameters.flag("isAppWebview")?.unwrap_or_default(),
            needs_cvc,
            merchant_appoint_param,
            ignored,
        })
    }

    /// Completes the parameters with facts of the browser.
    pub(crate) fn into_request(
        self,
        promise: PromiseId,
        browser: Browser,
        attempt_seed: String,
    ) -> OpenRequest {
        OpenRequest {
            promise,
            metadata: metadata(&self.session_data),
            session_data: self.session_data,
            stays_on_page: self.stays_on_page,
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
/// [`ParameterError`] names the member.
pub(crate) fn billing_address(data: &JsValue) -> Result<Option<BillingAddress>, ParameterError> {
    if data.is_undefined() || data.is_null() {
        return Ok(None);
    }
    let data = Members::new("data", data.clone())?;
    let Some(address) = data.object("billingAddress", "data.billingAddress")? else {
        return Ok(None);
    };
    Ok(Some(BillingAddress {
        region: address.scalar("region")?,
        state: address.scalar("state")?,
        city: address.scalar("city")?,
        address1: address.scalar("address1")?,
        address2: address.scalar("address2")?,
        zip_code: address.scalar("zipCode")?,
    }))
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
    let node_type = Reflect::get(container, &"nodeType".into()).unwrap_or_default();
    if node_type.as_f64() == Some(1.0) && contains(container, &JsValue::NULL).is_ok() {
        return Ok(container.clone().unchecked_into());
    }
    Err(ParameterError::NoContainer { given: kind(container) })
}

/// Decodes the fourth part of `sessionData`. `None` when it is there and is not base64 of a JSON
/// object.
fn metadata(session_data: &str) -> Option<Metadata> {
    let Some(encoded) = encoded_metadata(session_data) else {
        return Some(Metadata::default());
    };
    let window = web_sys::window()?;
    let json = JsonValue::parse(&window.atob(encoded).ok()?)?;
    json.is_object().then(|| Metadata {
        session_config: Option::<PassThrough>::from_member(&json, "paymentSessionConfig"),
    })
}

#[wasm_bindgen]
extern "C" {
    // Throws for what is not a node, of whichever realm.
    #[wasm_bindgen(catch, js_namespace = ["Node", "prototype", "contains"], js_name = call)]
    fn contains(node: &JsValue, other: &JsValue) -> Result<bool, JsValue>;

    // The `js_sys` binding does not catch, and this throws for a proxy that was revoked.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;

    // Runs getters and `toJSON`, and throws for what contains itself.
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = stringify)]
    fn stringify(value: &JsValue) -> Result<Option<String>, JsValue>;
}

/// An object of the merchant's.
struct Members<'a> {
    /// How a message names the object.
    path: &'a str,
    object: JsValue,
}

impl<'a> Members<'a> {
    fn new(path: &'a str, object: JsValue) -> Result<Self, ParameterError> {
        if !object.is_object() || is_array(&object).unwrap_or_default() {
            return Err(wrong_type(path, "an object", &object));
        }
        Ok(Self { path, object })
    }

    /// A member; `None` where it is absent or undefined.
    fn member(&self, name: &str) -> Result<Option<JsValue>, ParameterError> {
        match own_member(&self.object, name) {
            Ok(value) => Ok((!value.is_undefined()).then_some(value)),
            Err(thrown) => {
                let path = self.path_of(name);
                Err(ParameterError::Unreadable { path, thrown: describe(&thrown) })
            }
        }
    }

    fn text(&self, name: &str) -> Result<Option<String>, ParameterError> {
        self.read(name, "a string", JsValue::as_string)
    }

    /// A text, or a number as text.
    fn scalar(&self, name: &str) -> Result<Option<String>, ParameterError> {
        Ok(self.member(name)?.and_then(|value| JsonValue::from(value).as_text()))
    }

    fn flag(&self, name: &str) -> Result<Option<bool>, ParameterError> {
        self.read(name, "a boolean", JsValue::as_bool)
    }

    fn theme(&self) -> Result<Option<Theme>, ParameterError> {
        self.read("theme", "\"default\" or \"night\"", |value| match value.as_string()?.as_str() {
            "default" => Some(Theme::Default),
            "night" => Some(Theme::Night),
            _ => None,
        })
    }

    fn object<'b>(&self, name: &str, path: &'b str) -> Result<Option<Members<'b>>, ParameterError> {
        self.member(name)?.map(|object| Members::new(path, object)).transpose()
    }

    /// A copy without getters, as the gateway will get it.
    fn as_json(&self) -> Result<Self, ParameterError> {
        let copy =
            stringify(&self.object).and_then(|text| js_sys::JSON::parse(&text.unwrap_or_default()));
        let unreadable = |thrown| ParameterError::Unreadable {
            path: self.path.to_owned(),
            thrown: describe(&thrown),
        };
        Self::new(self.path, copy.map_err(unreadable)?)
    }

    fn read<T>(
        &self,
        name: &str,
        accepted: &'static str,
        read: impl FnOnce(&JsValue) -> Option<T>,
    ) -> Result<Option<T>, ParameterError> {
        let Some(value) = self.member(name)? else { return Ok(None) };
        match read(&value) {
            Some(read) => Ok(Some(read)),
            None => Err(wrong_type(&self.path_of(name), accepted, &value)),
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
