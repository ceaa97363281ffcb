//! The component's place in the page, and the time of its mounting.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Element, Sdk, answers, body, document, from_js, is_scrolling_locked, rejection,
    run_queued_tasks,
};

#[wasm_bindgen_test]
async fn without_a_container_the_component_is_a_modal_dialog_in_the_body() {
    let sdk = Sdk::new();
    let opened = sdk.create();
    let screen = sdk.screen();
    assert_eq!(screen.host.parent_element(), Some(body().into()));
    assert_eq!(screen.host.get_attribute_names().length(), 1, "only data-kassa");
    assert!(screen.host.has_attribute("data-kassa"));
    let panel = screen.panel();
    assert_eq!(panel.tag_name(), "DIALOG");
    assert!(panel.matches(":modal").unwrap());
    assert_eq!(panel.get_attribute("aria-label").as_deref(), Some("Payment"));
    assert!(sdk.host.scroll_lock().is_object());
    assert!(is_scrolling_locked());

    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    assert!(opened.outcome().await.unwrap().is_undefined(), "resolves with undefined, as typed");
}

#[wasm_bindgen_test]
async fn in_a_container_the_component_is_a_section_beside_existing_content() {
    let (sdk, container) = (Sdk::new(), Element::new("div"));
    let own = document().create_element("p").unwrap();
    container.append_child(&own).unwrap();
    let mounted = sdk.mount(container.js());
    let screen = sdk.screen();
    assert_eq!(own.next_element_sibling(), Some(screen.host.clone().into()));
    assert_eq!(screen.panel().tag_name(), "SECTION");
    assert!(!screen.is_visible(".close"), "the merchant decides when it goes");
    assert!(sdk.host.scroll_lock().is_undefined());
    assert!(!is_scrolling_locked());

    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    assert!(mounted.outcome().await.unwrap().is_undefined());
    sdk.checkout.unmount();
    assert_eq!(container.inner_html(), "<p></p>");
}

#[wasm_bindgen_test]
async fn a_component_can_be_opened_again_after_unmount() {
    let sdk = Sdk::new();
    for _ in 0..2 {
        sdk.create();
        sdk.gateway.answer(&answers::card()).await;
        sdk.shows("loading").await;
        sdk.checkout.unmount();
        assert!(!sdk.is_in_page());
    }
    let expected = ["START_OF_LOADING", "START_OF_LOADING"];
    assert_eq!(sdk.record.order(), expected, "unmount is silent");
}

#[wasm_bindgen_test]
async fn a_second_opening_is_refused_and_does_not_move_the_first() {
    let (sdk, other) = (Sdk::new(), Element::new("div"));
    sdk.create();
    sdk.record.take();
    let (code, message) = rejection(sdk.mount(other.js()).outcome().await);
    assert_eq!(code, "SDK_CREATECOMPONENT_ERROR");
    assert!(message.contains("unmount()"), "{message}");
    let expected = ["onError CREATECOMPONENT_ERROR", "CREATECOMPONENT_ERROR"];
    assert_eq!(sdk.record.take(), expected);

    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    let screen = sdk.shows("ended").await;
    assert_eq!(screen.host.parent_element(), Some(body().into()));
    assert_eq!(other.child_element_count(), 0);
}

#[wasm_bindgen_test]
async fn an_ended_component_is_replaced_by_one_in_another_container() {
    let (sdk, first, second) = (Sdk::new(), Element::new("div"), Element::new("div"));
    sdk.mount(first.js());
    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    sdk.shows("ended").await;
    assert_eq!(first.child_element_count(), 1);

    sdk.mount(second.js());
    assert_eq!((first.child_element_count(), second.child_element_count()), (0, 1));
    assert_eq!(sdk.screen().name(), "loading");

    sdk.checkout.unmount();
    sdk.create();
    assert_eq!(sdk.screen().host.parent_element(), Some(body().into()));
    assert_eq!(second.child_element_count(), 0);
}

#[wasm_bindgen_test]
async fn the_first_view_waits_for_the_pages_body() {
    let sdk = Sdk::new();
    let page_body = body();
    page_body.remove();
    sdk.create();
    let was_mounted = sdk.host.mounted().is_some();
    document().document_element().unwrap().append_child(&page_body).unwrap();
    assert!(!was_mounted);
    assert_eq!(sdk.record.order(), ["START_OF_LOADING"]);

    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    let screen = sdk.shows("ended").await;
    assert_eq!(screen.host.parent_element(), Some(body().into()));
}

#[wasm_bindgen_test]
async fn two_instances_do_not_disturb_each_other() {
    let (first, container) = (Sdk::new(), Element::new("div"));
    first.mount(container.js());
    // The second one's gateway receives the calls from here on.
    let call = first.gateway.call().await;
    let second = Sdk::beside(&first);
    second.create();
    second.checkout.unmount();
    call.answer(&answers::payment("SUCCESS", &json!({})));
    first.receives("PAYMENT_SUCCESSFUL").await;
    assert_eq!(container.child_element_count(), 1);
    assert_eq!(second.record.order(), ["START_OF_LOADING"]);
    assert!(!call.is_aborted(), "each has an AbortController of its own");
}

#[wasm_bindgen_test]
async fn nothing_happens_without_an_opening() {
    let sdk = Sdk::new();
    let (code, message) = rejection(sdk.submit().outcome().await);
    assert_eq!(code, "SDK_CREATECOMPONENT_ERROR");
    assert!(message.contains("createComponent"), "{message}");
    let validated = sdk.validate().outcome().await.unwrap();
    assert_eq!(from_js(&validated), json!({"isValid": false}));
    sdk.checkout.unmount();
    run_queued_tasks().await;
    assert_eq!(sdk.host.mounted(), None);
    assert!(sdk.gateway.is_quiet());
    assert!(sdk.record.order().is_empty());
}
