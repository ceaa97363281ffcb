//! Limits of time and number of connections, over real sockets.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use kassa_protocol::client::Operation::Query;
use kassa_sandbox::domain::fault::FaultTarget;
use kassa_sandbox::serve::Limits;
use serde_json::json;
use support::program::{Started, command, ports};
use support::{Sandbox, agent, json_of, prepare, raw, until};

/// Limits that a test can wait for. Nothing else takes that long.
const SHORT: Limits = Limits {
    head: Duration::from_millis(700),
    body: Duration::from_millis(900),
    life: Duration::from_millis(2500),
    connections: 512,
};
/// How much later than its limit a connection may be closed on a busy machine.
const TOLERANCE: Duration = Duration::from_secs(10);

fn connect(origin: &str) -> TcpStream {
    let port = origin.rsplit(':').next().unwrap().parse::<u16>().unwrap();
    TcpStream::connect(("127.0.0.1", port)).unwrap()
}

/// Reads until the other side closes; the answer and the time that it took.
fn read_to_close(stream: &mut TcpStream) -> (String, Duration) {
    let begin = Instant::now();
    stream.set_read_timeout(Some(TOLERANCE)).unwrap();
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => answer.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
            Err(error) => panic!("still open: {error}"),
        }
    }
    (String::from_utf8(answer).unwrap(), begin.elapsed())
}

