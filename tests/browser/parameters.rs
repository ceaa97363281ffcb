//! Parameters of merchants: any object, read once, own members only.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Proxy, Reflect};
use serde_json::json;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Sdk, answers, bare, function, opening, rejection, set, thrower, to_js, with_getter,
};

/// Opens with parameters that are refused, and returns the message.
async fn refusal(parameters: &JsValue) -> String {
    let sdk = Sdk::new();
    let (code, message) = rejection(sdk.open(parameters, &JsValue::UNDEFINED).outcome().await);
    assert_eq!(code, "SDK_CREATEPAYMENT_PARAMETER_ERROR");
    let expected = ["onError CREATEPAYMENT_PARAMETER_ERROR", "CREATEPAYMENT_PARAMETER_ERROR"];
    assert_eq!(sdk.record.order(), expected);
    assert_eq!(sdk.record.of("onError")[0]["message"], message.as_str());
    assert!(sdk.gateway.is_quiet() && sdk.host.mounted().is_none());
    assert!(sdk.host.thrown().is_empty(), "{message}");
    message
}

/// Parameters with one more member.
fn with_member(name: &str, value: &JsValue) -> JsValue {
    let parameters = opening(&json!({}));
    set(&parameters, name, value);
    parameters
}

fn revoked() -> JsValue {
    let pair = Proxy::revocable(&Object::new(), &Object::new());
    let member = |name: &str| Reflect::get(&pair, &name.into()).unwrap();
    member("revoke").unchecked_into::<Function>().call0(&JsValue::UNDEFINED).unwrap();
    member("proxy")
}

/// An instance of a class: the members are its own, and the class has more.
fn instance_of_class(own: &JsValue, inherited: &JsValue) -> JsValue {
    let object = Object::create(inherited.unchecked_ref::<Object>());
    Object::assign(&object, own.unchecked_ref());
    object.into()
}

#[wasm_bindgen_test]
async fn values_other_than_objects_are_refused_by_their_kind() {
    for (value, given) in [
        (JsValue::UNDEFINED, "undefined"),
        (JsValue::NULL, "null"),
        (JsValue::from("x"), "a string"),
        (JsValue::from(7), "a number"),
        (JsValue::TRUE, "a boolean"),
        (Array::new().into(), "an array"),
        (function(Ok).into(), "a function"),
        (js_sys::Symbol::iterator().into(), "another value"),
    ] {
        let message = refusal(&value).await;
        assert_eq!(message, format!("params must be an object, but {given} was given."));
    }
}

#[wasm_bindgen_test]
async fn a_member_of_another_type_is_refused_by_its_name() {
    for (name, value, expected) in [
        ("sessionData", json!(7), "params.sessionData must be a string, but a number was given."),
        ("isAppWebview", json!("yes"), "params.isAppWebview must be a boolean"),
        ("notRedirectAfterComplete", json!(1), "params.notRedirectAfterComplete must be a boolean"),
        ("appearance", json!([]), "params.appearance must be an object, but an array was given."),
        ("appearance", json!({"theme": "pink"}), "params.appearance.theme must be \"default\""),
        ("appearance", json!({"showLoading": 0}), "params.appearance.showLoading must be"),
        ("merchantAppointParam", json!("x"), "params.merchantAppointParam must be an object"),
        (
            "merchantAppointParam",
            json!({"storedCard": {"needCVV": "true"}}),
            "params.merchantAppointParam.storedCard.needCVV must be a boolean",
        ),
    ] {
        let message = refusal(&with_member(name, &to_js(&value))).await;
        assert!(message.starts_with(expected), "{message}");
    }
    assert!(refusal(&Object::new()).await.contains("params.sessionData must be a string"));
}

