//! Parameters of merchants, as far as the module checks them. `tests/e2e/reading.spec.ts` tests how
//! JavaScript reads them.

use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Sdk, opening, rejection};

#[wasm_bindgen_test]
async fn pass_through_that_is_too_deep_or_too_large_is_refused() {
    let mut deep = json!({});
    for _ in 0..20 {
        deep = json!({ "x": deep });
    }
    for value in [deep, json!({ "x": vec![0; 20_001] })] {
        let sdk = Sdk::new();
        let parameters = opening(&json!({"merchantAppointParam": value}));
        let (code, message) = rejection(sdk.open(&parameters, &JsValue::UNDEFINED).outcome().await);
        assert_eq!(code, "SDK_CREATEPAYMENT_PARAMETER_ERROR");
        assert!(message.contains("more than 16 levels"), "{message}");
        let expected = ["onError CREATEPAYMENT_PARAMETER_ERROR", "CREATEPAYMENT_PARAMETER_ERROR"];
        assert_eq!(sdk.record.order(), expected);
        assert!(sdk.gateway.is_quiet() && sdk.host.mounted().is_none());
    }
}

#[wasm_bindgen_test]
async fn a_value_of_any_type_is_passed_through() {
    for value in [json!("x"), json!(7), json!([1]), json!({"storedCard": "x"})] {
        let sdk = Sdk::new();
        sdk.create_with(&json!({"merchantAppointParam": value}));
        assert_eq!(sdk.gateway.call().await.request()["merchantAppointParam"], value);
    }
}
