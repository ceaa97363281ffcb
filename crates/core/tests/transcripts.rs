//! Golden transcripts: what goes in and what comes out, flow by flow, as text that a person can
//! read. `UPDATE_EXPECT=1 cargo test -p kassa-core` writes them anew; read the difference.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in a test, dying with a message is the report"
)]

mod support;

use std::fmt::Write as _;
use std::rc::Rc;
use std::{env, fs, path::Path};

use kassa_core::answer::Reply;
use kassa_core::events::Facts;
use kassa_core::frame::FromFrame;
use kassa_core::machine::{Effect, Input};
use kassa_core::session::Metadata;
use support::{Driver, line};

#[test]
fn every_flow_reads_as_written() {
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

/// Plays the inputs of a transcript and writes it down with the effects that they have.
fn play(script: &str) -> String {
    // A transcript that answers `onBeforeSubmit` has one.
    let mut driver = Driver::with(script.contains("\n> guard "));
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
    let frame = |driver: &Driver, message| Input::Frame { frame: driver.frame.unwrap(), message };
    let talk = driver.talk.unwrap_or_default();
    let input = match (word, rest) {
        ("open", _) => {
            return driver.open(|opening| {
                opening.stay = !rest.contains("leaving");
                for word in rest.split(' ') {
                    match word.split_once('=') {
                        Some(("session", session)) => opening.session = session.into(),
                        Some(("metadata", "unreadable")) => {
                            opening.metadata = Metadata::Unreadable;
                        }
                        Some(("loading", "no")) => opening.looks.show_loading = false,
                        Some(("on", "phone")) => {
                            Rc::make_mut(&mut opening.browser).user_agent =
                                "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/130 Mobile".into();
                        }
                        Some(("on", "webview")) => {
                            opening.in_app = true;
                            Rc::make_mut(&mut opening.browser).user_agent =
                                "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/130 Mobile".into();
                        }
                        _ => {}
                    }
                }
            });
        }
        ("answer", json) => return driver.answer(json),
        ("answers", "html") => Input::Answered {
            call: driver.last_call(),
            reply: Reply { http: 502, result_status: None, trace: Some("t1".into()), body: None },
        },
        ("answers", status) => Input::Answered {
            call: driver.last_call(),
            reply: Reply {
                result_status: Some(status.into()),
                ..support::reply(r#"{"success":false}"#)
            },
        },
        ("breaks", _) => Input::CallFailed { call: driver.last_call() },
        ("time", _) => return driver.fire_next().expect("a timer runs"),
        ("wait", ms) => {
            driver.now += ms.parse::<u32>().unwrap();
            return vec![];
        }
        ("frame", "ready") => frame(driver, FromFrame::Ready),
        ("frame", "enter") => frame(driver, FromFrame::SubmitPressed),
        ("frame", "escape") => frame(driver, FromFrame::ClosePressed),
        ("frame", "invalid") => frame(driver, FromFrame::Invalid { id: talk }),
        ("frame", "missing") => frame(driver, FromFrame::Missing),
        ("frame", values) if values.starts_with('{') => {
            frame(driver, FromFrame::Values { id: talk, values: values.into() })
        }
        ("3ds", "done") => Input::Frame { frame: driver.window.unwrap(), message: FromFrame::Done },
        ("guard", answer) => {
            Input::Guarded { question: driver.question.unwrap(), answer: answer.into() }
        }
        ("app", _) => Input::AppPressed,
        ("check", _) => Input::CheckPressed,
        ("frame", "unreachable") => frame(driver, FromFrame::Unreachable { id: talk }),
        ("frame", "valid") => {
            frame(driver, FromFrame::Checked { id: driver.check.unwrap(), valid: true })
        }
        ("frame", "token") => frame(
            driver,
            FromFrame::Token {
                id: talk,
                token: "tok".into(),
                brand: "VISA".into(),
                last_four: "0768".into(),
            },
        ),
        ("frame", code) => frame(
            driver,
            FromFrame::Refused { id: talk, code: code.into(), message: String::new() },
        ),
        ("pay", _) => Input::PayPressed,
        ("submit", _) => {
            Input::Submit { ticket: driver.ticket(), billing_address: Facts::default() }
        }
        ("validate", _) => Input::Validate { ticket: driver.ticket() },
        ("close", _) => Input::ClosePressed,
        ("continue", _) => Input::ContinuePressed,
        ("browser", verdict) => {
            Input::Navigated { navigation: driver.navigation.unwrap(), taken: verdict == "goes" }
        }
        ("hidden", _) => Input::PageHidden,
        ("shown", restored) => Input::PageShown { restored: restored == "restored" },
        ("online", _) => Input::Online,
        ("unmount", _) => Input::Unmount,
        _ => panic!("no such step: {step}"),
    };
    driver.input(input)
}
