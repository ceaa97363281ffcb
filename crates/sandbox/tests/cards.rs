//! Cards: what the issuer checks, and cards that the gateway keeps, over real HTTP.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use kassa_protocol::client::Operation::{Inquire, Query, Submit};
use kassa_sandbox::app::DEMO_CLIENT;
use serde_json::{Value, json};
use support::{DECLINED, EXEMPT, GOOD, Made, Sandbox, card_submit, json_of};

fn get(sandbox: &Sandbox, path: &str) -> (String, String) {
    let mut page = sandbox.agent.get(format!("{}{path}", sandbox.gateway)).call().unwrap();
    assert_eq!(page.status(), 200, "{path}");
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    (policy, page.body_mut().read_to_string().unwrap())
}

fn press(sandbox: &Sandbox, path: &str, form: &[(&str, &str)]) -> (u16, String) {
    let url = format!("{}{path}", sandbox.gateway);
    let mut page = sandbox.agent.post(url).send_form(form.to_vec()).unwrap();
    (page.status().as_u16(), page.body_mut().read_to_string().unwrap())
}

fn report(sandbox: &Sandbox, made: &Made, indicator: &str) -> Value {
    let extras = json!({ "threeDSCompInd": indicator });
    sandbox.call(Inquire, &json!({ "paymentSessionData": made.data, "extParams": extras }))
}

#[test]
fn the_default_3ds_is_a_challenge_in_a_frame() {
    let sandbox = Sandbox::start();
    let wanted = json!({ "paymentMethodMetaData": { "is3DSAuthentication": true } });
    for (decision, status) in [("approve", "SUCCESS"), ("decline", "FAIL"), ("leave", "PROCESSING")]
    {
        let made = sandbox.session(wanted.clone());
        let state = sandbox.pay(&made, "a", GOOD);
        assert_eq!(state["paymentStatus"], "PROCESSING");
        assert_eq!(state["challenge"], true);
        assert_eq!(state["challengeWindowSize"], "02");
        assert!(state.get("actionForm").is_none() && state.get("normalUrl").is_none());
        let path = state["challengeUrl"].as_str().unwrap();
        assert!(path.starts_with("/3ds/challenge/"), "{path}");
        let (policy, text) = get(&sandbox, path);
        assert!(policy.contains("script-src 'self'"), "{policy}");
        assert!(text.contains("0768") && !text.contains(GOOD) && !text.contains("data-done"));
        let (answered, text) = press(&sandbox, path, &[("decision", decision)]);
        assert_eq!(answered, 200, "a frame does not go to the shop");
        assert!(text.contains("data-done"), "its part is over");
        let state = sandbox.inquire(&made);
        assert_eq!(state["paymentStatus"], status, "{decision}");
        assert_eq!(state.get("challengeUrl").is_some(), decision == "leave");
        if status == "SUCCESS" {
            assert_eq!(state["popRiskDecisionResultInfo"]["riskAuthDecision"], "3D");
        }
    }
    let made = sandbox.session(wanted.clone());
    let state = sandbox.pay(&made, "a", GOOD);
    let path = state["challengeUrl"].as_str().unwrap();
    let (_, text) = press(&sandbox, path, &[("decision", "vanish")]);
    assert!(!text.contains("data-done"), "a buyer who left reports no end");
    // Exempt and declined cards have no challenge.
    let exempt = sandbox.session(wanted.clone());
    assert_eq!(sandbox.pay(&exempt, "a", EXEMPT)["paymentStatus"], "SUCCESS");
    let declined = sandbox.session(wanted);
    assert_eq!(sandbox.pay(&declined, "a", DECLINED)["paymentStatus"], "FAIL");
}

