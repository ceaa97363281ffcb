//! `onBeforeSubmit`: the merchant's answer as a value, promise or exception, and its time limit.

use js_sys::{Object, Promise, Reflect};
use serde_json::json;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    CardForm, Clock, Does, Sdk, Setup, answers, bare, from_js, function, rejection,
    run_queued_tasks, set, thrower, to_js, with_getter,
};

const QUESTION: &str = "onBeforeSubmit CARD";

fn with_before_submit() -> Sdk {
    Sdk::with(Setup { asks_before_submit: true, ..Setup::default() })
}

fn answer(result: &str) -> JsValue {
    to_js(&json!({ "result": result }))
}

/// Presses pay with a filled-in card.
async fn paid(sdk: &Sdk) -> (CardForm, crate::support::Watched) {
    let form = sdk.card_form().await;
    let submitted = sdk.submit();
    form.answer_with_token().await;
    (form, submitted)
}

#[wasm_bindgen_test]
async fn continuing_answers_may_be_values_or_promises() {
    let thenable = || {
        let thenable = Object::new();
        set(
            &thenable,
            "then",
            &function(|resolve| {
                let resolve: js_sys::Function = resolve.unchecked_into();
                resolve.call1(&JsValue::UNDEFINED, &answer("CONTINUE"))
            }),
        );
        Ok(thenable.into())
    };
    let ways: [Does; 7] = [
        || Ok(answer("CONTINUE")),
        || Ok(answer("IGNORE")),
        // Nothing is no objection.
        || Ok(JsValue::UNDEFINED),
        || Ok(JsValue::NULL),
        || Ok(Promise::resolve(&JsValue::UNDEFINED).into()),
        || Ok(Promise::resolve(&answer("CONTINUE")).into()),
        thenable,
    ];
    for way in ways {
        let sdk = with_before_submit();
        sdk.record.returns(QUESTION, way);
        paid(&sdk).await;
        let call = sdk.gateway.call().await;
        assert_eq!(call.request()["paymentFactors"]["cardToken"], "tok_1");
        let question = json!({"paymentMethodType": "CARD", "processType": "PAYMENT"});
        assert_eq!(sdk.record.of("onBeforeSubmit"), [question]);
    }
}

#[wasm_bindgen_test]
async fn any_other_answer_stops_the_submit_and_keeps_the_form() {
    let inherited = || Ok(Object::create(answer("CONTINUE").unchecked_ref::<Object>()).into());
    let ways: [(Does, &str); 14] = [
        (inherited, "undefined"),
        (|| Ok(answer("CANCEL")), "CANCEL"),
        (|| Ok(answer("ERROR")), "ERROR"),
        (|| Ok(answer("TIMEOUT")), "TIMEOUT"),
        (|| Ok(answer("continue")), "continue"),
        (|| Ok(JsValue::FALSE), "undefined"),
        (|| Ok(JsValue::TRUE), "undefined"),
        // What may be the merchant's objection is not passed over.
        (|| Ok(with_getter("billingAddress", &thrower("mine")).into()), "ERROR"),
        (|| Ok("CONTINUE".into()), "undefined"),
        (|| Ok(Object::new().into()), "undefined"),
        (|| Err("mine".into()), "ERROR"),
        (|| Err(bare()), "ERROR"),
        (|| Ok(Promise::reject(&"mine".into()).into()), "ERROR"),
        (|| Ok(with_getter("result", &thrower("mine")).into()), "ERROR"),
    ];
    for (way, named) in ways {
        let sdk = with_before_submit();
        sdk.record.returns(QUESTION, way);
        let (_form, submitted) = paid(&sdk).await;
        let outcome = from_js(&submitted.outcome().await.unwrap());
        assert_eq!(outcome["code"], "SDK_FORM_VERIFICATION_FAILED");
        let message = outcome["message"].as_str().unwrap();
        assert!(message.starts_with(&format!("onBeforeSubmit answered {named}, ")), "{message}");
        let shown = sdk.screen().shown();
        assert_eq!(shown.button, "Pay MYR\u{a0}42.00", "the form is back");
        assert_eq!(shown.alert.is_empty(), named == "CANCEL", "{named}");
        assert!(sdk.gateway.is_quiet());
        assert!(sdk.host.thrown().is_empty());
    }
}

