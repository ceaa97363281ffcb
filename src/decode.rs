//! What comes from JavaScript. The facade has checked the types of all that the merchant passed;
//! what comes from the network has been checked by nobody and is read member by member.

use js_sys::{JSON, Object, Reflect};
use kassa_core::answer::Json;
use kassa_core::call::{BILLING_ADDRESS, Browser};
use kassa_core::events::Facts;
use kassa_core::locale;
use kassa_core::machine::{Config, Looks, Opening, Ticket};
use kassa_core::platform::Environment;
use kassa_core::session::{Metadata, encoded_metadata};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The constructor's options, checked.
    pub type ConfigObject;

    #[wasm_bindgen(method, getter)]
    fn prod(this: &ConfigObject) -> bool;

    #[wasm_bindgen(method, getter)]
    fn gateway(this: &ConfigObject) -> Option<String>;

    #[wasm_bindgen(method, getter)]
    fn locale(this: &ConfigObject) -> String;

    /// The browser's languages, in order, joined by commas.
    #[wasm_bindgen(method, getter)]
    fn languages(this: &ConfigObject) -> String;

    /// The arguments of `createComponent`, checked.
    pub type OpeningObject;

    #[wasm_bindgen(method, getter)]
    fn session(this: &OpeningObject) -> String;

    #[wasm_bindgen(method, getter)]
    fn stay(this: &OpeningObject) -> bool;

    #[wasm_bindgen(method, getter, js_name = showLoading)]
    fn show_loading(this: &OpeningObject) -> bool;

    #[wasm_bindgen(method, getter, js_name = showSubmitButton)]
    fn show_submit_button(this: &OpeningObject) -> bool;

    #[wasm_bindgen(method, getter)]
    fn theme(this: &OpeningObject) -> String;

    #[wasm_bindgen(method, getter)]
    fn seed(this: &OpeningObject) -> String;
}

pub(crate) fn config(object: &ConfigObject) -> Config {
    let languages = object.languages();
    Config {
        environment: if object.prod() { Environment::Prod } else { Environment::Sandbox },
        gateway: object.gateway(),
        locale: locale::choose(&object.locale(), languages.split(',')),
    }
}

pub(crate) fn opening(ticket: u32, object: &OpeningObject, inline: bool) -> Opening {
    let session = object.session();
    Opening {
        ticket: Ticket(ticket),
        metadata: metadata(&session),
        session,
        stay: object.stay(),
        looks: Looks {
            inline,
            show_loading: object.show_loading(),
            show_submit_button: object.show_submit_button(),
            theme: object.theme(),
        },
        browser: browser().unwrap_or_default(),
        seed: object.seed(),
    }
}

/// Decodes the fourth part with the browser's own tools.
fn metadata(session: &str) -> Metadata {
    let Some(encoded) = encoded_metadata(session) else { return Metadata::Absent };
    let decoded = web_sys::window()
        .and_then(|window| window.atob(encoded).ok())
        .and_then(|text| parse(&text));
    let Some(object) = decoded else { return Metadata::Unreadable };
    let category = object
        .object("paymentSessionConfig")
        .and_then(|config| config.text("paymentMethodCategoryType"));
    if category.as_deref() == Some("CARD") { Metadata::Card } else { Metadata::Other }
}

fn browser() -> Option<Browser> {
    let window = web_sys::window()?;
    let navigator = window.navigator();
    let screen = window.screen().ok()?;
    let location = window.location();
    let mut page = location.origin().ok()?;
    page.push_str(&location.pathname().ok()?);
    let offset = js_sys::Date::new_0().get_timezone_offset();
    #[expect(clippy::cast_possible_truncation, reason = "an offset is less than a day of minutes")]
    Some(Browser {
        user_agent: navigator.user_agent().unwrap_or_default(),
        language: navigator.language().unwrap_or_default(),
        touch_points: navigator.max_touch_points(),
        color_depth: screen.color_depth().unwrap_or_default(),
        screen_width: screen.width().unwrap_or_default(),
        screen_height: screen.height().unwrap_or_default(),
        time_zone_offset: offset as i32,
        page,
    })
}

pub(crate) fn billing_address(value: &JsValue) -> Option<Facts> {
    let object = JsonObject::new(value.clone())?;
    let members = BILLING_ADDRESS.into_iter();
    Some(Facts(members.filter_map(|name| Some((name, object.text(name)?))).collect()))
}

/// A number in decimal digits. Printing a float is costly in here and free in JavaScript.
pub(crate) fn print_number(number: &JsValue) -> String {
    number.unchecked_ref::<Object>().to_string().into()
}

/// Text that should be a JSON object.
pub(crate) fn parse(text: &str) -> Option<JsonObject> {
    JsonObject::new(JSON::parse(text).ok()?)
}

/// An object whose members may be anything.
pub(crate) struct JsonObject(JsValue);

impl JsonObject {
    pub(crate) fn new(value: JsValue) -> Option<Self> {
        (value.is_object() && !js_sys::Array::is_array(&value)).then_some(Self(value))
    }

    fn member(&self, name: &str) -> Option<JsValue> {
        // Own members only: `{}` has no `constructor` as far as a gateway's answer goes.
        let object: &Object = self.0.unchecked_ref();
        let name = JsValue::from_str(name);
        #[expect(deprecated, reason = "Object.hasOwn is younger than browsers that we serve")]
        let has = object.has_own_property(&name);
        if !has {
            return None;
        }
        Reflect::get(&self.0, &name).ok()
    }
}

impl Json for JsonObject {
    fn text(&self, name: &str) -> Option<String> {
        let value = self.member(name)?;
        if let Some(text) = value.as_string() {
            return Some(text);
        }
        value.as_f64().map(|_| print_number(&value))
    }

    fn flag(&self, name: &str) -> Option<bool> {
        self.member(name)?.as_bool()
    }

    fn object(&self, name: &str) -> Option<Self> {
        Self::new(self.member(name)?)
    }

    fn objects(&self, name: &str) -> Vec<Self> {
        let Some(value) = self.member(name) else { return Vec::new() };
        if !js_sys::Array::is_array(&value) {
            return Vec::new();
        }
        value.unchecked_into::<js_sys::Array>().iter().filter_map(Self::new).collect()
    }
}
