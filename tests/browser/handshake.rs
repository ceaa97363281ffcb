//! The card form's frame and the handshake with it.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    CardForm, Element, HELLO, Patch, Sdk, answers, message_from, origin, rejection,
    run_queued_tasks, until, window,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlIFrameElement;

/// A component whose card form has loaded and has not greeted.
async fn loaded(sdk: &Sdk) -> CardForm {
    sdk.create();
    sdk.gateway.answer(&answers::card()).await;
    CardForm::of(sdk).await
}

#[wasm_bindgen_test]
async fn the_frame_has_a_title_and_few_permissions() {
    let sdk = Sdk::new();
    let form = loaded(&sdk).await;
    let encoded = String::from(js_sys::encode_uri_component(&origin()));
    let address = format!("{}{}#{encoded}", origin(), answers::CARD_FORM);
    for (name, value) in [
        ("src", address.as_str()),
        ("title", "Card details"),
        ("sandbox", "allow-scripts allow-same-origin allow-forms"),
        ("allow", "payment; autofill"),
        ("referrerpolicy", "origin"),
    ] {
        assert_eq!(form.frame.get_attribute(name).as_deref(), Some(value), "{name}");
    }
    assert!(!sdk.screen().shown().has_form, "loads out of sight");
}

#[wasm_bindgen_test]
async fn messages_before_the_handshake_arrive_after_it() {
    let sdk = Sdk::new();
    let form = loaded(&sdk).await;
    run_queued_tasks().await;
    assert_eq!(form.welcomes(), 0, "the form greets first");
    form.send_hello().await;
    let init = form.receives("init").await;
    assert_eq!(init["session"], answers::SESSION);
    assert_eq!(init["locale"], "en-US");
    assert_eq!(init.get("theme"), None);
    assert_eq!(init.get("storedCard"), None);
    assert_eq!(form.received().len(), 1);
}

#[wasm_bindgen_test]
async fn only_the_frames_own_window_and_origin_get_a_port() {
    let (sdk, other) = (Sdk::new(), Element::new("iframe"));
    let form = loaded(&sdk).await;
    let other = other.unchecked_ref::<HtmlIFrameElement>().content_window().unwrap();
    let hello = json!({"t": HELLO});
    for (source, origin, message) in [
        (&other, origin().as_str(), &hello),
        (&window(), origin().as_str(), &hello),
        (&form.window(), "https://evil.example", &hello),
        (&form.window(), "null", &hello),
        (&form.window(), "", &hello),
        (&form.window(), origin().as_str(), &json!({"t": "kassa:welcome"})),
        (&form.window(), origin().as_str(), &json!({"t": "kassa:3ds"})),
        (&form.window(), origin().as_str(), &json!([HELLO])),
        (&form.window(), origin().as_str(), &json!(HELLO)),
        (&form.window(), origin().as_str(), &Value::Null),
    ] {
        message_from(source, origin, message);
        run_queued_tasks().await;
        assert_eq!(form.welcomes(), 0, "{origin} {message}");
    }
    // The valid message.
    message_from(&form.window(), &origin(), &hello);
    until("the form is welcome", || form.welcomes() == 1).await;
}

#[wasm_bindgen_test]
async fn an_event_without_message_data_is_ignored() {
    let sdk = Sdk::new();
    let form = loaded(&sdk).await;
    crate::support::dispatch(&window(), "message");
    form.send_hello().await;
    form.send(&json!({"t": "ready"}));
    sdk.shows("form").await;
}

#[wasm_bindgen_test]
async fn messages_after_unmount_are_ignored() {
    let sdk = Sdk::new();
    let form = loaded(&sdk).await;
    form.send_hello().await;
    sdk.checkout.unmount();
    sdk.record.take();
    form.send(&json!({"t": "ready"}));
    form.send(&json!({"t": "close"}));
    run_queued_tasks().await;
    assert!(sdk.record.order().is_empty());
    assert!(sdk.host.thrown().is_empty());
}

#[wasm_bindgen_test]
async fn a_stored_card_is_shown_with_four_digits_at_most() {
    let sdk = Sdk::new();
    let stored = json!({"savedPaymentMethods": [{
        "paymentMethodType": "CARD",
        "paymentMethodId": "pm_1",
        "paymentMethodDetail": {"brand": "VISA", "last4": "4111111111110768"},
    }]});
    let parameters = json!({
        "appearance": {"theme": "night"},
        "merchantAppointParam": {"storedCard": {"needCVV": true}},
    });
    let form = sdk.card_form_with(&parameters, &answers::with(&answers::card(), &stored)).await;
    let init = form.receives("init").await;
    let card = json!({"id": "pm_1", "brand": "VISA", "lastFour": "0768", "needsCvc": true});
    assert_eq!(init["storedCard"], card);
    assert_eq!(init["theme"], "night");

    let paid = sdk.submit();
    form.answer_with_token().await;
    let request = sdk.gateway.call().await.request();
    // The token stands for the card: the buyer may have typed another one.
    assert_eq!(request["paymentMethod"], json!({"paymentMethodType": "CARD"}));
    assert!(!paid.is_settled());
}

#[wasm_bindgen_test]
async fn the_form_gets_the_origin_of_the_document_not_that_of_its_address() {
    // As in a frame with `srcdoc`, whose address has no origin.
    let _origin = Patch::new(&window(), "origin", &"https://shop.example".into());
    let sdk = Sdk::new();
    sdk.create();
    sdk.gateway.answer(&answers::card()).await;
    until("the form loads", || sdk.screen().frame().is_some()).await;
    let source = sdk.screen().frame().unwrap().get_attribute("src").unwrap();
    assert!(source.ends_with("#https%3A%2F%2Fshop.example"), "{source}");
}

#[wasm_bindgen_test]
async fn an_opaque_origin_is_refused_by_name() {
    let _origin = Patch::new(&window(), "origin", &"null".into());
    let sdk = Sdk::new();
    let (code, message) = rejection(sdk.create().outcome().await);
    assert_eq!(code, "SDK_CREATEPAYMENT_PARAMETER_ERROR");
    assert!(message.contains("opaque origin"), "{message}");
    assert!(sdk.gateway.is_quiet());
}