#[test]
fn the_3ds_method_comes_first_and_is_reported_once() {
    let sandbox = Sandbox::start();
    for indicator in ["Y", "N"] {
        let made = sandbox.card(json!({ "threeDS": "method+frame", "challengeWindow": "01" }));
        let state = sandbox.pay(&made, "a", GOOD);
        let path = state["threeDSMethodUrl"].as_str().unwrap();
        assert!(state.get("challenge").is_none() && state.get("challengeUrl").is_none());
        let (_, text) = get(&sandbox, path);
        assert!(text.contains("data-done"));
        assert!(text.contains("src=\"/sim/assets/issuer.js\""));
        assert_eq!(sandbox.inquire(&made)["threeDSMethodUrl"], path, "asking alone moves nothing");
        let odd = report(&sandbox, &made, "yes");
        assert_eq!(odd["errorCode"], "PARAM_ILLEGAL");
        let reported = report(&sandbox, &made, indicator);
        assert!(reported.get("threeDSMethodUrl").is_none());
        assert_eq!(reported["challengeWindowSize"], "01");
        let path = reported["challengeUrl"].as_str().unwrap();
        let other = if indicator == "Y" { "N" } else { "Y" };
        assert_eq!(report(&sandbox, &made, other)["challengeUrl"], path);
        assert_eq!(sandbox.under_way(&made).unwrap()["threeDSCompInd"], indicator);
        press(&sandbox, path, &[("decision", "approve")]);
        assert_eq!(sandbox.inquire(&made)["paymentStatus"], "SUCCESS");
        assert_eq!(report(&sandbox, &made, other)["paymentStatus"], "SUCCESS");
    }
    // Without a 3DS method under way the report changes nothing.
    let idle = sandbox.card(json!({}));
    assert_eq!(report(&sandbox, &idle, "Y")["success"], true);
}

#[test]
fn a_scenario_chooses_the_kind_of_3ds() {
    let sandbox = Sandbox::start();
    let quiet = sandbox.card(json!({ "threeDS": "frictionless" }));
    let state = sandbox.pay(&quiet, "a", GOOD);
    assert_eq!(state["paymentStatus"], "SUCCESS");
    assert_eq!(state["popRiskDecisionResultInfo"]["riskAuthDecision"], "3D");

    let page = sandbox.card(json!({ "threeDS": "redirect" }));
    let state = sandbox.pay(&page, "a", GOOD);
    assert_eq!(state["challenge"], true);
    assert!(state.get("challengeUrl").is_none());
    let url = state["actionForm"]["redirectUrl"].as_str().unwrap();
    let back = sandbox.agent.post(url).send_form([("decision", "approve")]).unwrap();
    assert_eq!(back.status(), 303);
    assert_eq!(sandbox.inquire(&page)["paymentStatus"], "SUCCESS");

    let slow = sandbox.card(json!({ "threeDS": "frame", "pendingFor": 60_000 }));
    let state = sandbox.pay(&slow, "a", GOOD);
    press(&sandbox, state["challengeUrl"].as_str().unwrap(), &[("decision", "approve")]);
    let state = sandbox.inquire(&slow);
    assert_eq!(state["paymentStatus"], "PROCESSING");
    assert!(state.get("challenge").is_none(), "the buyer's part is complete");
}

#[test]
fn the_issuers_script_posts_to_one_origin() {
    let sandbox = Sandbox::start();
    let url = format!("{}/sim/assets/issuer.js", sandbox.gateway);
    let mut script = sandbox.agent.get(url).call().unwrap();
    assert_eq!(script.headers()["content-type"], "text/javascript; charset=utf-8");
    let text = script.body_mut().read_to_string().unwrap();
    assert!(text.contains("postMessage({ t: \"kassa:3ds\" }, origin)"));
    assert!(!text.contains("\"*\"") && !text.contains("'*'"));
}

fn exchange(sandbox: &Sandbox, made: &Made, stored: &str, cvc: Option<&str>) -> Value {
    let mut request = json!({ "session": made.data, "client": DEMO_CLIENT, "stored": stored });
    if let Some(cvc) = cvc {
        request["cvc"] = json!(cvc);
    }
    sandbox.exchange_card(&request)
}