#[wasm_bindgen_test]
async fn a_getter_that_throws_is_named_with_what_it_threw() {
    let message = refusal(&with_getter("sessionData", &thrower("not today"))).await;
    assert_eq!(message, "params.sessionData could not be read: Error: not today");

    let appearance = with_getter("theme", &thrower("not today"));
    let message = refusal(&with_member("appearance", &appearance)).await;
    assert_eq!(message, "params.appearance.theme could not be read: Error: not today");

    let nothing = function(|_| Err(bare()));
    let message = refusal(&with_getter("sessionData", &nothing)).await;
    assert_eq!(message, "params.sessionData could not be read: a value that cannot be printed");

    let long = function(|_| Err("x".repeat(10_000).into()));
    assert!(refusal(&with_getter("sessionData", &long)).await.len() < 300);
}

#[wasm_bindgen_test]
async fn a_getter_runs_once() {
    let reads = Rc::new(Cell::new(0));
    let counted = Rc::clone(&reads);
    let getter = function(move |_| {
        counted.set(counted.get() + 1);
        Ok(answers::SESSION.into())
    });
    let sdk = Sdk::new();
    sdk.open(&with_getter("sessionData", &getter), &JsValue::UNDEFINED);
    assert!(!sdk.gateway.is_quiet());
    assert_eq!(reads.get(), 1);
}

#[wasm_bindgen_test]
async fn frozen_objects_instances_and_proxies_are_objects() {
    let plain = || opening(&json!({"appearance": {"theme": "night"}}));
    let frozen = plain();
    Object::freeze(frozen.unchecked_ref::<Object>());
    let inherited = to_js(&json!({"sessionData": "x", "isAppWebview": "x", "appearance": 7}));
    for parameters in [
        frozen,
        instance_of_class(&plain(), &inherited),
        instance_of_class(&plain(), &JsValue::NULL),
        Proxy::new(&plain(), &Object::new()).into(),
    ] {
        let sdk = Sdk::new();
        sdk.open(&parameters, &JsValue::UNDEFINED);
        assert_eq!(sdk.screen().panel().get_attribute("data-theme").as_deref(), Some("night"));
        assert_eq!(sdk.record.order(), ["START_OF_LOADING"]);
    }
}

#[wasm_bindgen_test]
async fn inherited_members_do_not_count() {
    let only_inherited = instance_of_class(&Object::new(), &opening(&json!({})));
    let message = refusal(&only_inherited).await;
    assert!(message.contains("params.sessionData must be a string, but undefined"), "{message}");
}

#[wasm_bindgen_test]
async fn a_proxy_that_throws_is_refused() {
    let handler = Object::new();
    set(&handler, "getOwnPropertyDescriptor", &thrower("no"));
    let message = refusal(&Proxy::new(&opening(&json!({})), &handler)).await;
    assert_eq!(message, "params.sessionData could not be read: Error: no");

    let handler = Object::new();
    set(&handler, "get", &thrower("no"));
    let message = refusal(&Proxy::new(&opening(&json!({})), &handler)).await;
    assert_eq!(message, "params.sessionData could not be read: Error: no");
}

#[wasm_bindgen_test]
async fn a_revoked_proxy_is_refused_wherever_it_is() {
    refusal(&revoked()).await;
    for name in ["sessionData", "appearance", "isAppWebview"] {
        let message = refusal(&with_member(name, &revoked())).await;
        assert!(message.starts_with(&format!("params.{name}")), "{message}");
    }
    for name in ["theme", "showLoading"] {
        let appearance = Object::new();
        set(&appearance, name, &revoked());
        let message = refusal(&with_member("appearance", &appearance)).await;
        assert!(message.starts_with(&format!("params.appearance.{name}")), "{message}");
    }
}

#[wasm_bindgen_test]
async fn members_without_effect_are_logged_once_and_stop_nothing() {
    for value in [json!({"a": 1}), json!({}), json!([]), json!("x"), json!(null), json!(7)] {
        let sdk = Sdk::new();
        let appearance = json!({"variables": value, "layout": value, "theme": "night"});
        sdk.create_with(&json!({"appearance": appearance}));
        let expected = ["onLog OPTION_IGNORED", "onLog OPTION_IGNORED", "START_OF_LOADING"];
        assert_eq!(sdk.record.order(), expected, "{value}");
        let lines = sdk.record.of("onLog");
        for (line, name) in lines.iter().zip(["variables", "layout"]) {
            let message = line["message"].as_str().unwrap();
            assert!(message.starts_with(&format!("params.appearance.{name} ")), "{message}");
        }
        assert_eq!(sdk.screen().panel().get_attribute("data-theme").as_deref(), Some("night"));
        assert!(!sdk.gateway.is_quiet());
    }
}

