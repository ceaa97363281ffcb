//! The page around the component.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Document, HtmlElement, PageTransitionEvent, PageTransitionEventInit, Window};

pub(crate) fn window() -> Window {
    web_sys::window().unwrap()
}

pub(crate) fn document() -> Document {
    window().document().unwrap()
}

pub(crate) fn body() -> HtmlElement {
    document().body().unwrap()
}

/// Whether the page cannot be scrolled.
pub(crate) fn is_scrolling_locked() -> bool {
    page_style("overflow-y") == "hidden"
}

/// A property of the page's root element, as it is computed.
pub(crate) fn page_style(property: &str) -> String {
    let root = document().document_element().unwrap();
    window().get_computed_style(&root).unwrap().unwrap().get_property_value(property).unwrap()
}

/// How many style sheets a script gave the document.
pub(crate) fn adopted_style_sheets() -> u32 {
    let sheets = Reflect::get(&document(), &"adoptedStyleSheets".into()).unwrap();
    sheets.unchecked_into::<js_sys::Array>().length()
}

/// The test server's origin. It is the gateway, too, since it serves the card form's page.
pub(crate) fn origin() -> String {
    window().location().origin().unwrap()
}

/// The test's own page. With a fragment, going there leaves everything as it is.
pub(crate) fn page_address(fragment: &str) -> String {
    let location = window().location();
    let page = location.origin().unwrap() + &location.pathname().unwrap();
    format!("{page}{}#{fragment}", location.search().unwrap())
}

/// An element at the end of the body. Dropped, it is removed.
pub(crate) struct Element(HtmlElement);

impl Element {
    pub(crate) fn new(tag: &str) -> Self {
        let element: HtmlElement = document().create_element(tag).unwrap().unchecked_into();
        body().append_child(&element).unwrap();
        Self(element)
    }

    pub(crate) fn js(&self) -> &JsValue {
        self.0.as_ref()
    }
}

impl std::ops::Deref for Element {
    type Target = HtmlElement;

    fn deref(&self) -> &HtmlElement {
        &self.0
    }
}

impl Drop for Element {
    fn drop(&mut self) {
        self.0.remove();
    }
}

/// Clicks an element.
pub(crate) fn press(element: &web_sys::Element) {
    element.unchecked_ref::<HtmlElement>().click();
}

/// A replaced member of a page's object. Dropping it restores the original.
pub(crate) struct Patch {
    object: Object,
    name: &'static str,
    before: JsValue,
}

impl Patch {
    pub(crate) fn new(object: &JsValue, name: &'static str, value: &JsValue) -> Self {
        let object: Object = object.clone().unchecked_into();
        let before = Reflect::get_own_property_descriptor(&object, &name.into()).unwrap();
        let descriptor = Object::new();
        for (name, value) in
            [("value", value), ("configurable", &JsValue::TRUE), ("writable", &JsValue::TRUE)]
        {
            Reflect::set(&descriptor, &name.into(), value).unwrap();
        }
        assert!(Reflect::define_property(&object, &name.into(), &descriptor).unwrap(), "{name}");
        Self { object, name, before }
    }

    /// A member of one of the page's constructors' prototypes.
    pub(crate) fn of_prototype(class: &str, name: &'static str, value: &JsValue) -> Self {
        let class = Reflect::get(&window(), &class.into()).unwrap();
        let prototype = Reflect::get(&class, &"prototype".into()).unwrap();
        Self::new(&prototype, name, value)
    }

    /// The page is in the background, or no longer.
    pub(crate) fn visibility(state: &str) -> Self {
        Self::new(&document(), "visibilityState", &state.into())
    }
}

impl Drop for Patch {
    fn drop(&mut self) {
        if self.before.is_undefined() {
            Reflect::delete_property(&self.object, &self.name.into()).unwrap();
        } else {
            let before: &Object = self.before.unchecked_ref();
            Reflect::define_property(&self.object, &self.name.into(), before).unwrap();
        }
    }
}

/// Dispatches an event without data.
pub(crate) fn dispatch(target: &web_sys::EventTarget, name: &str) {
    target.dispatch_event(&web_sys::Event::new(name).unwrap()).unwrap();
}

/// The page comes out of the back/forward cache.
pub(crate) fn restored() {
    let init = PageTransitionEventInit::new();
    init.set_persisted(true);
    let event = PageTransitionEvent::new_with_event_init_dict("pageshow", &init).unwrap();
    window().dispatch_event(&event).unwrap();
}
