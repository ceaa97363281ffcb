//! Requests to the gateway.

use js_sys::{Function, Reflect};
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Patch, Sdk, answers, opening, origin, to_js, window};

#[wasm_bindgen_test]
async fn a_call_follows_no_redirect_and_uses_no_cache() {
    let sdk = Sdk::new();
    sdk.create();
    let call = sdk.gateway.call().await;
    assert_eq!(call.url, format!("{}/mgw.htm", origin()));
    for (option, value) in [
        ("method", "POST"),
        ("cache", "no-store"),
        ("redirect", "error"),
        ("referrerPolicy", "origin"),
        ("credentials", "omit"),
    ] {
        assert_eq!(call.option(option), value, "{option}");
    }
    let header = |name| call.header(name).unwrap();
    assert_eq!(header("Content-Type"), "application/json");
    assert_eq!(header("Operation-Type"), "com.ipay.iexpcashier.sdkAction.query");
    assert_eq!(header("load-test"), "true", "marks a sandbox call");
    let time: f64 = header("Client-Time").parse().unwrap();
    assert!((js_sys::Date::now() - time).abs() < 60_000.0);
    assert!(call.signal().is_some_and(|signal| !signal.aborted()));
}

#[wasm_bindgen_test]
async fn a_call_has_the_browsers_values_unchanged() {
    // Quotes, backslashes and letters of any kind.
    let agent = "A \"quoted\" \\ \u{2028} \u{1f4b3} browser";
    let navigator = JsValue::from(window().navigator());
    let _agent = Patch::new(&navigator, "userAgent", &agent.into());
    let _language = Patch::new(&navigator, "language", &"ms-MY".into());
    let screen = JsValue::from(window().screen().unwrap());
    let _depth = Patch::new(&screen, "colorDepth", &30.into());
    let _width = Patch::new(&screen, "width", &1280.into());
    let sdk = Sdk::new();
    sdk.create_with(&json!({"notRedirectAfterComplete": true}));
    let request = sdk.gateway.call().await.request();
    let browser = &request["envInfo"]["browserInfo"];
    assert_eq!(browser["browserUserAgent"], agent);
    assert_eq!(browser["browserLanguage"], "ms-MY");
    assert_eq!(browser["browserColorDepth"], 30);
    assert_eq!(browser["browserJavaScriptEnabled"], true);
    assert_eq!(browser["browserJavaEnabled"], false);
    let environment = &request["envInfo"];
    assert_eq!(environment["screenWidth"], 1280);
    assert_eq!(environment["locale"], "en_US");
    assert_eq!(environment["terminalType"], "WEB");
    let offset = js_sys::Date::new_0().get_timezone_offset();
    assert_eq!(environment["timeZoneOffset"].as_f64(), Some(offset));
    assert_eq!(request["notRedirectAfterComplete"], true);
    assert_eq!(request["paymentSessionData"], answers::SESSION);
}

#[wasm_bindgen_test]
async fn the_query_of_the_pages_address_is_not_sent() {
    let address = window().location().href().unwrap();
    let history = window().history().unwrap();
    let secret = Some("?secret=1#and-more");
    history.replace_state_with_url(&JsValue::NULL, "", secret).unwrap();
    let sdk = Sdk::new();
    sdk.create();
    let request = sdk.gateway.call().await.request();
    history.replace_state_with_url(&JsValue::NULL, "", Some(&address)).unwrap();
    let page = format!("{}{}", origin(), window().location().pathname().unwrap());
    assert_eq!(request["extParams"]["refUrl"], page);
}

