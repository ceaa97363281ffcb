//! The keyboard's focus.

use std::cell::Cell;

use kassa_dom::focused_element;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement};

use crate::effects::document;

/// Keeps the focus in a component on what is visible.
#[derive(Default)]
pub(super) struct Focus {
    /// Whether the focus was in the component when it was rendered last.
    was_here: Cell<bool>,
}

impl Focus {
    /// Whether the focus is in the component, or was in an element that is gone.
    pub(super) fn is_here_or_lost(&self, panel: &HtmlElement) -> bool {
        let is_nowhere = || {
            let document = document();
            let body = document.body().map(Element::from);
            document.active_element().is_none_or(|focused| Some(focused) == body)
        };
        focused_element(panel).is_some() || (self.was_here.get() && is_nowhere())
    }

    /// The component was rendered. Where `moves`, an element that can no longer be seen loses the
    /// focus to the panel. Browsers leave it there: the hidden frame of the form would go on taking
    /// the keys.
    pub(super) fn settle(&self, panel: &HtmlElement, moves: bool) {
        let focused = focused_element(panel);
        let is_visible = focused.is_some_and(|it| it.get_client_rects().length() > 0);
        if moves && !is_visible {
            focus(panel);
        }
        self.was_here.set(focused_element(panel).is_some());
    }
}

/// Focuses an element. One that had the focus may have no `focus` method, or be gone.
pub(super) fn focus(element: &Element) {
    let element: &HtmlElement = element.unchecked_ref();
    let _: Result<(), JsValue> = element.focus();
}

/// The element that has the focus, also inside of the page's own open shadow roots.
pub(super) fn focused_in(document: &Document) -> Option<Element> {
    let mut focused = document.active_element()?;
    while let Some(inner) = focused.shadow_root().and_then(|root| root.active_element()) {
        focused = inner;
    }
    Some(focused)
}
