//! Where notifications are sent, and who may use the shop's tools.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use kassa_sandbox::domain::session::{Session, id_of};
use serde_json::{Value, json};
use support::merchant::{call, code, message, myr, paid};
use support::{GOOD, Made, MerchantServer, Reply, Sandbox, json_of, until};

/// Addresses by which a merchant could reach the network of the sandbox, and the host in each.
const OTHERS: [(&str, &str); 12] = [
    ("https://shop.example/n", "shop.example"),
    ("https://10.0.0.1/n", "10.0.0.1"),
    ("https://192.168.0.1:8443/n", "192.168.0.1"),
    ("https://169.254.169.254/latest/meta-data", "169.254.169.254"),
    ("https://0.0.0.0/n", "0.0.0.0"),
    ("https://[fd00::1]/n", "[fd00::1]"),
    ("https://[fe80::1]/n", "[fe80::1]"),
    ("https://[::ffff:10.0.0.1]/n", "[::ffff:a00:1]"),
    ("https://167772161/n", "10.0.0.1"),
    ("https://012.0.0.1/n", "10.0.0.1"),
    ("https://0xa.0.0.1/n", "10.0.0.1"),
    ("https://localhost.example/n", "localhost.example"),
];

fn create(sandbox: &Sandbox, id: &str, notify_url: &str) -> Value {
    let body = json!({
        "productCode": "CASHIER_PAYMENT",
        "paymentRequestId": id,
        "order": { "referenceOrderId": id, "orderDescription": "x", "orderAmount": myr(4200) },
        "paymentAmount": myr(4200),
        "paymentMethod": { "paymentMethodType": "CARD" },
        "paymentNotifyUrl": notify_url,
    });
    call(sandbox, "createPaymentSession", &body)
}

/// A session whose notifications go to this address, also when the gateway would refuse it.
fn with_address(sandbox: &Sandbox, url: &str) -> Made {
    let made = sandbox.session(json!({}));
    let url = Some(url.parse().unwrap());
    let change = sandbox.app.store.run(|rows| {
        let session = rows.session(id_of(&made.data).unwrap())?.unwrap();
        rows.change_session(&Session { notify_url: url.clone(), ..session })
    });
    change.unwrap();
    made
}

/// The deliveries, as the shop's tool shows them.
fn tries(sandbox: &Sandbox, made: &Made) -> Value {
    let url = format!("{}/api/notifications/{}", sandbox.shop, made.request_id);
    json_of(&mut sandbox.agent.get(url).call().unwrap())["sent"][0]["tries"].clone()
}

#[test]
fn other_hosts_than_this_machine_are_refused_by_name() {
    let sandbox = Sandbox::start();
    let (_, payment) = paid(&sandbox, json!({}));
    for (url, host) in OTHERS {
        let refund = json!({
            "refundRequestId": "r", "paymentId": payment, "refundAmount": myr(1),
            "refundNotifyUrl": url,
        });
        for (answer, member) in [
            (create(&sandbox, "s", url), "paymentNotifyUrl"),
            (call(&sandbox, "refund", &refund), "refundNotifyUrl"),
        ] {
            assert_eq!(code(&answer), "PARAM_ILLEGAL", "{url}");
            let expected = format!("{member}: {host} is not this machine");
            assert!(message(&answer).starts_with(&expected), "{url}: {}", message(&answer));
            let switch = format!("--allow-notify-host {host}");
            assert!(message(&answer).ends_with(&switch), "{url}: {}", message(&answer));
        }
    }
    for url in ["http://localhost:3000/n", "http://127.0.0.1/n", "https://[::1]/n"] {
        assert_eq!(code(&create(&sandbox, url, url)), "SUCCESS");
    }
    // The tests' sandbox was started for this one.
    assert_eq!(code(&create(&sandbox, "on", "https://www.yourNotifyUrl/n")), "SUCCESS");
}

#[test]
fn a_stored_address_is_checked_before_each_delivery() {
    let sandbox = Sandbox::start();
    for (url, host) in OTHERS {
        let made = with_address(&sandbox, url);
        sandbox.pay(&made, "a", GOOD);
        until("a try", || !tries(&sandbox, &made)[0].is_null());
        let tried = tries(&sandbox, &made);
        assert_eq!(tried[0]["status"], Value::Null, "{tried}");
        let answer = tried[0]["answer"].as_str().unwrap();
        assert!(answer.contains(&format!("--allow-notify-host {host}")), "{url}: {answer}");
    }
}

#[test]
fn this_machine_is_notified_under_all_its_names() {
    let sandbox = Sandbox::start();
    let server = MerchantServer::open(Reply::Acknowledge);
    let port = server.origin.rsplit(':').next().unwrap();
    for (count, host) in (1..).zip(["localhost", "127.0.0.1"]) {
        let made = with_address(&sandbox, &format!("http://{host}:{port}/n"));
        sandbox.pay(&made, "a", GOOD);
        assert_eq!(server.wait_for(count).len(), count, "{host}");
    }
}

#[test]
fn redirects_of_notifications_are_not_followed() {
    let sandbox = Sandbox::start();
    let other = MerchantServer::open(Reply::Acknowledge);
    for status in [301, 302, 303, 307, 308] {
        let server =
            MerchantServer::open(Reply::Redirect(status, format!("{}/stolen", other.origin)));
        let made = with_address(&sandbox, &format!("{}/n", server.origin));
        sandbox.pay(&made, "a", GOOD);
        until("a try", || !tries(&sandbox, &made)[0].is_null());
        assert_eq!(tries(&sandbox, &made)[0]["status"], status);
    }
    assert!(other.received().is_empty());
}

/// A page of another site may resolve its own name to this machine (DNS rebinding). The browser then
/// sends that name.
#[test]
fn the_shops_tools_answer_requests_to_this_machine_only() {
    let sandbox = Sandbox::start();
    let made = sandbox.session(json!({}));
    let port = sandbox.shop.rsplit(':').next().unwrap();
    let get = |path: &str, host: &str| {
        let url = format!("{}{path}", sandbox.shop);
        sandbox.agent.get(url).header("host", host).call().unwrap().status().as_u16()
    };
    let post = |path: &str, host: &str, body: &str| {
        let request = sandbox.agent.post(format!("{}{path}", sandbox.shop));
        let request = request.header("host", host).header("content-type", "application/json");
        request.send(body).unwrap().status().as_u16()
    };
    let own = [format!("localhost:{port}"), format!("127.0.0.1:{port}")];
    let foreign = [format!("evil.example:{port}"), format!("localhost.evil.example:{port}")];
    for (hosts, expected) in [(&own, 200), (&foreign, 403)] {
        for host in hosts {
            for path in ["/api/methods", "/api/outcomes"] {
                assert_eq!(get(path, host), expected, "{path} {host}");
            }
            for tool in ["payments", "notifications"] {
                let path = format!("/api/{tool}/{}", made.request_id);
                assert_eq!(get(&path, host), expected, "{path} {host}");
            }
            assert_eq!(post("/api/sessions", host, "{}"), expected, "{host}");
            assert_eq!(post("/api/clock", host, "{\"advance\":1}"), expected, "{host}");
        }
    }
}