#[test]
fn stored_cards_are_exchanged_like_typed_ones() {
    let sandbox = Sandbox::start();
    for (id, brand, last_four, status) in [
        ("SANDBOX_CARD_VISA", "VISA", "0768", "SUCCESS"),
        ("SANDBOX_CARD_MASTERCARD", "MASTERCARD", "4622", "SUCCESS"),
        ("SANDBOX_CARD_DECLINED", "VISA", "4822", "FAIL"),
        ("SANDBOX_CARD_3DS", "VISA", "0768", "PROCESSING"),
    ] {
        let made = sandbox.session(json!({ "paymentMethodId": id }));
        let query = sandbox.query(&made);
        assert_eq!(
            query["savedPaymentMethods"],
            json!([{
                "paymentMethodType": "CARD", "paymentMethodId": id,
                "paymentMethodDetail": { "brand": brand, "last4": last_four },
            }])
        );
        assert!(query["frameUrl"].is_string());
        let answer = exchange(&sandbox, &made, id, None);
        assert_eq!((&answer["brand"], &answer["lastFour"]), (&json!(brand), &json!(last_four)));
        let token = answer["cardToken"].as_str().unwrap();
        let state = sandbox.call(Submit, &card_submit(&made, "a", token));
        assert_eq!(state["paymentStatus"], status, "{id}");
        assert_eq!(state.get("challengeUrl").is_some(), id == "SANDBOX_CARD_3DS");
    }
}

#[test]
fn the_security_code_is_required_when_the_query_says_so() {
    let sandbox = Sandbox::start();
    let id = "SANDBOX_CARD_VISA";
    let made = sandbox.session(json!({ "paymentMethodId": id }));
    let query = |reported: Value| {
        let request = json!({ "paymentSessionData": made.data, "merchantAppointParam": reported });
        assert_eq!(sandbox.call(Query, &request)["success"], true, "{reported}");
    };
    query(json!({ "storedCard": { "needCVV": true } }));
    for cvc in [None, Some(""), Some("12"), Some("1234"), Some("abc")] {
        assert_eq!(exchange(&sandbox, &made, id, cvc)["errorCode"], "INVALID_CVV", "{cvc:?}");
    }
    assert_eq!(exchange(&sandbox, &made, id, Some("123"))["success"], true);
    // The last query counts; the flag may be text.
    for (reported, asks) in [
        (json!({ "storedCard": { "needCVV": "true" } }), true),
        (json!({ "storedCard": {} }), false),
        (json!({ "storedCard": { "needCVV": "true" } }), true),
        (Value::Null, false),
        (json!([7]), false),
    ] {
        query(reported.clone());
        assert_eq!(exchange(&sandbox, &made, id, None)["success"], !asks, "{reported}");
    }
    // A card of another session, or one that does not exist.
    for stored in ["SANDBOX_CARD_DECLINED", "CARD_OF_NOBODY"] {
        assert_eq!(exchange(&sandbox, &made, stored, None)["errorCode"], "PARAM_ILLEGAL");
    }
    let typed = sandbox.card(json!({}));
    assert_eq!(exchange(&sandbox, &typed, id, Some("123"))["errorCode"], "PARAM_ILLEGAL");
    assert!(sandbox.query(&typed).get("savedPaymentMethods").is_none());
    // A buyer may take another card than the stored one.
    assert_eq!(sandbox.pay(&made, "a", GOOD)["paymentStatus"], "SUCCESS");
    for card in [
        json!({ "paymentMethodId": "CARD_OF_NOBODY" }),
        json!({ "method": "GCASH", "paymentMethodId": id }),
        json!({ "paymentMethodId": "x".repeat(129) }),
    ] {
        let mut refused = sandbox
            .agent
            .post(format!("{}/api/sessions", sandbox.shop))
            .header("content-type", "application/json")
            .send(card.to_string())
            .unwrap();
        let answer = json_of(&mut refused);
        assert_eq!(answer["result"]["resultCode"], "PARAM_ILLEGAL");
        let message = answer["result"]["resultMessage"].as_str().unwrap();
        assert!(message.contains("paymentMethod.paymentMethodId"), "{message}");
    }
}

#[test]
fn a_merchants_page_may_preload_the_card_form() {
    let sandbox = Sandbox::start();
    let (policy, text) = get(&sandbox, "/frame/warm");
    assert!(
        policy.starts_with("default-src 'none'")
            && policy.contains(&format!("frame-ancestors {} ", sandbox.shop))
    );
    for file in ["card.js", "card.css", "card.wasm"] {
        assert!(text.contains(&format!("rel=\"preload\" href=\"/frame/{file}\"")), "{file}");
    }
    assert!(!text.contains("<script") && !text.contains("<form"));
}