#[wasm_bindgen_test]
async fn thrown_values_are_logged() {
    let without_then = || {
        let promise = Promise::resolve(&answer("CONTINUE"));
        set(&promise, "then", &thrower("no then"));
        Ok(promise.into())
    };
    let without_constructor = || {
        let promise: Object = Promise::resolve(&answer("CONTINUE")).unchecked_into();
        let descriptor = Object::new();
        set(&descriptor, "get", &thrower("no constructor"));
        Reflect::define_property(&promise, &"constructor".into(), &descriptor).unwrap();
        Ok(promise.into())
    };
    let ways: [(Does, &str); 6] = [
        (without_then, "Error: no then"),
        (without_constructor, "Error: no constructor"),
        (|| Err("mine".into()), "mine"),
        (|| Ok(Promise::reject(&"late".into()).into()), "late"),
        (|| Ok(with_getter("then", &thrower("never")).into()), "Error: never"),
        (|| Err(bare()), "a value that cannot be printed"),
    ];
    for (way, printed) in ways {
        let sdk = with_before_submit();
        sdk.record.returns(QUESTION, way);
        let (_form, submitted) = paid(&sdk).await;
        submitted.outcome().await.unwrap();
        let line = json!({
            "code": "CALLBACK_THREW",
            "message": format!("onBeforeSubmit threw: {printed}"),
        });
        assert_eq!(sdk.record.of("onLog"), [line]);
    }
}

#[wasm_bindgen_test]
async fn the_billing_address_and_the_process_type_are_submitted() {
    let sdk = with_before_submit();
    sdk.record.returns(QUESTION, || {
        Ok(to_js(&json!({
            "result": "CONTINUE",
            "processType": "PAYMENT",
            "billingAddress": {"city": "Kuala Lumpur", "region": "MY"},
        })))
    });
    let form = sdk.card_form().await;
    sdk.submit_with(&to_js(&json!({"city": "Ipoh", "zipCode": "30000"})));
    form.answer_with_token().await;
    let request = sdk.gateway.call().await.request();
    let address = json!({"city": "Kuala Lumpur", "region": "MY"});
    assert_eq!(request["paymentFactors"], json!({"cardToken": "tok_1", "billingAddress": address}));
    assert_eq!(request["extParams"]["processType"], "PAYMENT");
}

#[wasm_bindgen_test]
async fn a_method_without_a_form_opens_only_if_the_merchant_continues() {
    for (result, label) in
        [("ERROR", "onError CREATECOMPONENT_ERROR"), ("CANCEL", "PAYMENT_CANCEL")]
    {
        let sdk = with_before_submit();
        sdk.record.returns("onBeforeSubmit PAYNOW", move || Ok(answer(result)));
        let opened = sdk.create();
        sdk.gateway.answer(&answers::method("PAYNOW")).await;
        sdk.receives(label).await;
        let outcome = opened.outcome().await;
        if result == "ERROR" {
            rejection(outcome);
        } else {
            assert!(outcome.unwrap().is_undefined());
        }
        assert!(!sdk.is_in_page());
        assert!(sdk.gateway.is_quiet());
    }
}

#[wasm_bindgen_test]
async fn a_missing_answer_stops_the_submit_after_30_seconds() {
    let clock = Clock::start();
    let sdk = Sdk::under_with(&clock, Setup { asks_before_submit: true, ..Setup::default() });
    let late = std::rc::Rc::new(std::cell::RefCell::new(None));
    let keep = std::rc::Rc::clone(&late);
    sdk.record.returns(QUESTION, move || {
        let promise = Promise::new(&mut |resolve, _| {
            keep.replace(Some(resolve));
        });
        Ok(promise.into())
    });
    let (_form, submitted) = paid(&sdk).await;
    sdk.receives(QUESTION).await;
    clock.advance(29_999);
    assert_eq!(sdk.screen().shown().button, "Paying…");
    clock.advance(1);
    let outcome = from_js(&submitted.outcome().await.unwrap());
    assert!(outcome["message"].as_str().unwrap().contains("answered TIMEOUT"), "{outcome}");

    let resolve: js_sys::Function = late.borrow_mut().take().unwrap();
    resolve.call1(&JsValue::UNDEFINED, &answer("CONTINUE")).unwrap();
    run_queued_tasks().await;
    assert!(sdk.gateway.is_quiet());
    assert_eq!(sdk.screen().shown().button, "Pay MYR\u{a0}42.00");
}

#[wasm_bindgen_test]
async fn an_answer_after_unmount_changes_nothing() {
    let sdk = with_before_submit();
    let late = std::rc::Rc::new(std::cell::RefCell::new(None));
    let keep = std::rc::Rc::clone(&late);
    sdk.record.returns(QUESTION, move || {
        let promise = Promise::new(&mut |resolve, _| {
            keep.replace(Some(resolve));
        });
        Ok(promise.into())
    });
    let (_form, submitted) = paid(&sdk).await;
    sdk.receives(QUESTION).await;
    sdk.checkout.unmount();
    let outcome = from_js(&submitted.outcome().await.unwrap());
    assert_eq!(outcome["code"], "SDK_PAYMENT_PROCESSING");
    sdk.record.take();
    let resolve: js_sys::Function = late.borrow_mut().take().unwrap();
    resolve.call1(&JsValue::UNDEFINED, &answer("CONTINUE")).unwrap();
    run_queued_tasks().await;
    assert!(sdk.gateway.is_quiet());
    assert!(sdk.record.order().is_empty());
}
