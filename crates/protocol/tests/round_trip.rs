//! What `Serialize` writes, the SDK's reader reads: every member of every answer.
//!
//! The samples name every field of their types, so that a new member cannot be forgotten here.
#![allow(clippy::unwrap_used, reason = "in a test, a panic with a message is the report")]

use kassa_protocol::client::{
    ActionForm, AmountView, CardPaymentResultInfo, Choice, CodeView, Element, ErrorActions,
    GatewayAnswer, MethodView, MinorAmount, Offer, PaymentExtendInfo, PaymentState,
    PublishedAnswer, Refusal, RiskDecision, SavedMethodDetail, SavedMethodView, SessionConfig,
    TokenAnswer,
};
use kassa_protocol::json::{FromJson, ToJson, read};
use kassa_protocol::{
    ChallengeWindowSize, DisplayType, ElementType, EpochMillis, ErrorStatus, PaymentMethodType,
    PaymentStatus, WaitsFor,
};
use serde_json::{Value, json};

fn text(name: &str) -> Option<String> {
    Some(format!("{name} \u{1f4b3}"))
}

fn amount() -> AmountView {
    AmountView {
        currency: "MYR".into(),
        value: "4200".into(),
        formatted_value: text("formattedValue"),
        currency_label: text("currencyLabel"),
        currency_divider: text("currencyDivider"),
        currency_symbol_position: text("currencySymbolPosition"),
    }
}

fn minor_amount() -> MinorAmount {
    MinorAmount {
        currency: "MYR".into(),
        currency_label: text("currencyLabel"),
        value: "4200".into(),
    }
}

fn element(sub_payment_element_view: Vec<Element>) -> Element {
    Element {
        payment_element_key: "payerName".into(),
        element_type: Some(ElementType::Name),
        element_mandatory: true,
        title: text("title"),
        default_text: text("defaultText"),
        default_value: text("defaultValue"),
        param_illegal_text: text("paramIllegalText"),
        options: vec![Choice { value: "ING".into(), text: "ING Bank".into() }],
        min_length: Some(1),
        max_length: Some(u16::MAX),
        country: Some("NL".into()),
        sub_payment_element_view,
    }
}

fn offer() -> Offer {
    Offer {
        payment_amount_view: Some(amount()),
        payment_amount: Some(minor_amount()),
        order_amount_view: Some(AmountView { currency: "USD".into(), ..amount() }),
        order_amount: Some(MinorAmount { currency: "USD".into(), ..minor_amount() }),
        payment_methods: vec![MethodView {
            payment_method_type: Some(PaymentMethodType::Other("BLIK".into())),
            payment_method_name: text("paymentMethodName"),
            category: text("category"),
            inter_action_type: text("interActionType"),
            payment_elements: vec![element(vec![element(vec![]), element(vec![])])],
        }],
        saved_payment_methods: vec![SavedMethodView {
            payment_method_type: Some(PaymentMethodType::Card),
            payment_method_id: text("paymentMethodId"),
            payment_method_detail: Some(SavedMethodDetail {
                brand: "VISA".into(),
                last4: "0768".into(),
            }),
        }],
        merchant_name: text("merchantName"),
        payment_redirect_url: text("paymentRedirectUrl"),
        redirect_url: text("redirectUrl of a query"),
        payment_session_expiry_time: text("paymentSessionExpiryTime"),
        frame_url: text("frameUrl"),
    }
}

