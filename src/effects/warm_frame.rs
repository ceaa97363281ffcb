//! The hidden frame of `preload`, in which the browser fetches the files of the card form.

use std::cell::RefCell;

use gloo::timers::callback::Timeout;
use kassa_core::text_tools::fill;
use kassa_dom::{Listener, element, listen};
use web_sys::HtmlElement;

use super::page::document;

/// How long the frame may take to load, in milliseconds.
const WARMING: u32 = 10_000;
/// How long the frame stays after it has loaded, in milliseconds: its page fetches files.
const WARM: u32 = 2_000;

thread_local! {
    // No component owns the frame, because `preload` is called before there is one.
    static WARM_FRAME: RefCell<Option<WarmFrame>> = const { RefCell::new(None) };
}

/// The frame and the connection's link, until their time is over. Dropped, they leave the page.
struct WarmFrame {
    frame: HtmlElement,
    link: HtmlElement,
    _loaded: Listener,
    removal: Timeout,
}

impl Drop for WarmFrame {
    fn drop(&mut self) {
        self.frame.remove();
        self.link.remove();
    }
}

/// Opens a connection to the gateway, and has the browser fetch the card form's files in a hidden
/// frame. Before the page has a body, only the connection is opened.
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
    let loaded = listen(&frame, "load", |_| {
        WARM_FRAME.with_borrow_mut(|warm| {
            if let Some(warm) = warm {
                warm.removal = remove_after(WARM);
            }
        });
    });
    let _ = body.append_child(&frame);
    // Also when the frame never loads.
    let warm = WarmFrame { frame, link, _loaded: loaded, removal: remove_after(WARMING) };
    WARM_FRAME.replace(Some(warm));
}

fn remove_after(millis: u32) -> Timeout {
    Timeout::new(millis, || drop(WARM_FRAME.take()))
}
