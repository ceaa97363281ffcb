//! The page as a whole.

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::{Array, Date, Math};
use kassa_core::call::Browser;
use kassa_core::machine::Input;
use kassa_core::text_tools::fill;
use kassa_dom::{element, listen};
use wasm_bindgen::{JsCast, UnwrapThrowExt};
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
    let navigator = window().navigator();
    let languages: Array = navigator.languages();
    let languages: Vec<String> = languages.iter().filter_map(|it| it.as_string()).collect();
    if languages.is_empty() { navigator.language().into_iter().collect() } else { languages }
}

/// Facts of the browser that payment methods and 3DS ask for.
pub(crate) fn browser() -> Browser {
    let window = window();
    let navigator = window.navigator();
    let location = window.location();
    let screen = window.screen().ok();
    let whole = |read: fn(&web_sys::Screen) -> Result<i32, wasm_bindgen::JsValue>| {
        screen.as_ref().and_then(|screen| read(screen).ok()).unwrap_or_default()
    };
    Browser {
        user_agent: navigator.user_agent().unwrap_or_default(),
        language: navigator.language().unwrap_or_default(),
        touch_points: navigator.max_touch_points(),
        color_depth: whole(web_sys::Screen::color_depth),
        screen_width: whole(web_sys::Screen::width),
        screen_height: whole(web_sys::Screen::height),
        #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
        time_zone_offset: Date::new_0().get_timezone_offset() as i32,
        // Never the query, in which shops keep secrets.
        page: location.origin().unwrap_or_default() + &location.pathname().unwrap_or_default(),
    }
}

/// Random text for attempt ids, 24 hexadecimal digits.
pub(crate) fn attempt_seed() -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut random = [0_u8; 12];
    let crypto = window().crypto();
    let filled = crypto.and_then(|crypto| crypto.get_random_values_with_u8_array(&mut random));
    if filled.is_err() {
        for byte in &mut random {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
            let value = (Math::random() * 256.0) as u8;
            *byte = value;
        }
    }
    let digit = |value: u8| char::from(DIGITS.get(usize::from(value)).copied().unwrap_or(b'0'));
    random.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
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
