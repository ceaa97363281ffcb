//! Notifications: the gateway's deliveries, and the demo shop's answers.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::time::{Duration, Instant};

use kassa_protocol::client::Operation::Submit;
use kassa_sandbox::app::DEMO_CLIENT;
use kassa_sandbox::notify::WAITS;
use kassa_sandbox::signature::{Envelope, SignatureError};
use kassa_sandbox::store::{Delivery, QueuedNotification};
use serde_json::{Value, json};
use support::{GOOD, Made, MerchantServer, Received, Reply, Sandbox, bank_submit, json_of, until};

/// A session whose notifications go to `server`; `more` is set in its request.
fn session(sandbox: &Sandbox, id: &str, server: &MerchantServer, more: Value) -> Made {
    let mut body = json!({
        "productCode": "CASHIER_PAYMENT",
        "paymentRequestId": id,
        "order": {
            "referenceOrderId": id,
            "orderDescription": "One thing",
            "orderAmount": { "currency": "MYR", "value": "4200" },
        },
        "paymentAmount": { "currency": "MYR", "value": "4200" },
        "paymentMethod": { "paymentMethodType": "CARD" },
        "paymentNotifyUrl": format!("{}/notifications?by=k%20g#here", server.origin),
        "metadata": "mine",
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    let answer = call(sandbox, "createPaymentSession", &body);
    let whole = answer["paymentSessionData"].as_str().expect("a session").to_owned();
    Made {
        data: whole.split("&&").take(3).collect::<Vec<_>>().join("&&"),
        whole,
        request_id: id.to_owned(),
        order: id.to_owned(),
    }
}

fn call(sandbox: &Sandbox, operation: &str, body: &Value) -> Value {
    let path = format!("/ams/api/v1/payments/{operation}");
    sandbox.signed(DEMO_CLIENT, &path, &body.to_string())
}

fn payment_id(sandbox: &Sandbox, made: &Made) -> String {
    let inquiry = call(sandbox, "inquiryPayment", &json!({ "paymentRequestId": made.request_id }));
    inquiry["paymentId"].as_str().unwrap().to_owned()
}

fn sent(sandbox: &Sandbox, made: &Made) -> Vec<(QueuedNotification, Vec<Delivery>)> {
    sandbox.app.store.run(|rows| rows.notifications(DEMO_CLIENT, &made.request_id)).unwrap()
}

/// The only notification about the session, once it was delivered so often.
fn only(sandbox: &Sandbox, made: &Made, tries: usize) -> (QueuedNotification, Vec<Delivery>) {
    until(&format!("{tries} tries"), || {
        sent(sandbox, made).first().is_some_and(|(_, tried)| tried.len() >= tries)
    });
    let mut all = sent(sandbox, made);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn verify(sandbox: &Sandbox, received: &Received) -> Result<(), SignatureError> {
    let envelope = Envelope {
        method: "POST",
        path: &received.path,
        client_id: received.header("client-id"),
        time: received.header("request-time"),
    };
    let key = sandbox.app.gateway_key.public().unwrap();
    envelope.verify(&received.body, received.header("signature"), &key)
}

#[test]
fn a_result_is_sent_at_once_and_signed() {
    let sandbox = Sandbox::start();
    let server = MerchantServer::open(Reply::Acknowledge);
    let made = session(&sandbox, "s", &server, json!({}));
    let begin = Instant::now();
    sandbox.pay(&made, "a", GOOD);
    let received = server.wait_for(1).remove(0);
    assert!(begin.elapsed() < Duration::from_secs(3), "{:?}", begin.elapsed());
    assert_eq!(received.path, "/notifications?by=k%20g");
    assert_eq!(received.header("client-id"), DEMO_CLIENT);
    assert_eq!(received.header("content-type"), "application/json; charset=UTF-8");
    assert_eq!(verify(&sandbox, &received), Ok(()));
    for spoilt in [
        Received { path: "/notifications".to_owned(), ..received.clone() },
        Received { body: [&received.body[..], b" "].concat(), ..received.clone() },
    ] {
        assert_eq!(verify(&sandbox, &spoilt), Err(SignatureError::Mismatch));
    }
    let body = received.json();
    assert_eq!(body["notifyType"], "PAYMENT_RESULT");
    assert_eq!(
        body["result"],
        json!({ "resultCode": "SUCCESS", "resultStatus": "S", "resultMessage": "Paid" })
    );
    assert_eq!(body["paymentRequestId"], "s");
    assert_eq!(body["paymentId"], payment_id(&sandbox, &made).as_str());
    assert_eq!(body["paymentAmount"], json!({ "currency": "MYR", "value": "4200" }));
    assert_eq!(body["paymentMethodType"], "CARD");
    assert_eq!(body["paymentResultInfo"]["lastFour"], "0768");
    assert_eq!(body["metadata"], "mine");
    assert!(body["paymentTime"].is_string() && body["paymentCreateTime"].is_string());

    // Acknowledged, it is never sent again.
    let (queued, tries) = only(&sandbox, &made, 1);
    assert_eq!((queued.due_at, tries[0].status), (None, Some(200)));
    assert!(queued.acknowledged_at.is_some());
    sandbox.app.clock.advance(Duration::from_secs(48 * 3600));
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(server.received().len(), 1);
}

#[test]
fn unacknowledged_notifications_are_repeated_by_the_published_plan() {
    let sandbox = Sandbox::start();
    let server = MerchantServer::open(Reply::With(503, "busy".to_owned()));
    let made = session(&sandbox, "s", &server, json!({}));
    sandbox.pay(&made, "a", GOOD);
    for (tries, wait) in (1..).zip(WAITS) {
        let (queued, tried) = only(&sandbox, &made, tries);
        assert_eq!(tried.len(), tries);
        let last = tried.last().unwrap();
        assert_eq!((last.status, &*last.answer), (Some(503), "busy"));
        let due = queued.due_at.expect("it is tried again");
        assert_eq!(due - last.at, wait, "after try {tries}");
        // The next delivery comes when it is due and not before.
        let left = u64::try_from(due - sandbox.app.clock.now()).unwrap();
        sandbox.app.clock.advance(Duration::from_millis(left.saturating_sub(1500)));
        std::thread::sleep(Duration::from_millis(150));
        assert_eq!(sent(&sandbox, &made)[0].1.len(), tries, "too early");
        sandbox.app.clock.advance(Duration::from_millis(1500));
    }
    let (queued, tried) = only(&sandbox, &made, 8);
    assert_eq!((queued.due_at, queued.acknowledged_at), (None, None), "given up");
    let all: i64 = tried.last().unwrap().at - tried[0].at;
    let plan: i64 = WAITS.iter().sum();
    assert!((plan..plan + 20_000).contains(&all), "{all}");
    server.set_reply(Reply::Acknowledge);
    sandbox.app.clock.advance(Duration::from_secs(7 * 24 * 3600));
    std::thread::sleep(Duration::from_millis(300));
    let received = server.received();
    assert_eq!(received.len(), 8);
    // The same bytes each time, with a signature for each time.
    for one in &received {
        assert_eq!(one.body, received[0].body);
        assert_eq!(verify(&sandbox, one), Ok(()));
    }
    assert_ne!(received[0].header("request-time"), received[7].header("request-time"));
}

#[test]
fn only_the_published_answer_stops_the_repetition() {
    let sandbox = Sandbox::start();
    let good = json!({ "result": { "resultCode": "SUCCESS", "resultStatus": "S" } }).to_string();
    let server = MerchantServer::open(Reply::With(200, "{\"ok\":true}".to_owned()));
    let made = session(&sandbox, "s", &server, json!({}));
    sandbox.pay(&made, "a", GOOD);
    let replies = [
        Reply::With(200, json!({ "result": { "resultCode": "SUCCESS" } }).to_string()),
        Reply::With(200, "SUCCESS".to_owned()),
        Reply::With(302, good.clone()),
        Reply::With(500, good.clone()),
        Reply::With(200, format!("{}{good}", " ".repeat(100_000))),
        Reply::Acknowledge,
    ];
    for (tries, reply) in (1..).zip(replies) {
        let (queued, _) = only(&sandbox, &made, tries);
        assert!(queued.due_at.is_some(), "after try {tries}");
        server.set_reply(reply);
        let left = queued.due_at.unwrap() - sandbox.app.clock.now();
        sandbox.app.clock.advance(Duration::from_millis(u64::try_from(left).unwrap()));
    }
    let (queued, tried) = only(&sandbox, &made, 7);
    assert_eq!(queued.due_at, None);
    assert!(queued.acknowledged_at.is_some());
    assert_eq!(
        tried.iter().map(|tried| tried.status).collect::<Vec<_>>(),
        [Some(200), Some(200), Some(200), Some(302), Some(500), None, Some(200)]
    );
}

#[test]
fn a_payments_notifications_keep_their_order() {
    let sandbox = Sandbox::start();
    let server = MerchantServer::open(Reply::With(500, String::new()));
    let made =
        session(&sandbox, "s", &server, json!({ "paymentFactor": { "captureMode": "MANUAL" } }));
    sandbox.pay(&made, "a", GOOD);
    let id = payment_id(&sandbox, &made);
    let amount = json!({ "currency": "MYR", "value": "4200" });
    let capture = json!({ "captureRequestId": "c", "paymentId": id, "captureAmount": amount });
    assert_eq!(call(&sandbox, "capture", &capture)["result"]["resultCode"], "SUCCESS");
    let elsewhere = MerchantServer::open(Reply::Acknowledge);
    let refund = json!({
        "refundRequestId": "r", "paymentId": id, "refundAmount": amount,
        "refundNotifyUrl": format!("{}/refunds", elsewhere.origin),
    });
    assert_eq!(call(&sandbox, "refund", &refund)["result"]["resultCode"], "SUCCESS");
    // A repeated call sends no second notification.
    assert_eq!(call(&sandbox, "refund", &refund)["result"]["resultCode"], "SUCCESS");
    server.wait_for(1);

    // Another payment does not wait for this one.
    let quick = MerchantServer::open(Reply::Acknowledge);
    let other = session(&sandbox, "t", &quick, json!({}));
    sandbox.pay(&other, "a", GOOD);
    quick.wait_for(1);
    assert_eq!(server.received().len(), 1);
    assert!(elsewhere.received().is_empty());

    server.set_reply(Reply::Acknowledge);
    sandbox.app.clock.advance(Duration::from_secs(121));
    let refunded = elsewhere.wait_for(1).remove(0);
    let received = server.received();
    let kinds: Vec<Value> =
        received.iter().map(|received| received.json()["notifyType"].clone()).collect();
    assert_eq!(kinds, ["PAYMENT_RESULT", "PAYMENT_RESULT", "CAPTURE_RESULT"]);
    let captured = received[2].json();
    assert_eq!(captured["captureRequestId"], "c");
    assert_eq!(captured["paymentId"], id.as_str());
    assert_eq!(captured["captureAmount"], amount);
    assert!(captured["captureId"].is_string() && captured["captureTime"].is_string());
    assert_eq!(verify(&sandbox, &received[2]), Ok(()));
    assert_eq!(refunded.path, "/refunds");
    assert_eq!(verify(&sandbox, &refunded), Ok(()));
    let refunded = refunded.json();
    assert_eq!(refunded["notifyType"], "REFUND_RESULT");
    assert_eq!(refunded["refundStatus"], "SUCCESS");
    assert_eq!(refunded["refundRequestId"], "r");
    assert_eq!(refunded["refundAmount"], amount);
    assert_eq!(sent(&sandbox, &made).len(), 3);
}

/// A merchant that was notified of a closed order is notified again when its money arrives.
#[test]
fn a_late_payment_is_notified_after_the_failure() {
    let sandbox = Sandbox::start();
    let made = sandbox.session(json!({
        "method": "PROMPTPAY", "closesInSeconds": 60, "notify": "never",
    }));
    let mut submit = bank_submit(&made, "a");
    submit["paymentMethod"]["paymentMethodType"] = json!("PROMPTPAY");
    sandbox.call(Submit, &submit);
    let key = sandbox.key(&made);
    sandbox.app.clock.advance(Duration::from_secs(61));
    until("the failure", || sent(&sandbox, &made).len() == 1);
    let url = format!("{}/sim/{key}", sandbox.gateway);
    sandbox.agent.post(url).send_form([("decision", "approve")]).unwrap();
    let queued: Vec<String> = sent(&sandbox, &made)
        .iter()
        .map(|(queued, _)| {
            let body: Value = serde_json::from_str(&queued.notification.body).unwrap();
            body["result"]["resultCode"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(queued, ["ORDER_IS_CLOSED", "SUCCESS"]);
}

#[test]
fn a_delivery_times_out_after_ten_seconds_and_delays_no_other_payment() {
    let sandbox = Sandbox::start();
    let silent = MerchantServer::open(Reply::Silence);
    let made = session(&sandbox, "s", &silent, json!({}));
    sandbox.pay(&made, "a", GOOD);
    silent.wait_for(1);
    let begin = Instant::now();
    let quick = MerchantServer::open(Reply::Acknowledge);
    let other = session(&sandbox, "t", &quick, json!({}));
    sandbox.pay(&other, "a", GOOD);
    quick.wait_for(1);
    assert!(begin.elapsed() < Duration::from_secs(5));
    let (queued, tries) = only(&sandbox, &made, 1);
    let taken = begin.elapsed();
    assert!((Duration::from_secs(8)..Duration::from_secs(15)).contains(&taken), "{taken:?}");
    assert_eq!(tries[0].status, None);
    assert_eq!(queued.due_at, Some(tries[0].at + WAITS[0]));
}

#[test]
fn failures_cancellations_and_pending_payments_are_notified() {
    let sandbox = Sandbox::start();
    let server = MerchantServer::open(Reply::Acknowledge);
    let fails =
        json!({ "metadata": json!({ "sandbox": { "result": "FRAUD_REJECT" } }).to_string() });
    let failed = session(&sandbox, "f", &server, fails);
    sandbox.pay(&failed, "a", GOOD);
    let queued = server.wait_for(1)[0].json();
    assert_eq!(queued["notifyType"], "PAYMENT_RESULT");
    assert_eq!(queued["result"]["resultCode"], "FRAUD_REJECT");
    assert_eq!(queued["result"]["resultStatus"], "F");
    assert!(queued.get("paymentTime").is_none());
    assert!(queued.get("actualPaymentAmount").is_none());

    let bank = json!({ "paymentMethod": { "paymentMethodType": "ONLINEBANKING_FPX" } });
    let cancelled = session(&sandbox, "c", &server, bank);
    sandbox.call(Submit, &bank_submit(&cancelled, "a"));
    call(&sandbox, "cancel", &json!({ "paymentRequestId": "c" }));
    let queued = server.wait_for(2)[1].json();
    assert_eq!(queued["paymentRequestId"], "c");
    assert_eq!(queued["result"]["resultCode"], "ORDER_IS_CANCELLED");
    assert_eq!(queued["result"]["resultStatus"], "F");

    let amount = json!({ "currency": "IDR", "value": "4200000" });
    let transfer = json!({
        "paymentMethod": { "paymentMethodType": "BANKTRANSFER_BNI" },
        "paymentAmount": amount,
        "order": { "referenceOrderId": "p", "orderDescription": "x", "orderAmount": amount },
    });
    let pending = session(&sandbox, "p", &server, transfer);
    let mut submit = bank_submit(&pending, "a");
    submit["paymentMethod"]["paymentMethodType"] = json!("BANKTRANSFER_BNI");
    sandbox.call(Submit, &submit);
    let id = payment_id(&sandbox, &pending);
    let queued = server.wait_for(3)[2].json();
    assert_eq!(queued["notifyType"], "PAYMENT_PENDING");
    assert_eq!(queued["result"]["resultStatus"], "S");
    assert_eq!(queued["paymentId"], id.as_str());
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(server.received().len(), 3, "and nothing else");
}

#[test]
fn changes_by_time_alone_are_notified() {
    let sandbox = Sandbox::start();
    let server = MerchantServer::open(Reply::Acknowledge);
    let closes = kassa_sandbox::clock::iso(sandbox.app.clock.now() + 300_000);
    let closing = session(
        &sandbox,
        "c",
        &server,
        json!({
            "paymentMethod": { "paymentMethodType": "ONLINEBANKING_FPX" },
            "paymentExpiryTime": closes,
        }),
    );
    sandbox.call(Submit, &bank_submit(&closing, "a"));
    let slow = session(
        &sandbox,
        "s",
        &server,
        json!({ "metadata": "{\"sandbox\":{\"pendingFor\":600000}}" }),
    );
    sandbox.pay(&slow, "a", GOOD);
    sandbox.app.clock.advance(Duration::from_secs(290));
    std::thread::sleep(Duration::from_millis(200));
    assert!(server.received().is_empty());
    sandbox.app.clock.advance(Duration::from_secs(11));
    let queued = server.wait_for(1)[0].json();
    assert_eq!(queued["paymentRequestId"], "c");
    assert_eq!(queued["result"]["resultCode"], "ORDER_IS_CLOSED");
    sandbox.app.clock.advance(Duration::from_secs(300));
    let queued = server.wait_for(2)[1].json();
    assert_eq!(queued["paymentRequestId"], "s");
    assert_eq!(queued["result"]["resultCode"], "SUCCESS");
}

#[test]
fn a_session_without_an_address_has_no_notifications() {
    let sandbox = Sandbox::start();
    let server = MerchantServer::open(Reply::Acknowledge);
    let made = session(&sandbox, "s", &server, json!({ "paymentNotifyUrl": null }));
    sandbox.pay(&made, "a", GOOD);
    assert!(sent(&sandbox, &made).is_empty());
}

fn tools(sandbox: &Sandbox, made: &Made) -> Value {
    let url = format!("{}/api/notifications/{}", sandbox.shop, made.request_id);
    json_of(&mut sandbox.agent.get(url).call().unwrap())
}

#[test]
fn the_shop_accepts_signed_notifications_only() {
    let sandbox = Sandbox::start();
    let made = sandbox.card(json!({}));
    sandbox.pay(&made, "a", GOOD);
    until("the shop", || tools(&sandbox, &made)["sent"][0]["state"] == "DELIVERED");
    let seen = tools(&sandbox, &made);
    assert_eq!(seen["sent"][0]["notifyType"], "PAYMENT_RESULT");
    assert_eq!(seen["sent"][0]["tries"][0]["status"], 200);
    let answer: Value =
        serde_json::from_str(seen["sent"][0]["tries"][0]["answer"].as_str().unwrap()).unwrap();
    assert_eq!(
        answer,
        json!({
            "result": {
                "resultCode": "SUCCESS", "resultStatus": "S", "resultMessage": "success",
            }
        })
    );
    assert_eq!(seen["received"].as_array().unwrap().len(), 1);
    assert_eq!(seen["received"][0]["arrivals"], 1);
    assert_eq!(seen["received"][0]["body"], seen["sent"][0]["body"]);
    let page = format!("{}/result?order={}", sandbox.shop, made.order);
    let page = sandbox.agent.get(page).call().unwrap().body_mut().read_to_string().unwrap();
    assert!(page.contains("PAYMENT_RESULT"), "{page}");

    // A repeated notification changes the count only; a wrong signature changes nothing.
    let path = format!("/notify?order={}", made.order);
    let body = seen["sent"][0]["body"].to_string();
    let post = |path: &str, client: &str, body: &str, key: &kassa_sandbox::keys::PrivateKey| {
        let time = "2026-11-22T06:29:01Z";
        let envelope = Envelope { method: "POST", path, client_id: client, time };
        let signature = envelope.sign(body.as_bytes(), key).unwrap();
        let answer = sandbox
            .agent
            .post(format!("{}{path}", sandbox.shop))
            .header("client-id", client)
            .header("request-time", time)
            .header("signature", &signature)
            .send(body)
            .unwrap();
        answer.status().as_u16()
    };
    let gateway = &sandbox.app.gateway_key;
    let other = kassa_sandbox::keys::PrivateKey::generate().unwrap();
    assert_eq!(post(&path, DEMO_CLIENT, &body, gateway), 200);
    assert_eq!(post(&path, DEMO_CLIENT, &body, &other), 401);
    assert_eq!(post("/notify?order=none", DEMO_CLIENT, &body, gateway), 400);
    assert_eq!(post("/notify", DEMO_CLIENT, &body, gateway), 400);
    assert_eq!(post(&path, "KASSA_DEMO", &body, gateway), 400, "another client's order");
    assert_eq!(post(&path, DEMO_CLIENT, "{}", gateway), 400);
    assert_eq!(post(&path, DEMO_CLIENT, "", gateway), 400);
    let unsigned = sandbox.agent.post(format!("{}{path}", sandbox.shop)).send(&body).unwrap();
    assert_eq!(unsigned.status(), 401);
    let seen = tools(&sandbox, &made);
    assert_eq!(seen["received"].as_array().unwrap().len(), 1);
    assert_eq!(seen["received"][0]["arrivals"], 2);
}

#[test]
fn a_tool_sets_the_notify_behaviour_and_moves_the_clock() {
    let sandbox = Sandbox::start();
    let late = sandbox.session(json!({ "notify": "late:2" }));
    let never = sandbox.session(json!({ "notify": "never" }));
    for made in [&late, &never] {
        sandbox.pay(made, "a", GOOD);
    }
    let move_clock = |advance: Value| {
        sandbox
            .agent
            .post(format!("{}/api/clock", sandbox.shop))
            .header("content-type", "application/json")
            .send(json!({ "advance": advance }).to_string())
            .unwrap()
    };
    for (tries, ms) in [(1, 120_000), (2, 600_000)] {
        for made in [&late, &never] {
            until("a refusal", || {
                tools(&sandbox, made)["sent"][0]["tries"].as_array().map_or(0, Vec::len) >= tries
            });
        }
        let before = sandbox.app.clock.now();
        let mut moved = move_clock(json!(ms));
        assert_eq!(moved.status(), 200);
        assert!(json_of(&mut moved)["now"].as_i64().unwrap() >= before + ms);
    }
    until("the third try", || tools(&sandbox, &late)["sent"][0]["state"] == "DELIVERED");
    let seen = tools(&sandbox, &late);
    assert_eq!(seen["received"][0]["arrivals"], 3);
    assert_eq!(seen["sent"][0]["tries"][1]["status"], 503);
    until("the third refusal", || {
        tools(&sandbox, &never)["sent"][0]["tries"].as_array().map_or(0, Vec::len) == 3
    });
    let seen = tools(&sandbox, &never);
    assert_eq!(seen["sent"][0]["state"], "WAITING");
    assert_eq!(seen["received"][0]["acknowledgedAt"], Value::Null);
    for bad in [json!(-1), json!("soon"), Value::Null] {
        assert!(move_clock(bad).status().is_client_error());
    }
    let answer = sandbox
        .agent
        .post(format!("{}/api/sessions", sandbox.shop))
        .header("content-type", "application/json")
        .send(json!({ "notify": "perhaps" }).to_string())
        .unwrap();
    assert_eq!(answer.status(), 422);
}
