//! The component over the page: focus, the closing keys and the page's scrolling.

use serde_json::json;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, ShadowRootInit, ShadowRootMode};

use crate::support::{
    CardForm, Element, Patch, Sdk, adopted_style_sheets, answers, document, is_scrolling_locked,
    opening, page_style, press, until, window,
};

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
async fn the_focus_stays_on_what_is_visible() {
    for in_container in [true, false] {
        let (sdk, container) = (Sdk::new(), Element::new("div"));
        if in_container {
            sdk.open(&opening(&json!({"notRedirectAfterComplete": true})), container.js());
        } else {
            sdk.create_with(&json!({"notRedirectAfterComplete": true}));
        }
        let form = sdk.loads_card_form(&answers::card()).await;
        let screen = sdk.screen();
        form.frame.focus().unwrap();
        sdk.submit();
        form.answer_with_token().await;
        let method = json!({"threeDSMethodUrl": answers::THREE_DS});
        sdk.gateway.call().await.answer(&answers::processing(&method));
        sdk.shows("waiting").await;
        assert_eq!(screen.root.active_element(), Some(screen.panel().into()), "3DS method");

        let three_ds = CardForm::three_ds_of(&sdk).await;
        three_ds.post(&json!({"t": "kassa:3ds"}));
        sdk.gateway.call().await.answer(&answers::challenge(&json!({})));
        sdk.shows("challenge").await;
        let three_ds = CardForm::three_ds_of(&sdk).await;
        assert_eq!(screen.root.active_element(), Some(three_ds.frame.clone().into()));

        three_ds.post(&json!({"t": "kassa:3ds"}));
        sdk.gateway.call().await.answer(&answers::payment("SUCCESS", &json!({})));
        sdk.shows("ended").await;
        assert_eq!(screen.root.active_element(), Some(screen.panel().into()), "the result");
    }
}

#[wasm_bindgen_test]
async fn after_an_inline_component_the_focus_is_where_it_was() {
    let (sdk, button, container) = (Sdk::new(), Element::new("button"), Element::new("div"));
    button.focus().unwrap();
    sdk.mount(container.js());
    let form = sdk.loads_card_form(&answers::card()).await;
    form.frame.focus().unwrap();
    sdk.checkout.unmount();
    assert_eq!(focused(), Some((*button).clone().into()));

    // A focus elsewhere stays there.
    let other = Element::new("button");
    sdk.mount(container.js());
    other.focus().unwrap();
    sdk.checkout.unmount();
    assert_eq!(focused(), Some((*other).clone().into()));
}

#[wasm_bindgen_test]
async fn the_focus_returns_into_the_pages_own_shadow_root() {
    let (sdk, host) = (Sdk::new(), Element::new("div"));
    let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).unwrap();
    let button: HtmlElement = document().create_element("button").unwrap().unchecked_into();
    root.append_child(&button).unwrap();
    button.focus().unwrap();
    sdk.create();
    sdk.checkout.unmount();
    assert_eq!(root.active_element(), Some(button.into()));
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
    assert_eq!(sdk.record.take(), ["onClose", "PAYMENT_CANCEL"]);
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
async fn page_scrolling_is_locked_and_the_pages_own_overflow_is_never_touched() {
    let sdk = Sdk::new();
    let root: HtmlElement = document().document_element().unwrap().unchecked_into();
    let own = || root.get_attribute("style").unwrap_or_default();
    root.style().set_property("overflow-x", "clip").unwrap();
    let before = own();
    sdk.create();
    assert_eq!((page_style("overflow-x"), page_style("overflow-y")), both("hidden", "hidden"));
    assert_eq!(own(), before);
    // The page locks itself meanwhile.
    root.style().set_property("overflow", "hidden").unwrap();
    sdk.checkout.unmount();
    assert_eq!((page_style("overflow-x"), page_style("overflow-y")), both("hidden", "hidden"));
    root.remove_attribute("style").unwrap();
    assert!(!is_scrolling_locked());
}

fn both(x: &str, y: &str) -> (String, String) {
    (x.to_owned(), y.to_owned())
}

#[wasm_bindgen_test]
async fn of_two_components_each_locks_scrolling_for_itself() {
    for first_closes_first in [true, false] {
        let first = Sdk::new();
        first.create();
        let second = Sdk::beside(&first);
        second.create();
        let order = if first_closes_first { [&first, &second] } else { [&second, &first] };
        order[0].checkout.unmount();
        assert!(is_scrolling_locked());
        order[1].checkout.unmount();
        assert!(!is_scrolling_locked());
        assert_eq!(adopted_style_sheets(), 0);
    }
}

#[wasm_bindgen_test]
async fn engines_without_constructable_style_sheets_lock_scrolling_too() {
    let _old = Patch::new(&window(), "CSSStyleSheet", &JsValue::UNDEFINED);
    let sdk = Sdk::with_options(json!({"nonce": "n1"}));
    sdk.create();
    assert!(is_scrolling_locked());
    let styles = || document().query_selector_all("head style[nonce]").unwrap().length();
    assert_eq!(styles(), 1);
    sdk.checkout.unmount();
    assert!(!is_scrolling_locked());
    assert_eq!(styles(), 0);
}

#[wasm_bindgen_test]
async fn a_hidden_dialog_does_not_lock_scrolling_or_take_the_focus() {
    let (sdk, button) = (Sdk::new(), Element::new("button"));
    button.focus().unwrap();
    sdk.create_with(&json!({"appearance": {"showLoading": false}}));
    assert!(!is_scrolling_locked());
    assert_eq!(focused(), Some((*button).clone().into()));
    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    sdk.shows("ended").await;
    assert!(is_scrolling_locked());
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
    assert!(!is_scrolling_locked());
    assert_eq!(focused(), Some((*button).clone().into()));
}