#[test]
fn a_connection_without_a_whole_head_is_closed() {
    let sandbox = Sandbox::with_limits(SHORT);
    let held = |origin: &str, begin: &str| {
        let mut stream = connect(origin);
        stream.write_all(begin.as_bytes()).unwrap();
        let (answer, time) = read_to_close(&mut stream);
        assert_eq!(answer, "", "{begin}");
        assert!(time >= SHORT.head / 2, "{begin}: {time:?}");
    };
    let dripping = |origin: &str| {
        let mut stream = connect(origin);
        let begin = Instant::now();
        // A letter now and then does not extend the time.
        while stream.write_all(b"G").is_ok() {
            assert!(begin.elapsed() < TOLERANCE, "still open");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    std::thread::scope(|scope| {
        for origin in [&sandbox.shop, &sandbox.gateway] {
            for begin in ["", "GET", "POST /mgw.htm HTTP/1.1\r\nhost: localhost\r\nx: "] {
                scope.spawn(move || held(origin, begin));
            }
            scope.spawn(move || dripping(origin));
        }
    });
}

#[test]
fn a_body_has_to_come_whole_in_time() {
    const FORM: &str = "application/x-www-form-urlencoded";
    let sandbox = Sandbox::with_limits(SHORT);
    let drip = |origin: &str, target: &str, kind: &str| {
        let mut stream = connect(origin);
        let head = format!(
            "POST {target} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {kind}\r\n\
             content-length: 1000\r\n\r\n[",
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut more = stream.try_clone().unwrap();
        let begin = Instant::now();
        let drip = std::thread::spawn(move || {
            // A letter now and then does not extend the time.
            while begin.elapsed() < TOLERANCE && more.write_all(b" ").is_ok() {
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        let (answer, time) = read_to_close(&mut stream);
        drip.join().unwrap();
        assert!(!answer.contains("\"success\":true"), "{target}: {answer}");
        assert!(time >= SHORT.body / 2, "{target}: {time:?} {answer}");
    };
    std::thread::scope(|scope| {
        for (origin, target, kind) in [
            (&sandbox.gateway, "/mgw.htm", FORM),
            (&sandbox.gateway, "/ams/api/v1/payments/inquiryPayment", FORM),
            (&sandbox.gateway, "/frame/card/token", FORM),
            (&sandbox.gateway, "/sim/x", FORM),
            (&sandbox.shop, "/notify", FORM),
            (&sandbox.shop, "/orders", FORM),
            (&sandbox.shop, "/api/sessions", "application/json"),
        ] {
            scope.spawn(move || drip(origin, target, kind));
        }
    });
}

#[test]
fn an_idle_connection_is_closed() {
    let sandbox = Sandbox::with_limits(SHORT);
    let mut stream = connect(&sandbox.shop);
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let (answer, time) = read_to_close(&mut stream);
    assert!(answer.ends_with("ok\n"), "{answer}");
    assert!(time >= SHORT.head / 2, "{time:?}");
}

/// Requests without a pause, each in time.
#[test]
fn a_connection_ends_after_its_life() {
    let sandbox = Sandbox::with_limits(SHORT);
    let mut stream = connect(&sandbox.shop);
    let begin = Instant::now();
    let mut answers = 0;
    let mut buffer = [0; 4096];
    while stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").is_ok() {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(_) => answers += 1,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}");
                break;
            }
        }
        assert!(begin.elapsed() < TOLERANCE, "still open");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(answers > 1 && begin.elapsed() >= SHORT.life / 2, "{answers} {:?}", begin.elapsed());
}

/// More half-sent requests than there may be connections, and than a process may usually have files.
#[test]
fn half_sent_requests_do_not_keep_others_out() {
    const HALF_SENT: usize = 1100;
    let own = u64::try_from(HALF_SENT).unwrap() + 200;
    let files = rlimit::increase_nofile_limit(own).unwrap();
    assert!(files >= own, "this test needs {own} open files, the system gives {files}");
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let port = ports();
    let program = command(folder.path(), port);
    // The usual limit of systems; a child has the parent's otherwise.
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "ulimit -n 1024 && exec \"$0\" \"$@\""])
        .arg(program.get_program())
        .args(program.get_args())
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let _program = Started::start(limited);
    let (shop, gateway) =
        (format!("http://localhost:{port}"), format!("http://127.0.0.1:{}", port + 1));
    // The kinds of half a request, without the head's end or without the body's.
    for half in [
        "POST /mgw.htm HTTP/1.1\r\nhost: localhost\r\ncontent-le",
        "POST /mgw.htm HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n[{",
    ] {
        for attacked in [&gateway, &shop] {
            let held: Vec<TcpStream> = (0..HALF_SENT)
                .map(|_| {
                    let mut stream = connect(attacked);
                    // The sandbox may have closed it already.
                    let _ = stream.write_all(half.as_bytes());
                    stream
                })
                .collect();
            let begin = Instant::now();
            for origin in [&shop, &gateway] {
                let answer = agent().get(format!("{origin}/healthz")).call().unwrap();
                assert_eq!(answer.status(), 200);
            }
            // A session needs both, and the data file.
            let made = support::made(&agent(), &shop, &json!({}));
            let query = json!({ "paymentSessionData": made.data });
            let state = json_of(&mut raw(&agent(), &gateway, Query, &query).unwrap());
            assert_eq!(state["success"], true);
            let time = begin.elapsed();
            assert!(time < Duration::from_secs(5), "{attacked} {half}: {time:?}");
            drop(held);
        }
    }
}

/// A connection whose request is being answered is not closed for another one.
#[test]
fn work_is_not_cut_short_for_other_connections() {
    let sandbox = Sandbox::with_limits(Limits { connections: 8, ..Limits::default() });
    let made = sandbox.card(json!({ "faults": { "query": "delay:1500" } }));
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| sandbox.query(&made));
        // The sandbox counts its calls, and those of this loop.
        let id = made.data.split("&&").next().unwrap();
        let mut counted = 0;
        until("the call", || {
            let count = sandbox.app.store.run(|rows| rows.count_call(id, FaultTarget::Query));
            counted += 1;
            count.unwrap() >= counted
        });
        let held: Vec<TcpStream> = (0..50).map(|_| connect(&sandbox.gateway)).collect();
        assert_eq!(slow.join().unwrap()["success"], true);
        drop(held);
    });
}
