//! Which address of an answer opens an app, on which device: the rule of `Target::app`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "in a test, a panic with a message is the report"
)]

mod support;

use kassa_core::machine::{Effect, Input, Screen};
use serde_json::json;
use support::{ANDROID, Driver};

const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148";
const DESKTOP: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";

/// The address to which a press sends the page, where an answer has this member and nothing else.
fn opened(member: &str, address: &str, user_agent: &str) -> Option<String> {
    let mut driver = Driver::new();
    driver.open(|request| request.browser.user_agent = user_agent.into());
    driver.answer(r#"{"success":true,"paymentMethods":[{"paymentMethodType":"GCASH"}]}"#);
    let answer = json!({"success": true, "paymentStatus": "PROCESSING", member: address});
    driver.answer(&answer.to_string());
    let Screen::App(_) = driver.machine.view().screen else { return None };
    driver.input(Input::AppPressed).into_iter().find_map(|effect| match effect {
        Effect::Navigate { target, .. } => Some(target.as_str().to_owned()),
        _ => None,
    })
}

#[test]
fn an_app_is_opened_by_its_scheme_on_phones_only_and_from_the_scheme_member_only() {
    let intent = "intent://pay#Intent;scheme=gcash;package=com.globe.gcash.android;end";
    for (address, is_app) in [
        ("gcash://pay?x=1", true),
        ("com.example-app+1:pay", true),
        (intent, true),
        ("intent://pay#Intent;scheme=gcash;end", false),
        ("javascript:alert(1)", false),
        ("ms-msdt:/id", false),
        ("search-ms:query=x", false),
        ("jar:https://x.example!/a", false),
        ("resource://x", false),
        ("tel:+1900", false),
        ("itms-services://?action=download-manifest", false),
        ("http://bank.example/", false),
    ] {
        let expected = is_app.then(|| address.to_owned());
        for phone in [ANDROID, IPHONE] {
            assert_eq!(opened("schemeUrl", address, phone), expected, "{address} on {phone}");
            assert_eq!(opened("applinkUrl", address, phone), None, "{address} as a web address");
        }
        for member in ["schemeUrl", "applinkUrl"] {
            assert_eq!(opened(member, address, DESKTOP), None, "{address} on a desktop");
        }
        for agent in [ANDROID, DESKTOP] {
            assert_eq!(opened("normalUrl", address, agent), None, "{address} as a page");
        }
    }
    // A web address that the app has claimed is a page where there is no app.
    for agent in [ANDROID, IPHONE, DESKTOP] {
        let address = "https://gcash.example/pay";
        assert_eq!(opened("applinkUrl", address, agent).as_deref(), Some(address));
    }
}
