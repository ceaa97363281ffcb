//! Replies of the gateway, and their absence.

use js_sys::{Object, Promise};
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Call, Clock, Patch, Sdk, Setup, answers, function, rejection, run_queued_tasks, set, thrower,
    window,
};

/// Why a component could not be opened when the gateway replied like this.
async fn refusal(reply: impl FnOnce(&Call)) -> String {
    let sdk = Sdk::new();
    let opened = sdk.create();
    reply(&sdk.gateway.call().await);
    let (code, message) = rejection(opened.outcome().await);
    assert_eq!(code, "SDK_CREATECOMPONENT_ERROR");
    let expected = [
        "START_OF_LOADING",
        "END_OF_LOADING",
        "onLog OPEN_FAILED",
        "onError CREATECOMPONENT_ERROR",
        "CREATECOMPONENT_ERROR",
    ];
    assert_eq!(sdk.record.order(), expected);
    assert!(!sdk.is_in_page());
    assert!(sdk.host.thrown().is_empty());
    message
}

#[wasm_bindgen_test]
async fn the_message_for_an_unusable_reply_has_its_trace_id() {
    let trace = [("Mgw-TraceId", "t-17")];
    for (status, headers, body, reason) in [
        (500, &trace[..], "{}", "a fault (HTTP 500, status 1000, trace t-17)"),
        (404, &[][..], "not found", "a fault (HTTP 404, status 1000, trace none)"),
        (
            200,
            &[("Result-Status", "1002")][..],
            r#"{"success":true}"#,
            "a status (HTTP 200, status 1002",
        ),
        (200, &trace[..], "<html>", "not a JSON object (HTTP 200"),
        (200, &[][..], "", "not a JSON object"),
        (200, &[][..], "[]", "not a JSON object"),
        (200, &[][..], "null", "not a JSON object"),
        (200, &[][..], "7", "not a JSON object"),
        (200, &[][..], "\"text\"", "not a JSON object"),
        (200, &[][..], "{}", "neither a success nor a refusal"),
        (200, &[][..], r#"{"success":"true"}"#, "neither a success nor a refusal"),
    ] {
        let message = refusal(|call| call.answer_with(status, headers, body)).await;
        assert!(message.contains(reason), "{message}");
        // An answer came: neither address, nor headers, nor policy are the cause.
        assert!(!message.contains("CORS") && !message.contains("-src"), "{message}");
    }
}

#[wasm_bindgen_test]
async fn a_result_status_of_1000_is_an_answer() {
    let sdk = Sdk::new();
    sdk.create();
    let body = answers::payment("SUCCESS", &json!({})).to_string();
    sdk.gateway.call().await.answer_with(200, &[("Result-Status", "1000")], &body);
    sdk.receives("PAYMENT_SUCCESSFUL").await;
}

#[wasm_bindgen_test]
async fn a_refusal_is_passed_on_with_its_code() {
    let message = refusal(|call| call.answer(&answers::refused("INVALID_SESSION"))).await;
    assert!(message.contains("INVALID_SESSION (Refused.)"), "{message}");

    let other = answers::with(&answers::refused("X"), &json!({"environment": "prod"}));
    let message = refusal(|call| call.answer(&other)).await;
    assert!(message.contains("made for prod"), "{message}");
}

#[wasm_bindgen_test]
async fn an_answer_over_a_limit_is_refused_by_name() {
    let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let zeros = |count| format!("[0{}]", ",0".repeat(count));
    for (value, reason) in [
        (format!("\"{}\"", "x".repeat(1 << 20)), "the answer is longer than 1048576 characters"),
        (format!("\"{}\"", "x".repeat(32_769)), "x of the answer is too long"),
        (nested(50), "x of the answer is nested too deeply"),
        (nested(100_000), "x of the answer is nested too deeply"),
        (zeros(300_000), "the answer has too many values"),
        (nested(2_000), "x of the answer is nested too deeply"),
        (zeros(1_000_000), "the answer is longer than 1048576 characters"),
    ] {
        let answer = format!("{{\"success\":true,\"x\":{value}}}");
        let message = refusal(|call| call.answer_text(&answer)).await;
        assert!(message.contains(reason), "{message}");
    }
    let sdk = Sdk::new();
    sdk.create();
    let long = answers::with(&answers::card(), &json!({"x": vec!["x".repeat(32_000); 32]}));
    sdk.gateway.answer(&long).await;
    crate::support::until("the form loads", || sdk.screen().frame().is_some()).await;
}

#[wasm_bindgen_test]
async fn a_form_over_a_limit_is_refused_by_name_and_no_field_is_drawn() {
    let field =
        |member: &str, value: &str| json!([{"paymentElementKey": "x", member: value}]).to_string();
    let nested =
        format!("{}[]{}", r#"[{"subPaymentElementView":"#.repeat(2_000), "}]".repeat(2_000));
    let leaf = json!({"paymentElementKey": "x", "title": "x"});
    let group = json!({"subPaymentElementView": vec![leaf; 60]});
    let text = "x".repeat(1 << 19);
    let options = vec![json!({"value": "x", "text": "x"}); 2_001];
    for (elements, reason) in [
        (
            json!(vec![json!({}); 5_000]).to_string(),
            "paymentElements of the answer has too many items",
        ),
        (
            json!(vec![group; 60]).to_string(),
            "subPaymentElementView of the answer has too many items",
        ),
        (nested, "subPaymentElementView of the answer is nested too deeply"),
        (json!([{"options": options}]).to_string(), "options of the answer has too many items"),
        (field("title", &text), "title of the answer is too long"),
        (field("paramIllegalText", &text), "paramIllegalText of the answer is too long"),
        (json!([{"options": [{"text": text}]}]).to_string(), "text of the answer is too long"),
    ] {
        let answer = format!(
            r#"{{"success":true,"paymentMethods":[{{"paymentMethodType":"KONBINI","paymentElements":{elements}}}]}}"#
        );
        let message = refusal(|call| call.answer_text(&answer)).await;
        assert!(message.contains(reason), "{message}");
        let drawn = crate::support::document().query_selector_all("[data-kassa]").unwrap();
        assert_eq!(drawn.length(), 0);
    }
}

/// A regular expression of a gateway's could need years for a short text. None is ever run: it is no
/// member of the protocol, and no attribute.
#[wasm_bindgen_test]
async fn a_pattern_of_the_gateways_is_never_run() {
    let pattern = "(a+)+$".repeat(1_000);
    let field =
        json!({"paymentElementKey": "x", "title": "X", "pattern": pattern, "regex": pattern});
    let method = json!({"paymentMethodType": "KONBINI", "paymentElements": [field]});
    let sdk = Sdk::new();
    sdk.create();
    sdk.gateway.answer(&json!({"success": true, "paymentMethods": [method]})).await;
    let screen = sdk.shows("form").await;
    let input = screen.element(".fields input");
    assert!(!input.has_attribute("pattern"));
    assert_eq!(
        input.closest("form").unwrap().unwrap().get_attribute("novalidate").as_deref(),
        Some("")
    );
}

/// A long body is not even read.
#[wasm_bindgen_test]
async fn a_body_that_announces_too_many_bytes_is_not_read() {
    for (length, is_read) in [("9999999", true), ("10000000", false), ("1e3", true), ("", true)] {
        let sdk = Sdk::new();
        let opened = sdk.create();
        let read = std::rc::Rc::new(std::cell::Cell::new(false));
        let reading = std::rc::Rc::clone(&read);
        let (response, headers) = (Object::new(), web_sys::Headers::new().unwrap());
        headers.set("Content-Length", length).unwrap();
        set(&response, "status", &200.into());
        set(&response, "headers", &headers);
        let body = function(move |_| {
            reading.set(true);
            Ok(Promise::<JsValue>::resolve(&JsValue::from("{}")).into())
        });
        set(&response, "text", &body);
        sdk.gateway.call().await.resolve_with(&response);
        let (_, message) = rejection(opened.outcome().await);
        assert_eq!(read.get(), is_read, "{length}");
        assert_eq!(
            message.contains("the answer is longer than 1048576 characters"),
            !is_read,
            "{message}"
        );
    }
}

#[wasm_bindgen_test]
async fn a_network_error_is_no_answer() {
    let message = refusal(Call::fail).await;
    assert!(message.contains("could not be reached"), "{message}");
}

#[wasm_bindgen_test]
async fn an_interrupted_body_is_no_answer() {
    let message = refusal(|call| {
        let response = Object::new();
        set(&response, "status", &200.into());
        set(&response, "headers", &web_sys::Headers::new().unwrap());
        let broken = function(|_| Ok(Promise::reject(&"broken".into()).into()));
        set(&response, "text", &broken);
        call.resolve_with(&response);
    })
    .await;
    assert!(message.contains("could not be reached"), "{message}");
}

#[wasm_bindgen_test]
async fn a_replaced_fetch_may_return_anything() {
    let no_then = Promise::resolve(&JsValue::UNDEFINED);
    set(&no_then, "then", &JsValue::NULL);
    for fetch in [
        thrower("no network"),
        function(|_| Err(JsValue::NULL)),
        function(|_| Ok(JsValue::UNDEFINED)),
        function(|_| Ok(JsValue::NULL)),
        function(|_| Ok(7.into())),
        function(|_| Ok(Promise::resolve(&JsValue::UNDEFINED).into())),
        function(|_| Ok(Promise::resolve(&Object::new()).into())),
        function(move |_| Ok(no_then.clone().into())),
    ] {
        let sdk = Sdk::new();
        let _own = Patch::new(&window(), "fetch", &fetch);
        let (code, message) = rejection(sdk.create().outcome().await);
        assert_eq!(code, "SDK_CREATECOMPONENT_ERROR");
        assert!(message.contains("could not be reached"), "{message}");
        assert!(sdk.host.thrown().is_empty());
        assert!(!sdk.is_in_page());
    }
}

#[wasm_bindgen_test]
async fn an_unanswered_submit_is_followed_by_an_inquiry() {
    let sdk = Sdk::new();
    let form = sdk.card_form().await;
    crate::support::press(&sdk.screen().button());
    form.answer_with_token().await;
    sdk.gateway.call().await.fail();
    let call = sdk.gateway.call().await;
    assert_eq!(call.operation(), "inquire");
    let order = sdk.record.take();
    let end = ["onLog SUBMIT_SILENT", "onError SUBMIT_NETWORK_ERROR", "SUBMIT_NETWORK_ERROR"];
    assert!(order.ends_with(&end.map(str::to_owned)), "{order:?}");
    call.answer(&json!({"success": true}));
    sdk.shows("form").await;
}

#[wasm_bindgen_test]
async fn a_call_times_out_after_15_seconds() {
    let clock = Clock::start();
    let sdk = Sdk::under(&clock);
    let opened = sdk.create();
    let call = sdk.gateway.call().await;
    clock.advance(14_999);
    assert!(sdk.is_in_page() && !call.is_aborted());
    clock.advance(1);
    assert!(!sdk.is_in_page() && call.is_aborted());
    let (_, message) = rejection(opened.outcome().await);
    assert!(message.contains("did not answer within 15 seconds"), "{message}");
}

#[wasm_bindgen_test]
async fn a_late_answer_changes_nothing() {
    for has_abort_controller in [true, false] {
        let sdk = Sdk::with(Setup { has_abort_controller, ..Setup::default() });
        let opened = sdk.create();
        let call = sdk.gateway.call().await;
        sdk.checkout.unmount();
        assert_eq!(call.is_aborted(), has_abort_controller);
        sdk.record.take();
        call.answer(&answers::card());
        run_queued_tasks().await;
        assert!(opened.outcome().await.unwrap().is_undefined());
        assert!(!sdk.is_in_page());
        assert!(sdk.record.order().is_empty());
    }
}

#[wasm_bindgen_test]
async fn an_answer_to_an_earlier_opening_is_ignored() {
    for has_abort_controller in [true, false] {
        let sdk = Sdk::with(Setup { has_abort_controller, ..Setup::default() });
        sdk.create();
        let first = sdk.gateway.call().await;
        sdk.checkout.unmount();
        sdk.create();
        let second = sdk.gateway.call().await;
        first.answer(&answers::card());
        run_queued_tasks().await;
        assert!(sdk.screen().frame().is_none());
        assert!(!second.is_aborted(), "has a signal of its own");
        second.answer(&answers::payment("SUCCESS", &json!({})));
        sdk.receives("PAYMENT_SUCCESSFUL").await;
    }
}

#[wasm_bindgen_test]
async fn an_aborted_body_is_not_awaited() {
    let sdk = Sdk::new();
    sdk.create();
    let call = sdk.gateway.call().await;
    let mut finish = None;
    let text = Promise::new(&mut |resolve, _| finish = Some(resolve));
    let response = Object::new();
    set(&response, "status", &200.into());
    set(&response, "headers", &web_sys::Headers::new().unwrap());
    set(&response, "text", &function(move |_| Ok(text.clone().into())));
    call.resolve_with(&response);
    run_queued_tasks().await;
    sdk.checkout.unmount();
    sdk.record.take();
    let body = answers::card().to_string();
    finish.unwrap().call1(&JsValue::UNDEFINED, &body.into()).unwrap();
    run_queued_tasks().await;
    assert!(!sdk.is_in_page());
    assert!(sdk.record.order().is_empty());
}
