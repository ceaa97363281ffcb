//! Fields of payment methods.

use kassa_protocol::client::Element;
use kassa_protocol::frame::{FromForm, ToForm};
use web_sys::HtmlElement;

pub(crate) struct Fields;

impl Fields {
    pub(crate) fn new(_: &HtmlElement, _: Vec<Element>, _: impl Fn(FromForm) + 'static) -> Self {
        Self
    }

    pub(crate) fn handle(&self, _: &ToForm) {}
}