fn payment_state() -> PaymentState {
    PaymentState {
        attempt_id: text("attemptId"),
        payment_status: Some(PaymentStatus::Processing),
        payment_result_code: text("paymentResultCode"),
        payment_result_message: text("paymentResultMessage"),
        extend_info: Some(PaymentExtendInfo {
            payment_redirect_url: text("paymentRedirectUrl of extendInfo"),
        }),
        normal_url: text("normalUrl"),
        action_form: Some(ActionForm {
            action_form_type: text("actionFormType"),
            method: text("method"),
            redirect_url: text("redirectUrl"),
        }),
        scheme_url: text("schemeUrl"),
        applink_url: text("applinkUrl"),
        code_form_views: vec![
            CodeView {
                code: "00020101".into(),
                code_expire_time: Some(EpochMillis(1_700_000_000_000)),
                display_type: Some(DisplayType::QrCode),
            },
            CodeView { code: "1".into(), code_expire_time: None, display_type: None },
        ],
        waits_for: Some(WaitsFor::Approval),
        expire_time: Some(EpochMillis(u64::MAX)),
        three_ds_method_url: text("threeDSMethodUrl"),
        challenge: Some(false),
        challenge_url: text("challengeUrl"),
        challenge_window_size: Some(ChallengeWindowSize::W500H600),
        card_payment_result_info: Some(CardPaymentResultInfo {
            card_no: text("cardNo"),
            card_brand: text("cardBrand"),
            card_bin: text("cardBin"),
            last_four: text("lastFour"),
            issuer_name: text("issuerName"),
            issuing_country: text("issuingCountry"),
            funding: text("funding"),
            avs_result_raw: text("avsResultRaw"),
            cvv_result_raw: text("cvvResultRaw"),
            hold_name: text("holdName"),
            fingerprint: text("fingerprint"),
            expiry_month: text("expiryMonth"),
            expiry_year: text("expiryYear"),
        }),
        pop_risk_decision_result_info: Some(RiskDecision {
            risk_decision: text("riskDecision"),
            risk_auth_decision: text("riskAuthDecision"),
        }),
        server_time: Some(EpochMillis(0)),
    }
}

fn refusal() -> Refusal {
    Refusal {
        error_code: text("errorCode"),
        error_message: text("errorMessage"),
        error_status: Some(ErrorStatus::Unknown),
        environment: text("environment"),
    }
}

fn full() -> GatewayAnswer {
    GatewayAnswer { success: true, refusal: refusal(), offer: offer(), payment: payment_state() }
}

fn check<T: FromJson + ToJson + PartialEq + std::fmt::Debug>(value: &T) {
    let written = serde_json::to_value(value.to_json()).unwrap();
    assert_eq!(read(&written).as_ref(), Ok(value), "{written}");
}

#[test]
fn every_answer_survives_the_trip() {
    check(&full());
    check(&PublishedAnswer {
        payment_session_config: Some(SessionConfig {
            product_scene: "CASHIER_PAYMENT".into(),
            product_scene_version: "1.0".into(),
            payment_method_category_type: "CARD".into(),
        }),
        error_actions: Some(ErrorActions { show_type: text("showType") }),
        answer: full(),
    });
    check(&GatewayAnswer::default());
    check(&refusal());
    check(&offer());
    check(&payment_state());
    check(&amount());
    check(&element(vec![element(vec![])]));
    check(&TokenAnswer {
        success: true,
        card_token: text("cardToken"),
        brand: text("brand"),
        last_four: text("lastFour"),
        error_code: text("errorCode"),
        error_message: text("errorMessage"),
    });
}

#[test]
fn the_sandbox_reads_the_same() {
    let written = serde_json::to_string(&full()).unwrap();
    let read: GatewayAnswer = serde_json::from_str(&written).unwrap();
    assert_eq!(read, full());
}

#[test]
fn an_answer_is_one_flat_object() {
    let written = serde_json::to_value(full()).unwrap();
    for member in ["success", "errorCode", "paymentMethods", "paymentStatus", "codeFormViews"] {
        assert!(written.get(member).is_some(), "{member}");
    }
}

#[test]
fn absent_members_are_not_written() {
    assert_eq!(serde_json::to_value(GatewayAnswer::default()).unwrap(), json!({"success": false}));
    assert_eq!(serde_json::to_value(PaymentState::default()).unwrap(), json!({}));
}

/// One member at a time: the reader looks up the name that is written, for each member alone.
#[test]
fn every_member_stands_alone() {
    let written = serde_json::to_value(full()).unwrap();
    let Value::Object(members) = written else { panic!("an object: {written}") };
    for (name, value) in members {
        let alone = json!({ &name: value });
        let read: GatewayAnswer = read(&alone).unwrap();
        let again = serde_json::to_value(&read).unwrap();
        assert_eq!(again.get(&name), alone.get(&name), "{name}");
        for other in again.as_object().unwrap().keys() {
            assert!(*other == name || other == "success", "{name} also sets {other}");
        }
    }
}
