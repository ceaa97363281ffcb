//! Appearance of the component: theme, style sheet, live regions.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use serde_json::json;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlStyleElement, MutationObserver, MutationObserverInit, MutationRecord};

use crate::support::{
    CardForm, Clock, Element, Patch, Sdk, answers, document, press, run_queued_tasks, thrower,
    until, window,
};

#[wasm_bindgen_test]
async fn the_theme_is_the_merchants_or_the_systems() {
    for (appearance, theme, ground) in [
        (json!({}), "", None),
        (json!({"theme": "default"}), "default", Some("rgb(255, 255, 255)")),
        (json!({"theme": "night"}), "night", Some("rgb(27, 34, 41)")),
    ] {
        let sdk = Sdk::new();
        sdk.create_with(&json!({"appearance": appearance}));
        let screen = sdk.screen();
        assert_eq!(screen.panel().get_attribute("data-theme").as_deref(), Some(theme));
        let is_dark = window().match_media("(prefers-color-scheme: dark)").unwrap().unwrap();
        let system = if is_dark.matches() { "rgb(27, 34, 41)" } else { "rgb(255, 255, 255)" };
        assert_eq!(screen.style(".panel", "background-color"), ground.unwrap_or(system));
    }
}

#[wasm_bindgen_test]
async fn the_style_sheet_is_constructed() {
    let sdk = Sdk::new();
    sdk.create();
    let screen = sdk.screen();
    let sheets = js_sys::Reflect::get(&screen.root, &"adoptedStyleSheets".into()).unwrap();
    assert_eq!(js_sys::Reflect::get(&sheets, &"length".into()).unwrap(), 1);
    assert!(screen.find("style").is_none(), "nothing that a policy would have to allow");
    assert_eq!(screen.style(".panel", "max-width"), "440px");
    assert!(screen.find("[style]").is_none(), "no inline style either");
}

#[wasm_bindgen_test]
async fn old_engines_have_a_style_element_with_the_pages_nonce() {
    for nonce in [Some("n-17"), None] {
        let _old = Patch::new(&window(), "CSSStyleSheet", &thrower("Illegal constructor"));
        let sdk = Sdk::with_options(json!({ "nonce": nonce }));
        sdk.create();
        let screen = sdk.screen();
        let style: HtmlStyleElement = screen.element("style").unchecked_into();
        assert_eq!(style.nonce(), nonce.unwrap_or_default());
        assert_eq!(screen.style(".panel", "max-width"), "440px");
        assert!(style.text_content().unwrap().contains(".panel"));
    }
}

#[wasm_bindgen_test]
async fn live_regions_change_only_when_their_text_does() {
    let clock = Clock::start();
    let sdk = Sdk::under(&clock);
    sdk.submitted(&answers::code("1234", 60_000)).await;
    let screen = sdk.shows("codes").await;
    let changes = Changes::observe(&screen.panel());
    // An inquiry's answer is rendered without a change, except of the countdown.
    for _ in 0..2 {
        clock.advance(2_000);
        sdk.gateway.call_now().answer(&answers::code("1234", 60_000));
        run_queued_tasks().await;
    }
    assert_eq!(changes.take().await, ["left"]);
    press(&screen.button());
    assert_eq!(changes.take().await, ["status"]);
}

/// The elements that change, by their classes.
struct Changes {
    observer: MutationObserver,
    classes: Rc<RefCell<Vec<String>>>,
}

impl Changes {
    fn observe(panel: &web_sys::Element) -> Self {
        let classes = Rc::new(RefCell::new(Vec::new()));
        let changing = Rc::clone(&classes);
        let changed: Closure<dyn Fn(Array)> = Closure::new(move |records: Array| {
            for record in records.iter() {
                let target = record.unchecked_into::<MutationRecord>().target().unwrap();
                let element = target.dyn_ref::<web_sys::Element>().cloned();
                let element = element.or_else(|| target.parent_element()).unwrap();
                changing.borrow_mut().push(element.class_name());
            }
        });
        let observer = MutationObserver::new(changed.into_js_value().unchecked_ref()).unwrap();
        let init = MutationObserverInit::new();
        init.set_subtree(true);
        init.set_child_list(true);
        init.set_character_data(true);
        init.set_attributes(true);
        observer.observe_with_options(panel, &init).unwrap();
        Self { observer, classes }
    }

    async fn take(&self) -> Vec<String> {
        run_queued_tasks().await;
        let mut classes = self.classes.take();
        classes.sort();
        classes.dedup();
        classes
    }
}

impl Drop for Changes {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

#[wasm_bindgen_test]
async fn the_live_regions_are_there_before_their_texts() {
    let (sdk, container) = (Sdk::new(), Element::new("div"));
    sdk.mount(container.js());
    let (alert, status) = (sdk.screen().element(".alert"), sdk.screen().element(".status"));
    sdk.gateway.answer(&answers::card()).await;
    let form = CardForm::of(&sdk).await;
    form.send_hello().await;
    form.send(&json!({"t": "ready"}));
    sdk.shows("form").await;
    press(&sdk.screen().button());
    form.replies("submit", &json!({"t": "unreachable"})).await;
    until("the alert has its text", || !alert.text_content().unwrap().is_empty()).await;
    assert_eq!(sdk.screen().element(".alert"), alert);
    assert_eq!(sdk.screen().element(".status"), status);
    assert_eq!(status.text_content().as_deref(), Some(""));
}

#[wasm_bindgen_test]
async fn the_panel_declares_its_language() {
    let root = document().document_element().unwrap();
    root.set_attribute("lang", "de").unwrap();
    let sdk = Sdk::new();
    sdk.create();
    assert_eq!(sdk.screen().panel().get_attribute("lang").as_deref(), Some("en-US"));
    root.remove_attribute("lang").unwrap();
}
