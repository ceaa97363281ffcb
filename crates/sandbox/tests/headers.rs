//! The security headers of every page, file and answer of the gateway.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::path::Path;

use kassa_protocol::client::Operation::{Query, Submit};
use kassa_sandbox::app::DEMO_CLIENT;
use kassa_sandbox::domain::merchant::Merchant;
use serde_json::{Value, json};
use support::{GOOD, Made, Sandbox, bank_submit, card, json_of};
use ureq::http::Response;

/// Which sites may show a document in a frame.
#[derive(Clone, Copy, PartialEq)]
enum FramedBy {
    Nobody,
    TheShop,
}

/// The value of one directive of the response's only policy.
fn directive(response: &Response<ureq::Body>, name: &str) -> Option<String> {
    let policies: Vec<_> = response.headers().get_all("content-security-policy").iter().collect();
    assert_eq!(policies.len(), 1, "one policy");
    let found: Vec<&str> = policies[0]
        .to_str()
        .unwrap()
        .split(';')
        .filter_map(|directive| directive.trim().strip_prefix(name)?.strip_prefix(' '))
        .collect();
    assert!(found.len() < 2, "{name} is there twice");
    found.first().map(|value| (*value).to_owned())
}

fn check(sandbox: &Sandbox, what: &str, response: &Response<ureq::Body>, framed_by: FramedBy) {
    let header = |name: &str| {
        response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    };
    assert_ne!(header("content-security-policy"), "", "{what}");
    assert_eq!(directive(response, "default-src").as_deref(), Some("'none'"), "{what}");
    assert_eq!(directive(response, "base-uri").as_deref(), Some("'none'"), "{what}");
    assert!(directive(response, "form-action").is_some(), "{what}");
    // The demo shop, an origin of the command line, and this machine.
    let merchants = format!(
        "{} https://shop.example http://localhost:* http://127.0.0.1:* https://localhost:* \
         https://127.0.0.1:*",
        sandbox.shop
    );
    let (ancestors, resource, embedder) = match framed_by {
        FramedBy::Nobody => ("'none'", "same-origin", ""),
        FramedBy::TheShop => (&*merchants, "cross-origin", "require-corp"),
    };
    assert_eq!(directive(response, "frame-ancestors").as_deref(), Some(ancestors), "{what}");
    assert_eq!(header("cross-origin-resource-policy"), resource, "{what}");
    assert_eq!(header("cross-origin-embedder-policy"), embedder, "{what}");
    assert_eq!(header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(header("referrer-policy"), "no-referrer", "{what}");
}

fn get(sandbox: &Sandbox, path: &str, status: u16, framed_by: FramedBy) {
    let response = sandbox.agent.get(format!("{}{path}", sandbox.gateway)).call().unwrap();
    assert_eq!(response.status(), status, "{path}");
    check(sandbox, path, &response, framed_by);
}

fn post(sandbox: &Sandbox, path: &str, decision: &str, status: u16, framed_by: FramedBy) {
    let url = format!("{}{path}", sandbox.gateway);
    let response = sandbox.agent.post(url).send_form([("decision", decision)]).unwrap();
    assert_eq!(response.status(), status, "{path}");
    check(sandbox, &format!("{path} {decision}"), &response, framed_by);
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn the_card_document_has_one_route() {
    let sandbox = Sandbox::start();
    for path in ["/frame/card.html", "/frame/card.HTML", "/frame/./card.html", "/frame//card.html"]
    {
        get(&sandbox, path, 404, FramedBy::Nobody);
    }
    get(&sandbox, &format!("/frame/card?client={DEMO_CLIENT}"), 200, FramedBy::TheShop);
    for query in ["", "?client=", "?client=NOBODY", "?client=%0d%0ax", "?client=a&client=b"] {
        let url = format!("{}/frame/card{query}", sandbox.gateway);
        let response = sandbox.agent.get(url).call().unwrap();
        check(&sandbox, query, &response, FramedBy::Nobody);
    }
}

#[test]
fn every_page_and_file_of_the_gateway_is_protected() {
    let sandbox = Sandbox::start();
    get(&sandbox, "/frame/warm", 200, FramedBy::TheShop);
    for file in names(&sandbox.folder().join("web/frame")) {
        let status = if file.ends_with(".html") { 404 } else { 200 };
        get(&sandbox, &format!("/frame/{file}"), status, FramedBy::Nobody);
    }
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/sim");
    for file in names(&templates) {
        let status = if file.ends_with(".html") { 404 } else { 200 };
        get(&sandbox, &format!("/sim/assets/{file}"), status, FramedBy::Nobody);
    }
    for (path, status) in [
        ("/simulators", 200),
        ("/simulators?format=json", 200),
        ("/scan", 200),
        ("/scan?code=x", 404),
        ("/healthz", 200),
        ("/favicon.ico", 204),
        ("/", 404),
        ("/nothing", 404),
        ("/mgw.htm", 405),
        ("/ams/api/v1/payments/inquiryPayment", 200),
        ("/frame/card/token", 405),
        ("/3ds/method/unknown", 404),
        ("/3ds/challenge/unknown", 404),
    ] {
        get(&sandbox, path, status, FramedBy::Nobody);
    }
}

#[test]
fn every_simulator_is_protected() {
    let sandbox = Sandbox::start();
    let redirect = |scenario: Value| {
        let made = sandbox.session(json!({
            "method": "ONLINEBANKING_FPX", "metadata": { "sandbox": scenario },
        }));
        sandbox.call(Submit, &bank_submit(&made, "a"));
        sandbox.key(&made)
    };
    for (folder, status) in
        [("bank", 303), ("wallet", 303), ("app", 303), ("push", 200), ("scan", 200), ("sim", 200)]
    {
        let key = redirect(json!({}));
        let path = format!("/{folder}/{key}");
        get(&sandbox, &path, 200, FramedBy::Nobody);
        get(&sandbox, &format!("/{folder}/unknown"), 404, FramedBy::Nobody);
        post(&sandbox, &path, "vanish", 200, FramedBy::Nobody);
        post(&sandbox, &path, "rob", 400, FramedBy::Nobody);
        post(&sandbox, &path, "approve", status, FramedBy::Nobody);
        get(&sandbox, &path, 200, FramedBy::Nobody);
    }
}

#[test]
fn issuer_pages_are_framed_by_the_sessions_merchant_only() {
    let sandbox = Sandbox::start();
    let made = sandbox.card(json!({ "threeDS": "method+frame" }));
    let state = sandbox.pay(&made, "a", GOOD);
    let method = state["threeDSMethodUrl"].as_str().unwrap().to_owned();
    get(&sandbox, &method, 200, FramedBy::TheShop);
    let key = method.rsplit('/').next().unwrap();
    let challenge = format!("/3ds/challenge/{key}");
    get(&sandbox, &challenge, 200, FramedBy::TheShop);
    post(&sandbox, &challenge, "vanish", 200, FramedBy::TheShop);
    post(&sandbox, &challenge, "approve", 200, FramedBy::TheShop);
    get(&sandbox, &challenge, 200, FramedBy::TheShop);

    // A challenge on a page of its own needs no frame.
    let made = sandbox.card(json!({ "threeDS": "redirect" }));
    let state = sandbox.pay(&made, "a", GOOD);
    let url = state["actionForm"]["redirectUrl"].as_str().unwrap();
    let path = url.strip_prefix(&sandbox.gateway).unwrap();
    get(&sandbox, path, 200, FramedBy::Nobody);
    post(&sandbox, path, "approve", 303, FramedBy::Nobody);

    // A payment that is no card payment has no issuer.
    let bank = sandbox.session(json!({ "method": "ONLINEBANKING_FPX" }));
    sandbox.call(Submit, &bank_submit(&bank, "a"));
    let key = sandbox.key(&bank);
    for folder in ["3ds/method", "3ds/challenge"] {
        get(&sandbox, &format!("/{folder}/{key}"), 404, FramedBy::Nobody);
    }
}

#[test]
fn every_answer_to_a_page_is_protected_also_with_a_fault() {
    let sandbox = Sandbox::start();
    for fault in ["ok", "500", "html", "truncated", "content-type", "empty", "status:1002"] {
        let made = sandbox.card(json!({ "faults": { "query": fault, "token": fault } }));
        let answer = sandbox.raw(Query, &json!({ "paymentSessionData": made.data })).unwrap();
        check(&sandbox, fault, &answer, FramedBy::Nobody);
        let url = format!("{}/frame/card/token", sandbox.gateway);
        let answer = sandbox.agent.post(url).send(card(&made, GOOD).to_string()).unwrap();
        check(&sandbox, fault, &answer, FramedBy::Nobody);
    }
}

fn token(sandbox: &Sandbox, made: &Made, client: Option<&str>) -> Value {
    let mut request = card(made, GOOD);
    match client {
        Some(client) => request["client"] = json!(client),
        None => drop(request.as_object_mut().unwrap().remove("client")),
    }
    let url = format!("{}/frame/card/token", sandbox.gateway);
    json_of(&mut sandbox.agent.post(url).send(request.to_string()).unwrap())
}

/// A registered merchant may frame the card form under its own id. Without this check it could give
/// that form another merchant's session and get a token for it.
#[test]
fn a_card_form_framed_by_one_merchant_makes_no_token_for_another() {
    let sandbox = Sandbox::start();
    let (merchant, _) = sandbox.app.merchant(DEMO_CLIENT).unwrap().unwrap();
    let other = Merchant { origins: vec!["https://other.example".parse().unwrap()], ..merchant };
    sandbox.app.register("OTHER", &other).unwrap();
    let made = sandbox.card(json!({}));
    for client in [Some("OTHER"), Some("NOBODY"), Some(""), None] {
        let refused = token(&sandbox, &made, client);
        assert_eq!(refused["success"], false, "{client:?}");
        assert_eq!(refused["errorCode"], "ACCESS_DENIED", "{client:?}");
    }
    assert_eq!(token(&sandbox, &made, Some(DEMO_CLIENT))["success"], true);
    // The address in the answer to the query names the session's merchant.
    let frame = sandbox.query(&made)["frameUrl"].as_str().unwrap().to_owned();
    assert_eq!(frame, format!("/frame/card?client={DEMO_CLIENT}"));
}
