//! Golden transcripts: the inputs of each flow and their effects, as readable text.
//! `UPDATE_EXPECT=1 cargo test -p kassa-core` writes them again; read the difference.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in a test, a panic with a message is the report"
)]

mod support;

use std::fmt::Write as _;
use std::{env, fs, path::Path};

use kassa_core::machine::{BeforeSubmit, Effect, Input, OpenRequest};
use kassa_core::reply::HttpReply;
use kassa_protocol::client::FormValues;
use kassa_protocol::frame::FromForm;
use kassa_protocol::json::ReadError;
use support::{ANDROID, Driver, broken, line, token, violation};

#[test]
fn every_flow_matches_its_transcript() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden");
    let mut seen = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "txt") {
            continue;
        }
        let expected = fs::read_to_string(&path).unwrap();
        let actual = play(&expected);
        if actual != expected {
            assert!(
                env::var_os("UPDATE_EXPECT").is_some(),
                "{} reads now:\n{actual}",
                path.file_name().unwrap().display()
            );
            fs::write(&path, actual).unwrap();
        }
        seen += 1;
    }
    assert!(seen >= 10, "only {seen} transcripts were found");
}

/// Plays the inputs of a transcript and writes them down with their effects.
fn play(script: &str) -> String {
    // A transcript that answers `onBeforeSubmit` has one.
    let mut driver = Driver::with(script.contains("\n> before-submit "));
    let mut out = String::new();
    for row in script.lines() {
        if row.starts_with('#') || row.is_empty() {
            writeln!(out, "{row}").unwrap();
        }
        let Some(step) = row.strip_prefix("> ") else { continue };
        writeln!(out, "{row}").unwrap();
        for effect in take(&mut driver, step) {
            writeln!(out, "  {}", line(&effect)).unwrap();
        }
    }
    out
}

fn take(driver: &mut Driver, step: &str) -> Vec<Effect> {
    let (word, rest) = step.split_once(' ').unwrap_or((step, ""));
    let input = match (word, rest) {
        ("open", options) => return driver.open(|request| set(request, options)),
        ("answer", json) => return driver.answer(json),
        ("answers", "html") => driver.answered(HttpReply {
            status: 502,
            result_status: None,
            trace_id: Some("t1".into()),
            answer: Err(ReadError::OtherKind),
        }),
        ("answers", status) => driver.answered(HttpReply {
            result_status: Some(status.into()),
            ..support::reply(r#"{"success":false}"#)
        }),
        // Whether the page has the buyer's activation when the gateway answers.
        ("activation", state) => {
            driver.activation = match state {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            };
            return vec![];
        }
        ("breaks", _) => broken(driver.last_call()),
        ("time", _) => return driver.fire_next().expect("a timer runs"),
        ("wait", ms) => {
            driver.now += ms.parse::<u32>().unwrap();
            return vec![];
        }
        ("form", message) => {
            let message = form_message(driver, message);
            return driver.form_message(message);
        }
        ("3ds", "done") => Input::ThreeDsFrameDone { frame: driver.three_ds_frame.unwrap() },
        ("before-submit", answer) => Input::BeforeSubmitAnswered {
            id: driver.before_submit.unwrap(),
            answer: BeforeSubmit::from(answer).into(),
        },
        ("policy", directive) => violation(directive == "frame-src", true),
        ("app", _) => Input::AppPressed,
        ("check", _) => Input::CheckPressed,
        ("pay", _) => Input::PayPressed,
        ("submit", _) => Input::Submit { promise: driver.promise(), billing_address: None },
        ("validate", _) => Input::Validate { promise: driver.promise() },
        ("close", _) => Input::ClosePressed,
        ("continue", _) => Input::ContinuePressed,
        ("browser", verdict) => Input::NavigationDone {
            navigation: driver.navigation.unwrap(),
            accepted: verdict == "accepts",
        },
        ("hidden", _) => Input::PageHidden,
        ("shown", restored) => Input::PageShown { restored: restored == "restored" },
        ("online", _) => Input::Online,
        ("unmount", _) => Input::Unmount,
        _ => panic!("no such step: {step}"),
    };
    driver.input(input)
}

fn set(request: &mut OpenRequest, options: &str) {
    request.stays_on_page = !options.contains("leaving");
    for option in options.split(' ') {
        match option.split_once('=') {
            Some(("session", session)) => request.session_data = session.into(),
            Some(("metadata", "unreadable")) => request.metadata = None,
            Some(("from", "click")) => request.is_from_click = true,
            Some(("loading", "no")) => request.appearance.show_loading = false,
            Some(("isolated", _)) => request.browser.is_isolated = true,
            Some(("on", "phone")) => request.browser.user_agent = ANDROID.into(),
            Some(("on", "webview")) => {
                request.is_app_webview = true;
                request.browser.user_agent = ANDROID.into();
            }
            _ => {}
        }
    }
}

fn form_message(driver: &Driver, message: &str) -> FromForm {
    let id = driver.form_submit.unwrap_or_default();
    match message {
        "broken" => FromForm::Broken { reason: "ReferenceError: URL is not defined".into() },
        "ready" => FromForm::Ready,
        "enter" => FromForm::SubmitPressed,
        "escape" => FromForm::ClosePressed,
        "invalid" => FromForm::Invalid { id },
        "unreachable" => FromForm::Unreachable { id },
        "valid" => FromForm::Checked { id: driver.last_check.unwrap(), valid: true },
        "token" => token(id, "tok"),
        values if values.starts_with('{') => {
            let values: FormValues = serde_json::from_str(values).expect("the transcript's JSON");
            FromForm::Values { id, values }
        }
        code => FromForm::Refused { id, code: code.into(), message: String::new() },
    }
}
