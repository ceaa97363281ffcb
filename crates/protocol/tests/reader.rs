//! The reader is lenient: an unusual member counts as absent, and no value makes it panic, recurse
//! without end, or read without end.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "in a test, a panic with a message is the report"
)]

use kassa_protocol::client::{Element, GatewayAnswer, TokenAnswer};
use kassa_protocol::frame::{FromForm, ToForm};
use kassa_protocol::json::{
    self, FromMember, Limits, MAX_DEPTH, MAX_VALUE_TEXT, MAX_VALUES, ReadError, Source,
};
use kassa_protocol::{
    ChallengeWindowSize, DisplayType, EpochMillis, Json, PaymentStatus, WaitsFor,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn answer(json: &Value) -> GatewayAnswer {
    json::read(json).unwrap()
}

fn refused(json: &Value) -> ReadError {
    json::read::<GatewayAnswer>(json).unwrap_err()
}

#[test]
fn unknown_members_are_ignored() {
    let read = answer(&json!({
        "success": true,
        "unknown": {"success": false, "list": vec![0; 3_000]},
        "__proto__": 1
    }));
    assert_eq!(read, GatewayAnswer { success: true, ..GatewayAnswer::default() });
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
            assert_eq!(answer(&json), nothing, "{json}");
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
        assert_eq!(answer(&json), nothing, "{json}");
    }
}

#[test]
fn an_empty_text_counts_as_absent() {
    let read = answer(&json!({"errorCode": "", "normalUrl": "", "paymentStatus": ""}));
    assert_eq!(read, GatewayAnswer::default());
}

#[test]
fn whole_numbers_count_as_text() {
    let read = answer(&json!({
        "errorCode": 42,
        "serverTime": 1_700_000_000_000_u64,
        "paymentAmountView": {"currency": "MYR", "value": 4200},
        "challengeWindowSize": 2,
        "merchantName": -7,
        "attemptId": 1.5
    }));
    assert_eq!(read.refusal.error_code.as_deref(), Some("42"));
    assert_eq!(read.payment.server_time, Some(EpochMillis(1_700_000_000_000)));
    assert_eq!(read.offer.payment_amount_view.unwrap().value, "4200");
    assert_eq!(read.offer.merchant_name.as_deref(), Some("-7"));
    assert_eq!(read.payment.attempt_id, None, "no text has a fraction");
    assert_eq!(
        read.payment.challenge_window_size,
        Some(ChallengeWindowSize::Other("2".into())),
        "EMVCo's codes have two digits"
    );
}

#[test]
fn unknown_values_of_open_sets_are_kept() {
    let read = answer(&json!({
        "paymentStatus": "ON_THE_MOON",
        "waitsFor": "SUNRISE",
        "codeFormViews": [{"code": "1", "displayType": "HOLOGRAM"}]
    }));
    assert_eq!(read.payment.payment_status, Some(PaymentStatus::Other("ON_THE_MOON".into())));
    assert_eq!(read.payment.waits_for, Some(WaitsFor::Other("SUNRISE".into())));
    let code = read.payment.code_form_views.first().unwrap();
    assert_eq!(code.display_type, Some(DisplayType::Other("HOLOGRAM".into())));
    assert_eq!(code.display(), DisplayType::Text, "an unknown code is shown as text");
}

#[test]
fn items_of_another_kind_are_left_out() {
    let read = answer(&json!({"codeFormViews": [null, 1, "x", {"code": "1"}, []]}));
    assert_eq!(read.payment.code_form_views.len(), 1);
    assert_eq!(answer(&json!({"codeFormViews": [null]})), GatewayAnswer::default());
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
        let element: Element = json::read(&json!({"maxLength": value})).unwrap();
        assert_eq!(element.max_length, expected, "{value}");
    }
}

#[test]
fn only_objects_are_answers() {
    for json in [json!(null), json!([]), json!([{"success": true}]), json!("x"), json!(1)] {
        assert_eq!(refused(&json), ReadError::OtherKind, "{json}");
        assert_eq!(json::read::<TokenAnswer>(&json), Err(ReadError::OtherKind), "{json}");
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
        assert_eq!(refused(&json), ReadError::TooMany(list.into()));
    }
    for json in [
        json!({"codeFormViews": many(16)}),
        json!({"paymentMethods": [{"paymentElements": [{"options": many(2_000)}]}]}),
    ] {
        answer(&json);
    }
}

/// Lists inside of lists could hold more than any single limit allows.
#[test]
fn a_value_has_a_limited_size() {
    let fields: Vec<Value> = (0..64).map(|_| json!({"options": many(400)})).collect();
    let json = json!({"paymentMethods": [{"paymentElements": fields}]});
    assert_eq!(refused(&json), ReadError::TooManyValues);
    let longest = Value::Array(vec![Value::Null; MAX_VALUES as usize - 1]);
    assert!(json::read::<Json>(&longest).is_ok());
    let longer = Value::Array(vec![Value::Null; MAX_VALUES as usize]);
    assert_eq!(json::read::<Json>(&longer), Err(ReadError::TooManyValues));
}

fn nested(levels: usize, wrap: impl Fn(Value) -> Value) -> Value {
    (0..levels).fold(json!({}), |inner, _| wrap(inner))
}

#[test]
fn deep_nesting_is_refused_by_name() {
    let headings = |levels| nested(levels, |inner| json!({"subPaymentElementView": [inner]}));
    let json = |levels| json!({"paymentMethods": [{"paymentElements": [headings(levels)]}]});
    answer(&json(5));
    let error = ReadError::TooDeep("subPaymentElementView".into());
    assert_eq!(refused(&json(17)), error);
    assert_eq!(json::read::<Element>(&headings(17)), Err(error));
}