#[wasm_bindgen_test]
async fn session_config_and_merchant_param_reach_the_gateway() {
    let sdk = Sdk::new();
    // {"paymentSessionConfig":{"productScene":"CASHIER_PAYMENT","more":[1]}}
    let metadata = "eyJwYXltZW50U2Vzc2lvbkNvbmZpZyI6eyJwcm9kdWN0U2NlbmUiOiJDQVNISUVSX1BBWU1FTlQiLCJt\
                    b3JlIjpbMV19fQ==";
    let param = json!({"storedCard": {"needCVV": true}, "list": [1, 1.5, null, "x"]});
    let session = format!("{}&&{metadata}", answers::SESSION);
    sdk.create_with(&json!({"sessionData": session, "merchantAppointParam": param}));
    let query = sdk.gateway.answer(&answers::method("PAYNOW")).await.request();
    let config = json!({"productScene": "CASHIER_PAYMENT", "more": [1]});
    assert_eq!(query["paymentSessionConfig"], config);
    assert_eq!(query["paymentSessionData"], answers::SESSION, "three parts");
    assert_eq!(query["merchantAppointParam"], param);

    let submit = sdk.gateway.call().await.request();
    assert_eq!(submit["paymentSessionConfig"], config);
    assert_eq!(submit["paymentMethod"], json!({"paymentMethodType": "PAYNOW"}));
    assert_eq!(submit["paymentFactors"], json!({}));
}

#[wasm_bindgen_test]
async fn a_regions_own_gateway_gets_cookies_and_a_merchants_does_not() {
    let options = json!({"environment": "prod", "gateway": null});
    let sdk = Sdk::with_options(options);
    sdk.create_with(&json!({"sessionData": "c2Vzc2lvbg==&&US&&188"}));
    let call = sdk.gateway.call().await;
    assert_eq!(call.url, "https://imgs-na-global.alipay.com/mgw.htm");
    assert_eq!(call.option("credentials"), "include");
    assert_eq!(call.header("load-test"), None, "real money");
}

#[wasm_bindgen_test]
async fn attempt_ids_do_not_depend_on_math_random() {
    let math = Reflect::get(&window(), &"Math".into()).unwrap();
    let constant = Function::new_no_args("return 0.5");
    let _replaced = Patch::new(&math, "random", &constant);
    let mut ids = Vec::new();
    for _ in 0..3 {
        let sdk = Sdk::new();
        let request = sdk.submits_without_form(&json!({})).await.request();
        ids.push(request["extParams"]["attemptId"].as_str().unwrap().to_owned());
    }
    for (at, id) in ids.iter().enumerate() {
        let (seed, number) = id.split_once('-').unwrap();
        assert_eq!(number, "1");
        assert_eq!(seed.len(), 24, "{id}");
        assert!(seed.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
        assert!(!ids[at + 1..].contains(id), "{ids:?}");
    }
}

#[wasm_bindgen_test]
async fn a_fourth_part_must_be_base64_of_an_object() {
    for (part, is_taken) in
        [("e30=", true), ("%%%", false), ("W10=", false), ("IngI", false), ("", true)]
    {
        let sdk = Sdk::new();
        let session = format!("{}&&{part}", answers::SESSION);
        sdk.open(&opening(&json!({"sessionData": session})), &JsValue::UNDEFINED);
        assert_eq!(!sdk.gateway.is_quiet(), is_taken, "{part}");
        assert_eq!(sdk.record.has("CREATEPAYMENT_PARAMETER_ERROR"), !is_taken, "{part}");
    }
}

#[wasm_bindgen_test]
async fn an_invalid_session_is_refused_without_a_component_in_the_page() {
    for session in ["", "abc", "abc&&SG", "&&SG&&1"] {
        let sdk = Sdk::new();
        let opened = sdk.open(&to_js(&json!({"sessionData": session})), &JsValue::UNDEFINED);
        let (code, message) = crate::support::rejection(opened.outcome().await);
        assert_eq!(code, "SDK_CREATEPAYMENT_PARAMETER_ERROR");
        assert!(message.contains("sessionData cannot be used"), "{message}");
        let expected = ["onError CREATEPAYMENT_PARAMETER_ERROR", "CREATEPAYMENT_PARAMETER_ERROR"];
        assert_eq!(sdk.record.order(), expected);
        assert!(sdk.gateway.is_quiet());
        assert_eq!(sdk.host.mounted(), None);
    }
}
