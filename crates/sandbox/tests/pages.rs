//! The card frame, the bank and the shop over real HTTP.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use kassa_protocol::client::Operation::Submit;
use serde_json::{Value, json};
use support::{EXEMPT, GOOD, Sandbox, bank_submit, card, json_of};
use ureq::http::Response;

fn get(sandbox: &Sandbox, url: &str) -> (Response<()>, String) {
    let response = sandbox.agent.get(url).call().unwrap();
    let (head, mut body) = response.into_parts();
    (Response::from_parts(head, ()), body.read_to_string().unwrap())
}

fn press(sandbox: &Sandbox, url: &str, decision: &str) -> Response<ureq::Body> {
    sandbox.agent.post(url).send_form([("decision", decision)]).unwrap()
}

#[test]
fn the_card_form_names_the_merchants_origins() {
    let sandbox = Sandbox::start();
    let url = format!("{}/frame/card", sandbox.gateway);
    let (known, _) = get(&sandbox, &format!("{url}?client=SANDBOX_KASSA_DEMO"));
    let policy = known.headers()["content-security-policy"].to_str().unwrap();
    assert_eq!(
        policy,
        format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
             connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {} \
             https://shop.example http://localhost:* http://127.0.0.1:* https://localhost:* \
             https://127.0.0.1:*",
            sandbox.shop
        )
    );
    assert_eq!(known.headers()["x-content-type-options"], "nosniff");
    assert_eq!(known.headers()["referrer-policy"], "no-referrer");
    for query in ["", "?client=", "?client=NOBODY", "?client=%0d%0ax"] {
        let (unknown, _) = get(&sandbox, &format!("{url}{query}"));
        let policy = unknown.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.ends_with("frame-ancestors 'none'"), "{query}");
    }
}

#[test]
fn files_have_their_types_and_stay_in_their_folder() {
    let sandbox = Sandbox::start();
    let at = |path: &str| format!("{}{path}", sandbox.gateway);
    let (wasm, _) = get(&sandbox, &at("/frame/card.wasm"));
    assert_eq!(wasm.headers()["content-type"], "application/wasm");
    for path in
        ["/frame/../data/keys/gateway.private.pem", "/frame/..%2f..%2fdata", "/frame/.x", "/frame/"]
    {
        assert_eq!(get(&sandbox, &at(path)).0.status(), 404, "{path}");
    }
    let (script, _) = get(&sandbox, &format!("{}/assets/shop.js", sandbox.shop));
    assert_eq!(script.headers()["content-type"], "text/javascript; charset=utf-8");
    let (style, _) = get(&sandbox, &format!("{}/assets/shop.css", sandbox.shop));
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
    assert_eq!(get(&sandbox, &at("/healthz")).1, "ok\n");
}

#[test]
fn only_the_card_form_exchanges_cards() {
    let sandbox = Sandbox::start();
    let made = sandbox.card(json!({}));
    let url = format!("{}/frame/card/token", sandbox.gateway);
    for (origin, status) in [
        (&*sandbox.shop, 403),
        ("null", 403),
        ("https://evil.example", 403),
        (&*sandbox.gateway, 200),
    ] {
        let response = sandbox
            .agent
            .post(&url)
            .header("origin", origin)
            .send(card(&made, GOOD).to_string())
            .unwrap();
        assert_eq!(response.status(), status, "{origin}");
        assert!(!response.headers().contains_key("access-control-allow-origin"));
    }
}

#[test]
fn a_decision_is_final() {
    let sandbox = Sandbox::start();
    for (decision, then, status, code) in [
        ("approve", "decline", "SUCCESS", "SUCCESS"),
        ("decline", "approve", "FAIL", "USER_PAYMENT_VERIFICATION_FAILED"),
        ("leave", "leave", "PROCESSING", "PAYMENT_IN_PROCESS"),
    ] {
        let made = sandbox.session(json!({ "method": "ONLINEBANKING_FPX" }));
        let answer = sandbox.call(Submit, &bank_submit(&made, "a"));
        assert_eq!(answer["paymentStatus"], "PROCESSING");
        let url = answer["normalUrl"].as_str().unwrap();
        assert_eq!(answer["actionForm"]["redirectUrl"], url);
        assert_eq!(sandbox.query(&made)["normalUrl"], url, "the buyer can go on there");

        let (page, text) = get(&sandbox, url);
        assert_eq!(page.status(), 200);
        assert!(text.contains("MYR 42.00") && text.contains("Kassa Demo Shop"));
        let policy = page.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.contains(&format!("form-action 'self' {};", sandbox.shop)), "{policy}");
        for pressed in [decision, then] {
            let answer = press(&sandbox, url, pressed);
            assert_eq!(answer.status(), 303);
            let expected = format!("{}/result?order={}", sandbox.shop, made.order);
            assert_eq!(answer.headers()["location"], expected.as_str());
        }
        let now = sandbox.inquire(&made);
        assert_eq!(now["paymentStatus"], status);
        assert_eq!(now["paymentResultCode"], code);
        assert_eq!(now.get("normalUrl").is_some(), status == "PROCESSING");
    }
    assert_eq!(press(&sandbox, &format!("{}/bank/x", sandbox.gateway), "approve").status(), 404);
    let made = sandbox.session(json!({ "method": "ONLINEBANKING_FPX", "redirect": false }));
    let answer = sandbox.call(Submit, &bank_submit(&made, "a"));
    let url = answer["normalUrl"].as_str().unwrap();
    assert_eq!(press(&sandbox, url, "rob").status(), 400);
    assert_eq!(press(&sandbox, url, "approve").status(), 200, "nowhere to go back to");
}

