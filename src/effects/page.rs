//! The page as a whole.

use js_sys::{Array, Date};
use kassa_core::call::Browser;
use kassa_core::machine::{Directive, Input};
use kassa_dom::{Listener, listen, member};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Event, PageTransitionEvent, Url, VisibilityState, Window};

use crate::runtime::Inbox;

/// The page's window. The SDK runs in a document; it throws elsewhere.
pub(crate) fn window() -> Window {
    web_sys::window().unwrap_throw()
}

pub(crate) fn document() -> Document {
    window().document().unwrap_throw()
}

#[wasm_bindgen]
extern "C" {
    // The `web_sys` bindings do not catch, and a page may have replaced what they call.
    #[wasm_bindgen(catch, js_namespace = performance, js_name = now)]
    fn performance_now() -> Result<f64, JsValue>;

    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn fill_randomly(bytes: &mut [u8]);
}

/// Milliseconds by a clock that never jumps: the system's clock may be set while a payment runs.
pub(crate) fn monotonic_millis() -> f64 {
    performance_now().ok().filter(|now| now.is_finite()).unwrap_or_else(Date::now)
}

/// Listens to what happens to the page while a component is open. Dropped, it stops.
pub(crate) struct PageListeners {
    _listeners: [Listener; 4],
}

impl PageListeners {
    pub(crate) fn new(inbox: &Inbox) -> Self {
        let (visibility, shown, online) = (inbox.clone(), inbox.clone(), inbox.clone());
        let policy = inbox.clone();
        let listeners = [
            listen(&document(), "visibilitychange", move |_| visibility.input(visibility_now())),
            listen(&window(), "pageshow", move |event| {
                let event: &PageTransitionEvent = event.unchecked_ref();
                shown.input(Input::PageShown { restored: event.persisted() });
            }),
            listen(&window(), "online", move |_| online.input(Input::Online)),
            // Fired at the document of whatever was refused, and not yet when `fetch` has thrown.
            listen(&document(), "securitypolicyviolation", move |event| {
                if let Some(violation) = violation(event) {
                    policy.input(violation);
                }
            }),
        ];
        // The state may have changed while nothing listened.
        inbox.input(visibility_now());
        Self { _listeners: listeners }
    }
}

/// What a policy of the page refused. One that only reports has refused nothing.
fn violation(event: &Event) -> Option<Input> {
    if text(event, "disposition") == "report" {
        return None;
    }
    let directive = Directive::of(&text(event, "effectiveDirective"))?;
    let origin = Url::new(&text(event, "blockedURI")).ok()?.origin();
    Some(Input::PolicyViolated { directive, origin })
}

fn visibility_now() -> Input {
    if document().visibility_state() == VisibilityState::Hidden {
        Input::PageHidden
    } else {
        Input::PageShown { restored: false }
    }
}

/// Sends the page elsewhere; false when the browser refuses.
pub(crate) fn navigate(address: &str) -> bool {
    window().location().assign(address).is_ok()
}

/// Whether the page has the activation of a press of the buyer's; `None` on engines that do not
/// report it.
pub(crate) fn activation() -> Option<bool> {
    property(&property(&window().navigator(), "userActivation"), "isActive").as_bool()
}

/// The browser's languages, the preferred one first.
pub(crate) fn languages() -> Vec<String> {
    let languages = property(&window().navigator(), "languages");
    let mut texts = Vec::new();
    if Array::is_array(&languages) {
        for language in languages.unchecked_into::<Array>() {
            texts.extend(language.as_string());
        }
    }
    texts
}

/// Facts of the browser that payment methods and 3DS ask for.
pub(crate) fn browser() -> Browser {
    let window = window();
    let (navigator, location) = (window.navigator(), window.location());
    let screen = property(&window, "screen");
    Browser {
        user_agent: text(&navigator, "userAgent"),
        language: text(&navigator, "language"),
        touch_points: whole(&navigator, "maxTouchPoints"),
        color_depth: whole(&screen, "colorDepth"),
        screen_width: whole(&screen, "width"),
        screen_height: whole(&screen, "height"),
        #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
        time_zone_offset: Date::new_0().get_timezone_offset() as i32,
        is_isolated: property(&window, "crossOriginIsolated").is_truthy(),
        // Never the query, in which shops keep secrets.
        page: origin() + &text(&location, "pathname"),
    }
}

/// The page's origin. Not that of its address: a frame with `srcdoc` has the origin of its parent.
pub(super) fn origin() -> String {
    text(&window(), "origin")
}

/// Whether the page has an opaque origin, to which no frame can address a message.
pub(crate) fn has_opaque_origin() -> bool {
    origin() == "null"
}

/// A property that an engine may lack.
fn property(object: &JsValue, name: &str) -> JsValue {
    member(object, name).unwrap_or_default()
}

fn text(object: &JsValue, name: &str) -> String {
    property(object, name).as_string().unwrap_or_default()
}

fn whole(object: &JsValue, name: &str) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
    let whole = property(object, name).as_f64().unwrap_or_default() as i32;
    whole
}

/// Random text for attempt ids: 24 hexadecimal digits. Not by `Math.random`, which pages replace: the
/// gateway takes a second attempt with the id of the first one for its repetition.
///
/// # Panics
/// Throws in engines without `crypto`, in which JavaScript does not start the module.
pub(crate) fn attempt_seed() -> String {
    let mut bytes = [0; 12];
    fill_randomly(&mut bytes);
    let mut seed = String::new();
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            seed.extend(char::from_digit(digit.into(), 16));
        }
    }
    seed
}
