//! Codes to pay with.

use kassa_protocol::client::CodeView;
use web_sys::HtmlElement;

pub(crate) struct Codes;

impl Codes {
    pub(crate) fn new(_: &HtmlElement) -> Self {
        Self
    }

    pub(crate) fn show(&self, _: &[CodeView]) -> Vec<String> {
        Vec::new()
    }
}