#[test]
fn passed_on_values_may_be_sixteen_levels_deep() {
    let depth = usize::from(MAX_DEPTH);
    for wrap in [|inner| json!({"a": inner}), |inner| json!([inner])] {
        let deepest = nested(depth - 1, wrap);
        let read: Json = json::read(&deepest).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), deepest);
        let deeper = nested(depth, wrap);
        assert!(matches!(json::read::<Json>(&deeper), Err(ReadError::TooDeep(_))));
    }
}

/// An object that contains itself in every member, as a merchant's object may.
struct Cycle;

impl Source for Cycle {
    fn tree(&self, name: &str, limits: &mut Limits) -> Json {
        if !limits.allow_value() || !limits.enter_object(name, 2) {
            return Json::Null;
        }
        let members = ["a", "paymentMethods"].map(|name| (name.into(), self.tree(name, limits)));
        limits.leave();
        Json::Object(members.into())
    }
}

/// A list of itself.
struct CyclicList;

impl Source for CyclicList {
    fn tree(&self, name: &str, limits: &mut Limits) -> Json {
        if !limits.allow_value() || !limits.enter_list(name, 2) {
            return Json::Null;
        }
        let items = [self.tree(name, limits), self.tree(name, limits)];
        limits.leave();
        Json::List(items.into())
    }
}

#[test]
fn reading_an_endless_value_ends() {
    assert!(matches!(json::read::<GatewayAnswer>(&Cycle), Err(ReadError::TooDeep(_))));
    assert!(matches!(json::read::<Json>(&Cycle), Err(ReadError::TooDeep(_))));
    assert!(matches!(json::read::<Json>(&CyclicList), Err(ReadError::TooDeep(_))));
    assert!(json::read::<ToForm>(&Cycle).is_err());
    assert!(json::read::<FromForm>(&Cycle).is_err());
}

#[test]
fn passed_on_values_are_unchanged() {
    let json = json!({"b": null, "a": [1.5, -2, 1e300, "x", "", true], "__proto__": {"x": 0.25}});
    let read: Json = json::read(&json).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), json);
    let parsed: Json = serde_json::from_value(json).unwrap();
    assert_eq!(parsed, read, "the sandbox reads the same");
    let empty: Json = json::read(&json!({"empty": ""})).unwrap();
    assert_eq!(
        Option::<Json>::from_member(&empty, "empty"),
        Some(Json::Text(String::new())),
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
        if let Ok(answer) = json::read::<GatewayAnswer>(&json) {
            let written = serde_json::to_value(&answer).unwrap();
            prop_assert_eq!(json::read(&written), Ok(answer));
        }
        if let Ok(message) = json::read::<ToForm>(&json) {
            let written = serde_json::to_value(&message).unwrap();
            prop_assert_eq!(json::read(&written), Ok(message));
        }
        if let Ok(message) = json::read::<FromForm>(&json) {
            let written = serde_json::to_value(&message).unwrap();
            prop_assert_eq!(json::read(&written), Ok(message));
        }
        if let Ok(value) = json::read::<Json>(&json) {
            let written = serde_json::to_value(&value).unwrap();
            prop_assert_eq!(json::read(&written), Ok(value));
        }
    }
}

#[test]
fn fields_have_a_limit_over_all_lists_and_levels() {
    let fields = |count| vec![json!({"paymentElementKey": "x"}); count];
    let form = |elements: &[Value]| json!({"paymentMethods": [{"paymentElements": elements}]});
    let group = |count| json!({"subPaymentElementView": fields(count)});
    let most = form(&[group(64), group(62)]);
    let read = answer(&most).offer.payment_methods;
    assert_eq!(read.first().unwrap().payment_elements.len(), 2);
    let over = refused(&form(&[group(64), group(63)]));
    assert_eq!(over, ReadError::TooMany("subPaymentElementView".into()), "129 fields");
    let methods = json!({"paymentMethods": vec![json!({"paymentElements": fields(43)}); 3]});
    assert_eq!(refused(&methods), ReadError::TooMany("paymentElements".into()), "129 fields");
    // 60 groups of 60 fields are within the number of values.
    let groups = refused(&form(&vec![group(60); 60]));
    assert_eq!(groups, ReadError::TooMany("subPaymentElementView".into()));
    assert_eq!(refused(&form(&fields(5_000))), ReadError::TooMany("paymentElements".into()));
}

#[test]
fn each_text_has_a_limit() {
    let longest = "x".repeat(MAX_VALUE_TEXT);
    let over = longest.clone() + "x";
    for name in ["title", "paramIllegalText", "pattern"] {
        let form = |text: &str| json!({"paymentMethods": [{"paymentElements": [{name: text}]}]});
        answer(&form(&longest));
        assert_eq!(refused(&form(&over)), ReadError::TooLongText(name.into()));
        assert_eq!(refused(&form(&"x".repeat(1 << 20))), ReadError::TooLongText(name.into()));
    }
    let options = json!({"paymentMethods": [{"paymentElements": [{"options": [{"text": over}]}]}]});
    assert_eq!(refused(&options), ReadError::TooLongText("text".into()));
    assert_eq!(
        refused(&json!({"codeFormViews": [{"code": over}]})),
        ReadError::TooLongText("code".into())
    );
}
