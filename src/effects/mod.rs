//! What the runtime does outside of the component: calls, timers, the page, frames.

mod card_frame;
mod http;
mod page;
mod texts;
mod three_ds_frame;
mod timers;
mod warm_frame;

pub(crate) use card_frame::CardFrame;
pub(crate) use http::{Http, RawReply};
pub(crate) use page::{
    PageListeners, activation, attempt_seed, browser, document, has_opaque_origin, languages,
    monotonic_millis, navigate,
};
pub(crate) use texts::{Sources, load_texts};
pub(crate) use three_ds_frame::ThreeDsFrame;
pub(crate) use timers::Timers;
pub(crate) use warm_frame::warm_frame;

use js_sys::encode_uri_component;
use kassa_core::platform::Target;
use kassa_core::text_tools::fill;
use kassa_dom::from_js;
use kassa_protocol::Json;
use kassa_protocol::frame::tag;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlIFrameElement, MessageEvent, Url, Window};

/// The address of a frame: its fragment names the origin that the frame may post messages to.
pub(crate) fn frame_address(target: &Target) -> String {
    let origin = encode_uri_component(&page::origin());
    fill("{}#{}", &[target.as_str(), &String::from(origin)])
}

/// The origin of an address.
fn origin_of(target: &Target) -> String {
    Url::new(target.as_str()).map(|url| url.origin()).unwrap_or_default()
}

/// The frame's window, if the event is a message with this tag from that window and that origin.
fn sender_of(
    event: &Event,
    frame: &HtmlIFrameElement,
    origin: &str,
    expected: &str,
) -> Option<Window> {
    let event: &MessageEvent = event.unchecked_ref();
    let window = frame.content_window()?;
    let source = event.source().map(JsValue::from)?;
    let is_expected = source == JsValue::from(window.clone())
        && event.origin() == origin
        && from_js::<Json>(event.data()).is_ok_and(|message| tag(&message) == Some(expected));
    is_expected.then_some(window)
}
