//! Copying to the clipboard.

use js_sys::Promise;
use kassa_dom::{append, element};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlDocument, HtmlElement, HtmlTextAreaElement};

#[wasm_bindgen]
extern "C" {
    // Not web-sys: pages without HTTPS and old engines have no clipboard, which must be an error
    // here instead of an exception.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    fn write_text(text: &str) -> Result<JsValue, JsValue>;
}

/// Copies a text. `done` receives whether it is on the clipboard then.
///
/// Where the browser has no clipboard or does not allow its use, a text field is copied instead,
/// for which it stands in `place` for a moment and has the focus. Everything that can happen within
/// the call does: browsers allow copying in the handler of a click.
pub(super) fn copy(text: &str, place: &HtmlElement, done: impl FnOnce(bool) + 'static) {
    let Ok(written) = write_text(text) else { return done(copy_selection(text, place)) };
    // Some replacements of the clipboard return no promise.
    let written = JsFuture::from(Promise::resolve(&written));
    let (text, place) = (String::from(text), place.clone());
    spawn_local(async move {
        let is_written = written.await.is_ok();
        done(is_written || copy_selection(&text, &place));
    });
}

fn copy_selection(text: &str, place: &HtmlElement) -> bool {
    // In a place that has been removed, the page's own selection would be copied.
    let Some(document) = place.owner_document().filter(|_| place.is_connected()) else {
        return false;
    };
    let attributes =
        [("class", "copied"), ("readonly", ""), ("aria-hidden", "true"), ("tabindex", "-1")];
    let area: HtmlTextAreaElement = element(&document, "textarea", &attributes).unchecked_into();
    area.set_value(text);
    append(place, &[&area]);
    area.select();
    let is_copied = document.unchecked_ref::<HtmlDocument>().exec_command("copy");
    area.remove();
    is_copied.unwrap_or_default()
}
