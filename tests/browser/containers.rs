//! Containers of `mountComponent`.

use js_sys::{Object, Proxy, Reflect, Symbol};
use serde_json::json;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{
    HtmlElement, HtmlIFrameElement, HtmlTemplateElement, ShadowRootInit, ShadowRootMode,
};

use crate::support::{
    Element, Sdk, answers, body, document, function, rejection, set, thrower, window, with_getter,
};

#[wasm_bindgen_test]
async fn a_selector_names_the_container() {
    let (sdk, container) = (Sdk::new(), Element::new("div"));
    container.set_id("place-of-payment");
    sdk.mount(&"#place-of-payment".into());
    assert_eq!(sdk.screen().host.parent_element(), Some((*container).clone().into()));
}

#[wasm_bindgen_test]
async fn a_container_may_be_in_a_shadow_root_open_or_closed() {
    for mode in [ShadowRootMode::Open, ShadowRootMode::Closed] {
        let (sdk, host) = (Sdk::new(), Element::new("div"));
        let root = host.attach_shadow(&ShadowRootInit::new(mode)).unwrap();
        let container = document().create_element("div").unwrap();
        root.append_child(&container).unwrap();
        sdk.mount(&container);
        assert_eq!(sdk.screen().shown().status, "Preparing secure payment…");
        assert_eq!(sdk.screen().style(".panel", "max-width"), "440px", "has its style sheet");
        assert!(document().query_selector("[data-kassa]").unwrap().is_none());

        sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
        assert_eq!(sdk.shows("ended").await.shown().status, "Payment complete. Thank you!");
        sdk.checkout.unmount();
        assert_eq!(container.child_element_count(), 0);
    }
}

#[wasm_bindgen_test]
async fn a_container_may_enter_the_page_later() {
    let sdk = Sdk::new();
    let container = document().create_element("div").unwrap();
    let mounted = sdk.mount(&container);
    assert!(!sdk.is_in_page());
    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    mounted.outcome().await.unwrap();
    let place = Element::new("div");
    place.append_child(&container).unwrap();
    assert_eq!(sdk.screen().shown().status, "Payment complete. Thank you!");
}

#[wasm_bindgen_test]
async fn a_container_of_another_window_is_refused() {
    let (sdk, frame) = (Sdk::new(), Element::new("iframe"));
    let frame: &HtmlIFrameElement = frame.unchecked_ref();
    let document = frame.content_document().unwrap();
    let container = document.create_element("div").unwrap();
    document.body().unwrap().append_child(&container).unwrap();
    let (code, message) = rejection(sdk.mount(&container).outcome().await);
    assert_eq!(code, "SDK_CREATEPAYMENT_PARAMETER_ERROR");
    assert!(message.contains("window that loaded the SDK"), "{message}");
    assert!(sdk.gateway.is_quiet());
}

#[wasm_bindgen_test]
async fn a_container_of_a_template_is_a_container() {
    let (sdk, template) = (Sdk::new(), Element::new("template"));
    let template: &HtmlTemplateElement = template.unchecked_ref();
    let container = template.content().owner_document().unwrap().create_element("div").unwrap();
    template.content().append_child(&container).unwrap();
    sdk.mount(&container);
    body().append_child(&container).unwrap();
    sdk.loads_card_form(&answers::card()).await;
    container.remove();
}

#[wasm_bindgen_test]
async fn other_values_are_refused_by_their_kind() {
    let revoked = Proxy::revocable(&Object::new(), &Object::new());
    let revoke = Reflect::get(&revoked, &"revoke".into()).unwrap();
    revoke.unchecked_into::<js_sys::Function>().call0(&JsValue::UNDEFINED).unwrap();
    let revoked = Reflect::get(&revoked, &"proxy".into()).unwrap();
    let almost = Object::new();
    set(&almost, "nodeType", &1.into());
    for (container, given) in [
        (JsValue::NULL, "null"),
        (JsValue::from(7), "a number"),
        (JsValue::TRUE, "a boolean"),
        (Symbol::iterator().into(), "another value"),
        (js_sys::Array::new().into(), "an array"),
        (Object::new().into(), "an object"),
        (function(Ok).into(), "a function"),
        (document().into(), "an object"),
        (document().create_text_node("x").into(), "an object"),
        (document().create_document_fragment().into(), "an object"),
        (almost.into(), "an object"),
        (with_getter("nodeType", &thrower("no")).into(), "an object"),
        (revoked, "an object"),
        (JsValue::from("#nowhere"), "\"#nowhere\""),
        (JsValue::from("::"), "\"::\""),
        (JsValue::from(""), "\"\""),
    ] {
        let sdk = Sdk::new();
        let (code, message) = rejection(sdk.mount(&container).outcome().await);
        assert_eq!(code, "SDK_CREATEPAYMENT_PARAMETER_ERROR", "{given}");
        assert!(message.contains(&format!("; {given} is neither")), "{message}");
        let expected = ["onError CREATEPAYMENT_PARAMETER_ERROR", "CREATEPAYMENT_PARAMETER_ERROR"];
        assert_eq!(sdk.record.order(), expected);
        assert!(sdk.gateway.is_quiet());
        assert_eq!(sdk.host.mounted(), None);
        assert!(sdk.host.thrown().is_empty(), "{given}");
    }
}

#[wasm_bindgen_test]
async fn a_long_selector_is_quoted_in_part() {
    let sdk = Sdk::new();
    let (_, message) = rejection(sdk.mount(&"#a".repeat(500).into()).outcome().await);
    assert!(message.len() < 250, "{message}");
}

#[wasm_bindgen_test]
async fn a_page_rule_for_every_element_changes_nothing_of_the_component() {
    let style = Element::new("style");
    style.set_text_content(Some(
        "div, section, dialog, p, button { color: red; font-size: 90px; letter-spacing: 4px; \
         text-transform: uppercase; visibility: hidden; pointer-events: none; direction: rtl } \
         div:empty, div:not(:has(*)), body > div { display: none !important; opacity: 0 }",
    ));
    for is_inline in [true, false] {
        let (sdk, container) = (Sdk::new(), Element::new("section"));
        if is_inline {
            sdk.mount(container.js());
        } else {
            sdk.create();
        }
        let screen = sdk.screen();
        let host = window().get_computed_style(&sdk.host.mounted().unwrap()).unwrap().unwrap();
        let of_host = |name: &str| host.get_property_value(name).unwrap();
        assert_eq!((of_host("display"), of_host("opacity")), ("block".into(), "1".into()));
        for (name, value) in [
            ("font-size", "16px"),
            ("letter-spacing", "normal"),
            ("text-transform", "none"),
            ("visibility", "visible"),
            ("pointer-events", "auto"),
            ("direction", "ltr"),
        ] {
            assert_eq!(screen.style(".panel", name), value, "{name}");
        }
        assert_ne!(screen.style(".panel", "color"), "rgb(255, 0, 0)");
    }
    let body: HtmlElement = body();
    assert_eq!(body.style().length(), 0, "the page is as it was");
}
