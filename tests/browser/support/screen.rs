//! The component's DOM.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlIFrameElement, ShadowRoot};

use super::window;

/// A component in the page.
pub(crate) struct Screen {
    pub(crate) host: HtmlElement,
    pub(crate) root: ShadowRoot,
}

/// The visible parts of a screen. A text that is not visible is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Shown {
    pub(crate) screen: String,
    pub(crate) alert: String,
    pub(crate) status: String,
    pub(crate) button: String,
    pub(crate) second_button: String,
    pub(crate) time_left: String,
    pub(crate) has_spinner: bool,
    pub(crate) has_form: bool,
    pub(crate) has_challenge: bool,
    pub(crate) has_close: bool,
}

impl Screen {
    pub(crate) fn new(host: HtmlElement) -> Self {
        let root = host.shadow_root().unwrap();
        Self { host, root }
    }

    pub(crate) fn find(&self, selector: &str) -> Option<HtmlElement> {
        self.root.query_selector(selector).unwrap().map(JsCast::unchecked_into)
    }

    pub(crate) fn element(&self, selector: &str) -> HtmlElement {
        self.find(selector).unwrap_or_else(|| panic!("the component has no {selector}"))
    }

    pub(crate) fn panel(&self) -> HtmlElement {
        self.element(".panel")
    }

    pub(crate) fn name(&self) -> String {
        self.panel().get_attribute("data-screen").unwrap_or_default()
    }

    pub(crate) fn text(&self, selector: &str) -> String {
        self.element(selector).text_content().unwrap()
    }

    pub(crate) fn button(&self) -> HtmlElement {
        self.element(".action:not(.second)")
    }

    pub(crate) fn frame(&self) -> Option<HtmlIFrameElement> {
        self.find("iframe").map(JsCast::unchecked_into)
    }

    pub(crate) fn style(&self, selector: &str, property: &str) -> String {
        let style = window().get_computed_style(&self.element(selector)).unwrap().unwrap();
        style.get_property_value(property).unwrap()
    }

    pub(crate) fn is_visible(&self, selector: &str) -> bool {
        let element: Element = self.element(selector).into();
        element.get_client_rects().length() > 0
    }

    pub(crate) fn shown(&self) -> Shown {
        let visible = |selector: &str| {
            if self.is_visible(selector) { self.text(selector) } else { String::new() }
        };
        Shown {
            screen: self.name(),
            alert: visible(".alert"),
            status: visible(".status"),
            button: visible(".action:not(.second)"),
            second_button: visible(".action.second"),
            time_left: visible(".left"),
            has_spinner: self.is_visible(".spinner"),
            has_form: self.is_visible(".frame"),
            has_challenge: self.is_visible(".window"),
            has_close: self.is_visible(".close"),
        }
    }
}
