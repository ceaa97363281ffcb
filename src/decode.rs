//! What comes from JavaScript. The facade has checked the types of all that the merchant passed;
//! what comes from the network or from a frame has been checked by nobody and is read member by
//! member.

use std::rc::Rc;

use js_sys::{Array, Object};
use kassa_core::answer::{Body, Json, Reply};
use kassa_core::call::{BILLING_ADDRESS, Browser, Terms};
use kassa_core::events::Facts;
use kassa_core::frame::FromFrame;
use kassa_core::locale;
use kassa_core::machine::{Config, Looks, Opening, Ticket};
use kassa_core::platform::Environment;
use kassa_core::session::{Metadata, encoded_metadata};
use kassa_core::small::digits;
use wasm_bindgen::prelude::*;

use crate::hooks::Hooks;

/// The constructor's options: `prod`, `gateway`, `locale`, `guarded`, and the browser's `languages` in
/// order, joined by commas.
pub(crate) fn config(options: JsValue) -> Config {
    let options = JsonObject(options);
    Config {
        environment: if options.is("prod") { Environment::Prod } else { Environment::Sandbox },
        gateway: options.text("gateway"),
        locale: locale::choose(&options.or_empty("locale"), &options.or_empty("languages")),
        guarded: options.is("guarded"),
    }
}

/// The arguments of `createComponent`, and the browser's own facts.
pub(crate) fn opening(hooks: &Hooks, ticket: u32, arguments: JsValue, inline: bool) -> Opening {
    let arguments = JsonObject(arguments);
    let session = arguments.or_empty("session");
    let (metadata, session_config) = metadata(hooks, &session);
    Opening {
        ticket: Ticket(ticket),
        metadata,
        session,
        stay: arguments.is("stay"),
        looks: Looks {
            inline,
            show_loading: arguments.is("showLoading"),
            show_submit_button: arguments.is("showSubmitButton"),
            theme: arguments.or_empty("theme"),
        },
        in_app: arguments.is("inApp"),
        needs_code: arguments.is("needsCode"),
        terms: Rc::new(Terms {
            session_config,
            appointed: arguments.or_empty("appointed"),
            expected: if metadata == Metadata::Card { "CARD" } else { "" },
        }),
        browser: Rc::new(browser(&arguments)),
        seed: arguments.or_empty("seed"),
    }
}

/// Has the fourth part decoded by the browser's own tools. Beside what it is, what it says of the
/// session's configuration, as JSON.
fn metadata(hooks: &Hooks, session: &str) -> (Metadata, String) {
    let nothing = String::new();
    let Some(encoded) = encoded_metadata(session) else { return (Metadata::Absent, nothing) };
    let Some(object) = JsonObject::new(hooks.decoded(encoded)) else {
        return (Metadata::Unreadable, nothing);
    };
    let Some(config) = object.object("paymentSessionConfig") else {
        return (Metadata::Other, nothing);
    };
    let is_card = config.text("paymentMethodCategoryType").as_deref() == Some("CARD");
    (if is_card { Metadata::Card } else { Metadata::Other }, stringify(&config.0))
}

fn browser(facts: &JsonObject) -> Browser {
    Browser {
        user_agent: facts.or_empty("userAgent"),
        language: facts.or_empty("language"),
        touch_points: facts.whole("maxTouchPoints"),
        color_depth: facts.whole("colorDepth"),
        screen_width: facts.whole("width"),
        screen_height: facts.whole("height"),
        time_zone_offset: facts.whole("timeZoneOffset"),
        page: facts.or_empty("page"),
    }
}

/// The argument of `submit`.
pub(crate) fn billing_address(address: JsValue) -> Facts {
    JsonObject::new(address).map(|it| Facts::read(&it, &BILLING_ADDRESS)).unwrap_or_default()
}

/// What came back from a call; nothing when it broke.
pub(crate) fn reply(reply: JsValue) -> Option<Reply> {
    let reply = JsonObject::new(reply)?;
    Some(Reply {
        http: u16::try_from(reply.whole("http")).unwrap_or_default(),
        result_status: reply.text("resultStatus"),
        trace: reply.text("trace"),
        body: reply.object("body").map(|body| Rc::new(Body::read(&body))),
    })
}

/// What the card frame said, if it is one of its words.
pub(crate) fn packet(packet: JsValue) -> Option<FromFrame> {
    let packet = JsonObject::new(packet)?;
    FromFrame::unpack(|name| packet.text(name))
}

#[wasm_bindgen]
extern "C" {
    // `Object.hasOwn` is younger than browsers that we serve, and the object's own method may be
    // anything in an object from elsewhere.
    #[wasm_bindgen(js_namespace = ["Object", "prototype", "hasOwnProperty"], js_name = call)]
    fn has_own(object: &JsValue, name: &str) -> bool;

    // Nothing that we read has getters, so this cannot throw.
    #[wasm_bindgen(js_namespace = Reflect, js_name = get)]
    fn own(object: &JsValue, name: &str) -> JsValue;

    // Of what was parsed from JSON before.
    #[wasm_bindgen(js_namespace = JSON)]
    fn stringify(value: &JsValue) -> String;
}

/// An object whose members may be anything.
struct JsonObject(JsValue);

impl JsonObject {
    fn new(value: JsValue) -> Option<Self> {
        (value.is_object() && !Array::is_array(&value)).then_some(Self(value))
    }

    fn member(&self, name: &str) -> Option<JsValue> {
        // Own members only: `{}` has no `constructor` as far as a gateway's answer goes.
        has_own(&self.0, name).then(|| own(&self.0, name))
    }

    fn is(&self, name: &str) -> bool {
        self.flag(name).unwrap_or_default()
    }

    fn or_empty(&self, name: &str) -> String {
        self.text(name).unwrap_or_default()
    }

    fn whole(&self, name: &str) -> i32 {
        let number = self.member(name).and_then(|value| value.as_f64()).unwrap_or_default();
        #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
        let whole = number as i32;
        whole
    }
}

impl Json for JsonObject {
    fn text(&self, name: &str) -> Option<String> {
        let value = self.member(name)?;
        if let Some(text) = value.as_string() {
            return Some(text);
        }
        // Printing a float is costly in here and free in JavaScript.
        value.as_f64().map(|_| value.unchecked_ref::<Object>().to_string().into())
    }

    fn flag(&self, name: &str) -> Option<bool> {
        self.member(name)?.as_bool()
    }

    fn object(&self, name: &str) -> Option<Self> {
        Self::new(self.member(name)?)
    }

    fn first(&self, name: &str) -> Option<Self> {
        let items = Self(self.member(name).filter(Array::is_array)?);
        // An array's items are its own members too, so that nothing else is needed to read them.
        let indices = (0..).map(digits).take_while(|index| has_own(&items.0, index));
        indices.filter_map(|index| items.object(&index)).next()
    }

    fn list(&self, name: &str) -> Option<String> {
        let items = self.member(name).filter(Array::is_array)?;
        has_own(&items, "0").then(|| stringify(&items))
    }
}