#[test]
fn a_merchant_may_ask_for_3ds() {
    let sandbox = Sandbox::start();
    let wanted = json!({
        "paymentMethodMetaData": { "is3DSAuthentication": true },
        "metadata": { "sandbox": { "threeDS": "redirect" } },
    });
    let made = sandbox.session(wanted.clone());
    let answer = sandbox.pay(&made, "a", GOOD);
    assert_eq!(answer["paymentStatus"], "PROCESSING");
    assert_eq!(answer["challenge"], true);
    assert!(answer.get("normalUrl").is_none());
    assert_eq!(answer["actionForm"]["actionFormType"], "RedirectActionForm");
    let url = answer["actionForm"]["redirectUrl"].as_str().unwrap();
    let (_, text) = get(&sandbox, url);
    assert!(text.contains("0768") && !text.contains(GOOD));
    assert_eq!(sandbox.query(&made)["challenge"], true);
    press(&sandbox, url, "approve");
    let done = sandbox.inquire(&made);
    assert_eq!(done["paymentStatus"], "SUCCESS");
    assert!(done.get("challenge").is_none());
    assert_eq!(done["popRiskDecisionResultInfo"]["riskAuthDecision"], "3D");

    let exempt = sandbox.session(wanted);
    assert_eq!(sandbox.pay(&exempt, "a", EXEMPT)["paymentStatus"], "SUCCESS");
}

fn shop_policy(sandbox: &Sandbox) -> String {
    let gateway = &sandbox.gateway;
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         connect-src {gateway}; frame-src {gateway}; img-src 'self'; \
         require-trusted-types-for 'script'"
    )
}

fn place(sandbox: &Sandbox, form: &[(&str, &str)]) -> Response<ureq::Body> {
    sandbox.agent.post(format!("{}/orders", sandbox.shop)).send_form(form.to_vec()).unwrap()
}

