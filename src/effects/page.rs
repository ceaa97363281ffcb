//! The page as a whole.

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::{Array, Date, Math, Number, Reflect};
use kassa_core::call::Browser;
use kassa_core::machine::Input;
use kassa_core::text_tools::fill;
use kassa_dom::{element, listen};
use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt};
use web_sys::{Document, PageTransitionEvent, VisibilityState, Window};

use crate::runtime::Inbox;

/// How long the warming frame may take to load, in milliseconds.
const WARMING: u32 = 10_000;
/// How long the warming frame stays after it has loaded, in milliseconds: its page fetches files.
const WARM: u32 = 2_000;

/// The page's window. The SDK runs in a document; it throws elsewhere.
pub(crate) fn window() -> Window {
    web_sys::window().unwrap_throw()
}

pub(crate) fn document() -> Document {
    window().document().unwrap_throw()
}

/// Milliseconds by a clock that never jumps: the system's clock may be set while a payment runs.
pub(crate) fn monotonic_millis() -> f64 {
    window().performance().map_or_else(Date::now, |performance| performance.now())
}

/// Listens to what happens to the page while a component is open. Dropped, it stops.
pub(crate) struct PageListeners {
    _listeners: [EventListener; 3],
}

impl PageListeners {
    pub(crate) fn new(inbox: &Inbox) -> Self {
        let (visibility, shown, online) = (inbox.clone(), inbox.clone(), inbox.clone());
        let listeners = [
            listen(&document(), "visibilitychange", move |_| {
                let is_hidden = document().visibility_state() == VisibilityState::Hidden;
                visibility.input(if is_hidden {
                    Input::PageHidden
                } else {
                    Input::PageShown { restored: false }
                });
            }),
            listen(&window(), "pageshow", move |event| {
                let event: &PageTransitionEvent = event.unchecked_ref();
                shown.input(Input::PageShown { restored: event.persisted() });
            }),
            listen(&window(), "online", move |_| online.input(Input::Online)),
        ];
        Self { _listeners: listeners }
    }
}

/// Sends the page elsewhere; false when the browser refuses.
pub(crate) fn navigate(address: &str) -> bool {
    window().location().assign(address).is_ok()
}

/// The browser's languages, the preferred one first.
pub(crate) fn languages() -> Vec<String> {
    let languages: Array = window().navigator().languages();
    let mut texts = Vec::new();
    for language in languages {
        texts.extend(language.as_string());
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
        // Never the query, in which shops keep secrets.
        page: text(&location, "origin") + &text(&location, "pathname"),
    }
}

/// The page's origin.
pub(super) fn origin() -> String {
    text(&window().location(), "origin")
}

/// A property that an engine may lack.
fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

fn text(object: &JsValue, name: &str) -> String {
    property(object, name).as_string().unwrap_or_default()
}

fn whole(object: &JsValue, name: &str) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
    let whole = property(object, name).as_f64().unwrap_or_default() as i32;
    whole
}

/// Random text for attempt ids, some 20 characters. They are told apart by it; they are no secret.
pub(crate) fn attempt_seed() -> String {
    let random = || {
        let text = Number::from(Math::random()).to_string_with_radix(36).map(String::from);
        // Without `0.` at the beginning.
        text.ok().and_then(|text| text.get(2..).map(str::to_owned)).unwrap_or_default()
    };
    random() + &random()
}

/// Opens a connection to the gateway, and has the browser fetch the card form's files in a hidden
/// frame.
pub(crate) fn warm_frame(gateway: &str) {
    let document = document();
    let link = element(
        &document,
        "link",
        &[("rel", "preconnect"), ("href", gateway), ("crossorigin", "anonymous")],
    );
    if let Some(head) = document.head() {
        let _ = head.append_child(&link);
    }
    let Some(body) = document.body() else { return };
    let frame = element(
        &document,
        "iframe",
        &[
            ("hidden", ""),
            ("aria-hidden", "true"),
            ("referrerpolicy", "origin"),
            // Scripts, although the page has none: Firefox does not preload one where it may not
            // run.
            ("sandbox", "allow-scripts allow-same-origin"),
            ("src", &fill("{}/frame/warm", &[gateway])),
        ],
    );
    let loaded = frame.clone();
    // Nothing of the page waits for the frame, so it is removed even if it never loads.
    listen(&frame, "load", move |_| {
        let loaded = loaded.clone();
        Timeout::new(WARM, move || loaded.remove()).forget();
    })
    .forget();
    let late = frame.clone();
    Timeout::new(WARMING, move || late.remove()).forget();
    let _ = body.append_child(&frame);
}
