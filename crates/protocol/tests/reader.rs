//! The reader is lenient: an unusual member counts as absent, and no value makes it panic, recurse
//! without end, or read without end.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "in a test, a panic with a message is the report"
)]

use kassa_protocol::client::{Element, GatewayAnswer, TokenAnswer};
use kassa_protocol::frame::{FromForm, ToForm};
use kassa_protocol::json::{FromJson, FromMember, Json, MAX_DEPTH, MAX_VALUES, ReadError};
use kassa_protocol::{ChallengeWindowSize, DisplayType, EpochMillis, PassThrough, PaymentStatus};
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(json: Value) -> GatewayAnswer {
    GatewayAnswer::read(&json).unwrap()
}

#[test]
fn unknown_members_are_ignored() {
    let answer = read(json!({"success": true, "unknown": {"success": false}, "__proto__": 1}));
    assert_eq!(answer, GatewayAnswer { success: true, ..GatewayAnswer::default() });
}

#[test]
fn a_member_of_another_kind_is_absent() {
    let nothing = GatewayAnswer::default();
    for member in [
        "success",
        "errorCode",
        "paymentStatus",
        "paymentMethods",
        "codeFormViews",
        "actionForm",
        "cardPaymentResultInfo",
        "serverTime",
        "challenge",
    ] {
        for value in [json!(null), json!([[]]), json!([1, "x"]), json!([null])] {
            let json = json!({ member: value });
            assert_eq!(read(json.clone()), nothing, "{json}");
        }
    }
    for (member, value) in [
        ("success", json!("true")),
        ("success", json!(1)),
        ("challenge", json!("Y")),
        ("errorCode", json!(true)),
        ("errorCode", json!({"code": "X"})),
        ("actionForm", json!("https://bank.example/")),
        ("paymentMethods", json!({"0": {}})),
        ("serverTime", json!("-1")),
        ("serverTime", json!("1e3")),
        ("serverTime", json!("18446744073709551616")),
    ] {
        let json = json!({ member: value });
        assert_eq!(read(json.clone()), nothing, "{json}");
    }
}

#[test]
fn an_empty_text_counts_as_absent() {
    let answer = read(json!({"errorCode": "", "normalUrl": "", "paymentStatus": ""}));
    assert_eq!(answer, GatewayAnswer::default());
}

#[test]
fn numbers_count_as_text() {
    let answer = read(json!({
        "errorCode": 42,
        "serverTime": 1_700_000_000_000_u64,
        "paymentAmountView": {"currency": "MYR", "value": 4200},
        "challengeWindowSize": 2
    }));
    assert_eq!(answer.refusal.error_code.as_deref(), Some("42"));
    assert_eq!(answer.payment.server_time, Some(EpochMillis(1_700_000_000_000)));
    assert_eq!(answer.offer.payment_amount_view.unwrap().value, "4200");
    assert_eq!(
        answer.payment.challenge_window_size,
        Some(ChallengeWindowSize::Other("2".into())),
        "EMVCo's codes have two digits"
    );
}

#[test]
fn unknown_values_of_open_sets_are_kept() {
    let answer = read(json!({
        "paymentStatus": "ON_THE_MOON",
        "codeFormViews": [{"code": "1", "displayType": "HOLOGRAM"}]
    }));
    assert_eq!(answer.payment.payment_status, Some(PaymentStatus::Other("ON_THE_MOON".into())));
    let code = answer.payment.code_form_views.first().unwrap();
    assert_eq!(code.display_type, Some(DisplayType::Other("HOLOGRAM".into())));
    assert_eq!(code.display(), DisplayType::Text, "what is not known is shown as text");
}

#[test]
fn items_of_another_kind_are_left_out() {
    let answer = read(json!({"codeFormViews": [null, 1, "x", {"code": "1"}, []]}));
    let codes = answer.payment.code_form_views;
    assert_eq!(codes.len(), 1);
    assert_eq!(read(json!({"codeFormViews": [null]})), GatewayAnswer::default());
}

#[test]
fn lengths_are_whole_numbers_of_sixteen_bits() {
    for (value, expected) in [
        (json!(0), Some(0)),
        (json!(65535), Some(65535)),
        (json!(65536), None),
        (json!(-1), None),
        (json!(1.5), None),
        (json!(1e300), None),
        (json!("8"), None),
        (json!(null), None),
    ] {
        let element = Element::read(&json!({"maxLength": value})).unwrap();
        assert_eq!(element.max_length, expected, "{value}");
    }
}

#[test]
fn only_objects_are_answers() {
    for json in
        [json!(null), json!([]), json!([{"success": true}]), json!("x"), json!(1), json!(true)]
    {
        assert_eq!(GatewayAnswer::read(&json), Err(ReadError::OtherKind), "{json}");
        assert_eq!(TokenAnswer::from_json(&json), None, "{json}");
    }
}

fn many(count: usize) -> Value {
    Value::Array(vec![json!({"code": "1", "value": "1", "paymentElementKey": "k"}); count])
}