#[wasm_bindgen_test]
async fn pass_through_that_is_too_deep_or_too_large_is_refused() {
    let mut deep = json!({});
    for _ in 0..20 {
        deep = json!({ "x": deep });
    }
    for value in [deep, json!({ "x": vec![0; 20_001] })] {
        let message = refusal(&with_member("merchantAppointParam", &to_js(&value))).await;
        assert!(message.contains("more than 16 levels"), "{message}");
    }
}

#[wasm_bindgen_test]
async fn an_address_with_a_getter_that_throws_rejects_the_submit_and_nothing_else() {
    let sdk = Sdk::new();
    let form = sdk.card_form().await;
    sdk.record.take();
    let address = with_getter("city", &thrower("no such city"));
    let data = Object::new();
    set(&data, "billingAddress", &address);
    let (code, message) = rejection(sdk.submit_with(&data).outcome().await);
    assert_eq!(code, "SDK_CREATEPAYMENT_PARAMETER_ERROR");
    assert_eq!(message, "data.billingAddress.city could not be read: Error: no such city");
    assert!(sdk.host.thrown().is_empty());
    assert_eq!(sdk.screen().shown().screen, "form");

    // The component is still open.
    sdk.submit();
    form.answer_with_token().await;
    let factors = sdk.gateway.call().await.request()["paymentFactors"].clone();
    assert_eq!(factors, json!({"cardToken": "tok_1"}));
}

#[wasm_bindgen_test]
async fn other_data_of_submit_is_refused_by_its_name() {
    let sdk = Sdk::new();
    sdk.card_form().await;
    let with_address = |address: &JsValue| {
        let data = Object::new();
        set(&data, "billingAddress", address);
        JsValue::from(data)
    };
    for (data, expected) in [
        (JsValue::from("x"), "data must be an object, but a string was given."),
        (Array::new().into(), "data must be an object, but an array was given."),
        (with_address(&7.into()), "data.billingAddress must be an object"),
        (with_address(&revoked()), "data.billingAddress"),
        (revoked(), "data"),
        (with_getter("billingAddress", &thrower("no")).into(), "data.billingAddress could not"),
    ] {
        let (code, message) = rejection(sdk.submit_with(&data).outcome().await);
        assert_eq!(code, "SDK_CREATEPAYMENT_PARAMETER_ERROR");
        assert!(message.starts_with(expected), "{message}");
    }
    assert!(sdk.host.thrown().is_empty());
    // None of these is an address.
    for data in [JsValue::NULL, JsValue::UNDEFINED, Object::new().into()] {
        let submitted = sdk.submit_with(&data);
        assert!(!submitted.is_settled());
    }
}

#[wasm_bindgen_test]
async fn address_members_that_are_not_text_are_left_out() {
    let cyclic = Object::new();
    set(&cyclic, "itself", &cyclic);
    for value in [
        cyclic.into(),
        revoked(),
        with_getter("x", &thrower("no")).into(),
        Array::of1(&1.into()).into(),
        JsValue::NULL,
        JsValue::TRUE,
        function(Ok).into(),
        js_sys::Symbol::iterator().into(),
    ] {
        let sdk = Sdk::new();
        let form = sdk.card_form().await;
        let (data, address) = (Object::new(), Object::new());
        set(&data, "billingAddress", &address);
        set(&address, "city", &value);
        set(&address, "region", &"MY".into());
        sdk.submit_with(&data);
        form.answer_with_token().await;
        let factors = sdk.gateway.call().await.request()["paymentFactors"].clone();
        assert_eq!(factors["billingAddress"], json!({"region": "MY"}));
        assert!(sdk.host.thrown().is_empty());
    }
}
