//! The component over the page: focus, the closing keys and the page's scrolling.

use serde_json::json;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{Element, Patch, Sdk, answers, document, press, until};

#[wasm_bindgen]
extern "C" {
    /// A `<dialog>`; `requestClose` is younger than `web_sys` has it.
    type Dialog;

    /// Escape, and the back gesture of phones.
    #[wasm_bindgen(method, js_name = requestClose)]
    fn request_close(this: &Dialog);

    #[wasm_bindgen(method)]
    fn close(this: &Dialog);
}

fn dialog(sdk: &Sdk) -> Dialog {
    sdk.screen().panel().unchecked_into()
}

fn focused() -> Option<web_sys::Element> {
    document().active_element()
}

fn page_style(property: &str) -> String {
    let root: HtmlElement = document().document_element().unwrap().unchecked_into();
    root.style().get_property_value(property).unwrap()
}

#[wasm_bindgen_test]
async fn the_focus_moves_to_the_dialog_and_back() {
    let (sdk, button) = (Sdk::new(), Element::new("button"));
    button.focus().unwrap();
    sdk.create();
    let screen = sdk.screen();
    assert_eq!(focused(), Some(screen.host.clone().into()));
    assert_eq!(screen.root.active_element(), Some(screen.panel().into()));
    sdk.checkout.unmount();
    assert_eq!(focused(), Some((*button).clone().into()));
}

#[wasm_bindgen_test]
async fn a_removed_focused_element_causes_no_error() {
    let (sdk, button) = (Sdk::new(), Element::new("button"));
    button.focus().unwrap();
    sdk.create();
    drop(button);
    sdk.checkout.unmount();
    assert!(!sdk.is_in_page());
    assert!(sdk.host.thrown().is_empty());
}

#[wasm_bindgen_test]
async fn a_challenge_gets_the_focus() {
    let sdk = Sdk::new();
    sdk.submitted(&answers::challenge(&json!({}))).await;
    let screen = sdk.shows("challenge").await;
    assert_eq!(screen.root.active_element(), Some(screen.frame().unwrap().into()));
}

#[wasm_bindgen_test]
async fn an_inline_component_takes_no_focus() {
    let (sdk, button, container) = (Sdk::new(), Element::new("button"), Element::new("div"));
    button.focus().unwrap();
    sdk.mount(container.js());
    assert_eq!(focused(), Some((*button).clone().into()));
}

#[wasm_bindgen_test]
async fn escape_closes_where_the_machine_allows_it() {
    let sdk = Sdk::new();
    sdk.card_form().await;
    sdk.record.take();
    dialog(&sdk).request_close();
    assert!(!sdk.is_in_page());
    let mut order = sdk.record.take();
    order.sort();
    assert_eq!(order, ["PAYMENT_CANCEL", "onClose"]);
}

#[wasm_bindgen_test]
async fn escape_does_nothing_while_a_payment_is_sent() {
    let sdk = Sdk::new();
    let form = sdk.card_form().await;
    press(&sdk.screen().button());
    form.answer_with_token().await;
    let call = sdk.gateway.call().await;
    sdk.record.take();
    dialog(&sdk).request_close();
    press(&sdk.screen().element(".close"));
    assert!(sdk.screen().panel().matches(":modal").unwrap());
    assert!(!call.is_aborted());
    assert!(sdk.record.order().is_empty());
}

#[wasm_bindgen_test]
async fn a_dialog_that_the_browser_closed_by_itself_is_shown_again() {
    let sdk = Sdk::new();
    sdk.create();
    dialog(&sdk).close();
    assert!(!sdk.screen().panel().has_attribute("open"));
    sdk.gateway.answer(&answers::card()).await;
    let modal = || sdk.screen().panel().matches(":modal").unwrap();
    until("the dialog is back", modal).await;
}

#[wasm_bindgen_test]
async fn page_scrolling_is_locked_and_restored() {
    let root: HtmlElement = {
        let sdk = Sdk::new();
        let root: HtmlElement = document().document_element().unwrap().unchecked_into();
        root.style().set_property("overflow-x", "clip").unwrap();
        sdk.create();
        assert_eq!((page_style("overflow-x"), page_style("overflow-y")), both("hidden", "hidden"));
        sdk.checkout.unmount();
        assert_eq!((page_style("overflow-x"), page_style("overflow-y")), both("clip", ""));
        root
    };
    root.remove_attribute("style").unwrap();
}

fn both(x: &str, y: &str) -> (String, String) {
    (x.to_owned(), y.to_owned())
}

#[wasm_bindgen_test]
async fn a_hidden_dialog_does_not_lock_scrolling_or_take_the_focus() {
    let (sdk, button) = (Sdk::new(), Element::new("button"));
    button.focus().unwrap();
    sdk.create_with(&json!({"appearance": {"showLoading": false}}));
    assert_eq!(page_style("overflow-y"), "");
    assert_eq!(focused(), Some((*button).clone().into()));
    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    sdk.shows("ended").await;
    assert_eq!(page_style("overflow-y"), "hidden");
}

#[wasm_bindgen_test]
async fn engines_without_dialogs_show_a_box_with_the_role_of_one() {
    let _old = Patch::of_prototype("HTMLDialogElement", "showModal", &JsValue::UNDEFINED);
    let (sdk, button) = (Sdk::new(), Element::new("button"));
    button.focus().unwrap();
    sdk.create();
    assert_eq!(focused(), Some(sdk.screen().host.into()));
    let panel = sdk.screen().panel();
    assert_eq!(panel.get_attribute("role").as_deref(), Some("dialog"));
    assert_eq!(panel.get_attribute("aria-modal").as_deref(), Some("true"));
    assert!(sdk.screen().is_visible(".panel"));
    sdk.checkout.unmount();
    assert!(!panel.has_attribute("open"));
    assert_eq!(page_style("overflow-y"), "");
    assert_eq!(focused(), Some((*button).clone().into()));
}