#[test]
fn an_order_goes_through_the_shop() {
    let sandbox = Sandbox::start();
    let (home, text) = get(&sandbox, &format!("{}/", sandbox.shop));
    assert_eq!(home.headers()["content-security-policy"], shop_policy(&sandbox).as_str());
    assert!(text.contains("name=\"qty_sticker\"") && !text.contains("style="));

    let made = place(&sandbox, &[("qty_sticker", "1"), ("stay", "on"), ("display", "inline")]);
    assert_eq!(made.status(), 303);
    let path = made.headers()["location"].to_str().unwrap().to_owned();
    let order = path.rsplit('/').next().unwrap();
    let (page, text) = get(&sandbox, &format!("{}{path}", sandbox.shop));
    assert_eq!(page.headers()["content-security-policy"], shop_policy(&sandbox).as_str());
    for part in [
        "data-display=\"inline\"",
        "data-stay=\"true\"",
        "data-own-button=\"false\"",
        "data-environment=\"sandbox\"",
        "id=\"payment\"",
        "id=\"pay\"",
        "id=\"events\"",
        "type=\"module\" src=\"/assets/shop.js\"",
        "MYR 0.11",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let result = format!("{}/result?order={order}", sandbox.shop);
    let (unpaid, text) = get(&sandbox, &result);
    assert_eq!(unpaid.status(), 200);
    assert!(text.contains("data-scene=\"unpaid\""));

    let cdn = place(&sandbox, &[("qty_mug", "1"), ("integration", "cdn")]);
    let path = cdn.headers()["location"].to_str().unwrap().to_owned();
    assert!(path.starts_with("/cdn/checkout/"));
    let (_, text) = get(&sandbox, &format!("{}{path}", sandbox.shop));
    assert!(text.contains("src=\"/assets/kassa.js\"") && text.contains("/assets/shop-cdn.js"));

    let empty = place(&sandbox, &[("qty_mug", "0")]);
    assert_eq!(empty.status(), 422);
    let (lab, text) = get(&sandbox, &format!("{}/lab", sandbox.shop));
    assert_eq!(lab.headers()["content-security-policy"], shop_policy(&sandbox).as_str());
    assert!(text.contains("<div id=\"a\"></div>") && text.contains("<div id=\"b\"></div>"));
}

#[test]
fn the_result_page_shows_the_gateways_state() {
    let sandbox = Sandbox::start();
    for (decision, scene) in [("approve", "paid"), ("decline", "failed"), ("leave", "processing")] {
        let made = sandbox.session(json!({ "method": "ONLINEBANKING_FPX" }));
        let answer = sandbox.call(Submit, &bank_submit(&made, "a"));
        press(&sandbox, answer["normalUrl"].as_str().unwrap(), decision);
        let url = format!("{}/result?order={}&paymentStatus=SUCCESS", sandbox.shop, made.order);
        let (page, text) = get(&sandbox, &url);
        assert!(text.contains(&format!("data-scene=\"{scene}\"")), "{scene}");
        assert_eq!(page.headers().contains_key("refresh"), scene == "processing");
    }
    assert_eq!(get(&sandbox, &format!("{}/result", sandbox.shop)).0.status(), 404);
    assert_eq!(get(&sandbox, &format!("{}/result?order=x", sandbox.shop)).0.status(), 404);
}

#[test]
fn tools_create_sessions_and_inquire() {
    let sandbox = Sandbox::start();
    let made = sandbox.card(json!({}));
    sandbox.pay(&made, "a", GOOD);
    let url = format!("{}/api/payments/{}", sandbox.shop, made.request_id);
    let answer: Value = serde_json::from_str(&get(&sandbox, &url).1).unwrap();
    assert_eq!(answer["paymentStatus"], "SUCCESS");
    let mut refused = sandbox
        .agent
        .post(format!("{}/api/sessions", sandbox.shop))
        .header("content-type", "application/json")
        .send(json!({ "amount": "-1" }).to_string())
        .unwrap();
    assert_eq!(refused.status(), 422);
    assert_eq!(json_of(&mut refused)["result"]["resultCode"], "PARAM_ILLEGAL");
}

/// The metadata text of a preset's scenario.
fn metadata(scenario: &Value) -> Option<String> {
    (!scenario.is_null()).then(|| json!({ "sandbox": scenario }).to_string())
}

#[test]
fn every_preset_makes_its_session() {
    let sandbox = Sandbox::start();
    let read = |path: &str| -> Value {
        serde_json::from_str(&get(&sandbox, &format!("{}{path}", sandbox.shop)).1).unwrap()
    };
    let groups = read("/api/outcomes");
    // A desktop's method of each flow.
    let methods = [
        ("card", "CARD"),
        ("redirect", "ONLINEBANKING_FPX"),
        ("code", "KAKAOPAY"),
        ("counter", "KONBINI"),
        ("wait", "BLIK"),
    ];
    let phone = [("app", "DANA")];
    let mut tried = 0;
    let rows = groups.as_array().unwrap().iter();
    for row in rows.flat_map(|group| group["outcomes"].as_array().unwrap()) {
        let id = row["id"].as_str().unwrap();
        let flows = row["flows"].as_array().unwrap();
        for (agent, (flow, method)) in
            methods.map(|pair| ("", pair)).into_iter().chain(phone.map(|pair| ("iPhone", pair)))
        {
            let form = [("qty_beans", "1"), ("method", method), ("outcome", id)];
            let url = format!("{}/orders", sandbox.shop);
            let made = sandbox.agent.post(url).header("user-agent", agent).send_form(form).unwrap();
            let fits = flows.iter().any(|known| known == flow);
            assert_eq!(made.status(), if fits { 303 } else { 422 }, "{id} with {method}");
            if !fits {
                continue;
            }
            tried += 1;
            let path = made.headers()["location"].to_str().unwrap();
            let url = format!("{}{path}", sandbox.shop);
            let mut page = sandbox.agent.get(url).header("user-agent", agent).call().unwrap();
            let page = page.body_mut().read_to_string().unwrap();
            let data = page.split("data-session=\"").nth(1).unwrap().split('"').next().unwrap();
            let key = data.replace("&amp;", "&").replace("&#x2f;", "/").replace("&#x3d;", "=");
            let key = key.split("&&").next().unwrap().to_owned();
            let session = sandbox.app.store.run(|rows| rows.session(&key)).unwrap().unwrap();

            assert_eq!(session.metadata, metadata(&row["scenario"]), "{id}");
            assert_eq!(session.method.as_str(), method);
            assert_eq!(session.redirect_url.is_none(), id == "nowhere", "{id}");
            assert_eq!(session.stored_card.is_some(), id.starts_with("stored"), "{id}");
            assert_eq!(session.client_id == "KASSA_DEMO", id == "mixed-up", "{id}");
            let life = session.expires_at - session.created_at;
            assert_eq!(life < 60_000, id == "session-expires", "{id} {life}");
            assert!(page.contains("data-environment=\"sandbox\""), "{id}");
            let cvc = page.contains("data-needs-cvc=\"true\"");
            assert_eq!(cvc, id == "stored-cvc", "{id}");
            // The page has the same expected events as the first one.
            let plans = row["plans"].as_array().unwrap();
            let form = matches!(method, "CARD" | "KONBINI" | "BLIK");
            let fits = |plan: &&Value| plan["form"].is_null() || plan["form"] == form;
            let plan = plans.iter().filter(fits).find(|plan| plan["flow"] == flow).unwrap();
            let expected = page.split("data-code=\"").skip(1);
            let expected: Vec<_> = expected.map(|rest| rest.split('"').next().unwrap()).collect();
            assert_eq!(json!(expected), plan["leaving"], "{id} with {method}");
            assert!(expected.len() > 2);
        }
    }
    assert!(tried > 60, "{tried}");
}

#[test]
fn notifications_are_refused_as_often_as_chosen() {
    let sandbox = Sandbox::start();
    let form = [("qty_beans", "1"), ("outcome", "notification"), ("times", "1")];
    let made = place(&sandbox, &form);
    let order = made.headers()["location"].to_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let page = get(&sandbox, &format!("{}/checkout/{order}", sandbox.shop)).1;
    assert!(page.contains("notifications refused by the shop, each: 1"), "{page}");
}

#[test]
fn every_method_is_offered_under_its_country() {
    let sandbox = Sandbox::start();
    let (_, text) = get(&sandbox, &format!("{}/", sandbox.shop));
    let all = kassa_sandbox::domain::method::all().unwrap();
    for method in all {
        let radio = format!("name=\"method\" value=\"{}\"", method.as_str());
        assert_eq!(text.matches(&radio).count(), 1, "{radio}");
    }
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("no {what}"));
    assert!(at("<h3>Every country</h3>") < at("<h3>Several countries</h3>"));
    assert!(at("<h3>Several countries</h3>") < at("<h3>Austria</h3>"));
    assert!(at("<h3>South Korea</h3>") < at("value=\"KAKAOPAY\""));
    assert!(at("value=\"KAKAOPAY\"") < at("<h3>Spain</h3>"));
    assert!(text.contains("value=\"CARD\" checked"));

    // The query fills in the form, and after a mistake the rest of the form stays.
    let (_, text) = get(&sandbox, &format!("{}/?method=BLIK&outcome=late&stay=on", sandbox.shop));
    assert!(text.contains("value=\"BLIK\" checked") && text.contains("name=\"stay\" checked"));
    let mut wrong = place(
        &sandbox,
        &[("qty_beans", "99"), ("method", "KONBINI"), ("outcome", "pending"), ("theme", "night")],
    );
    assert_eq!(wrong.status(), 422);
    let text = wrong.body_mut().read_to_string().unwrap();
    assert!(text.contains("value=\"KONBINI\" checked") && text.contains("value=\"99\""));
    assert!(text.contains("value=\"night\" checked"));
}

#[test]
fn an_order_leads_to_its_simulator() {
    let sandbox = Sandbox::start();
    let made = sandbox.session(json!({ "method": "KAKAOPAY" }));
    let url = format!("{}/orders/{}/simulator", sandbox.shop, made.order);
    let led = || {
        let response = sandbox.agent.get(&url).call().unwrap();
        assert_eq!(response.status(), 303);
        response.headers()["location"].to_str().unwrap().to_owned()
    };
    let list = format!("{}/simulators", sandbox.gateway);
    assert_eq!(led(), list, "nothing is under way");
    let submit = json!({
        "paymentSessionData": made.data,
        "paymentMethod": { "paymentMethodType": "KAKAOPAY" },
        "extParams": { "attemptId": "a" },
    });
    sandbox.call(Submit, &submit);
    let page = led();
    assert_eq!(page, format!("{}/scan/{}", sandbox.gateway, sandbox.key(&made)));
    assert_eq!(get(&sandbox, &page).0.status(), 200);
    sandbox.decide(&made, &[("decision", "approve")]);
    assert_eq!(led(), list);
    let (unknown, _) = get(&sandbox, &format!("{}/orders/x/simulator", sandbox.shop));
    assert_eq!(unknown.status(), 404);
}