#[test]
fn a_list_over_its_limit_is_refused_by_name() {
    for (json, list) in [
        (json!({"codeFormViews": many(17)}), "codeFormViews"),
        (json!({"paymentMethods": many(257)}), "paymentMethods"),
        (json!({"savedPaymentMethods": many(257)}), "savedPaymentMethods"),
        (json!({"paymentMethods": [{"paymentElements": many(65)}]}), "paymentElements"),
        (json!({"paymentMethods": [{"paymentElements": [{"options": many(2_001)}]}]}), "options"),
        (
            json!({"paymentMethods": [{"paymentElements": [{"subPaymentElementView": many(65)}]}]}),
            "subPaymentElementView",
        ),
    ] {
        assert_eq!(GatewayAnswer::read(&json), Err(ReadError::TooMany(list)));
        assert_eq!(GatewayAnswer::from_json(&json), None);
    }
    for json in [
        json!({"codeFormViews": many(16)}),
        json!({"paymentMethods": [{"paymentElements": [{"options": many(2_000)}]}]}),
    ] {
        assert!(GatewayAnswer::read(&json).is_ok());
    }
}

/// Lists inside of lists could hold more than any single limit allows.
#[test]
fn a_value_has_a_limited_size() {
    let fields: Vec<Value> = (0..64).map(|_| json!({"options": many(400)})).collect();
    let json = json!({"paymentMethods": [{"paymentElements": fields}]});
    assert_eq!(GatewayAnswer::read(&json), Err(ReadError::TooManyValues));
    let list = Value::Array(vec![Value::Null; MAX_VALUES as usize]);
    assert!(PassThrough::read(&list).is_ok());
    let longer = Value::Array(vec![Value::Null; MAX_VALUES as usize + 1]);
    assert_eq!(PassThrough::read(&longer), Err(ReadError::TooManyValues));
}

fn nested(levels: usize, wrap: impl Fn(Value) -> Value) -> Value {
    (0..levels).fold(json!({}), |inner, _| wrap(inner))
}

#[test]
fn deep_nesting_is_refused_by_name() {
    let headings = |levels| nested(levels, |inner| json!({"subPaymentElementView": [inner]}));
    let answer = |levels| json!({"paymentMethods": [{"paymentElements": [headings(levels)]}]});
    assert!(GatewayAnswer::read(&answer(8)).is_ok());
    let error = ReadError::TooDeep("subPaymentElementView");
    assert_eq!(GatewayAnswer::read(&answer(17)), Err(error));
    assert_eq!(Element::read(&headings(17)), Err(error));
}

#[test]
fn passed_on_values_may_be_sixteen_levels_deep() {
    let depth = usize::from(MAX_DEPTH);
    for wrap in [|inner| json!({"a": inner}), |inner| json!([inner])] {
        let deepest = nested(depth, wrap);
        let read = PassThrough::from_json(&deepest).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), deepest);
        let deeper = nested(depth + 1, wrap);
        assert_eq!(PassThrough::from_json(&deeper), None);
    }
}

/// An object that contains itself in every member, as a merchant's object may.
#[derive(Clone)]
struct Cycle;

impl Json for Cycle {
    fn as_text(&self) -> Option<String> {
        None
    }

    fn as_number(&self) -> Option<f64> {
        None
    }

    fn as_flag(&self) -> Option<bool> {
        None
    }

    fn member(&self, _: &str) -> Option<Self> {
        Some(Self)
    }

    fn is_object(&self) -> bool {
        true
    }

    fn members(&self) -> Option<Vec<(String, Self)>> {
        Some(vec![("a".into(), Self), ("b".into(), Self)])
    }

    fn items(&self) -> Option<Vec<Self>> {
        Some(vec![Self, Self])
    }
}

#[test]
fn reading_an_endless_value_ends() {
    assert!(matches!(GatewayAnswer::read(&Cycle), Err(ReadError::TooDeep(_))));
    assert!(matches!(Element::read(&Cycle), Err(ReadError::TooDeep(_))));
    assert!(matches!(PassThrough::read(&Cycle), Err(ReadError::TooDeep(_))));
    assert_eq!(ToForm::from_json(&Cycle), None);
    assert_eq!(FromForm::from_json(&Cycle), None);
}

#[test]
fn passed_on_values_are_unchanged() {
    let json = json!({"b": null, "a": [1.5, -2.0, "x", "", true], "__proto__": {"x": 0.25}});
    let read = PassThrough::from_json(&json).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), json);
    let empty = json!({"empty": ""});
    assert_eq!(
        Option::<PassThrough>::from_member(&empty, "empty"),
        Some(PassThrough::Text(String::new())),
        "an empty text is passed on as well"
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        prop::sample::select(vec![
            "t",
            "id",
            "success",
            "paymentMethods",
            "paymentElements",
            "subPaymentElementView",
            "options",
            "codeFormViews",
            "displayType",
            "serverTime",
            "actionForm",
            "challengeWindowSize",
            "maxLength",
            "storedCard",
        ])
        .prop_map(String::from),
        "\\PC{0,4}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        prop::sample::select(vec!["submit", "token", "busy", "init", "SUCCESS"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// A value that was read is the same after writing and reading it again.
    #[test]
    fn no_value_breaks_the_reader(json in any_json()) {
        if let Some(answer) = GatewayAnswer::from_json(&json) {
            let written = serde_json::to_value(&answer).unwrap();
            prop_assert_eq!(GatewayAnswer::from_json(&written), Some(answer));
        }
        if let Some(message) = ToForm::from_json(&json) {
            let written = serde_json::to_value(&message).unwrap();
            prop_assert_eq!(ToForm::from_json(&written), Some(message));
        }
        if let Some(message) = FromForm::from_json(&json) {
            let written = serde_json::to_value(&message).unwrap();
            prop_assert_eq!(FromForm::from_json(&written), Some(message));
        }
        let _ = TokenAnswer::from_json(&json);
        let _ = PassThrough::from_json(&json);
    }
}
